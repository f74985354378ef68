import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type * as Scope from "effect/Scope"
import { makeFlights } from "./flights.js"
import { accept, follow, type OffsetList } from "./offsetList.js"
import type { FetchedPage, Page } from "./page.js"

/** Checks whether a page after the end that another page reported agrees that the list has ended. */
const agreesOnEnd = <A, E>(page: Either.Either<Page<A>, E>): boolean =>
  Either.match(page, { onLeft: () => true, onRight: ({ hasMore, items }) => !hasMore && items.length === 0 })

/** A page, and whether the list continues in a way that allows parallel requests. */
interface Landed<A> {
  readonly page: FetchedPage<A>
  readonly goesOn: boolean
}

/**
 * Creates a function like `follow` that requests `parallel` pages at a time, as long as pages are full and continue each other.
 *
 * @internal
 */
export const makeParallel = <A, E, R>(
  list: OffsetList<A, E, R>,
  parallel: number,
  scope: Scope.Scope
): ((end: number) => Effect.Effect<Landed<A>, E, R>) => {
  const flights = makeFlights((end: number) => list.fetchAt(end - 1), scope)

  const alone = (end: number, step: number): Effect.Effect<Landed<A>, E, R> =>
    Effect.zipRight(
      flights.ground,
      Effect.map(follow(list, end, step), (page) => ({ page, goesOn: false }))
    )

  return (end) =>
    Effect.gen(function* () {
      yield* flights.launch(Array.from({ length: parallel }, (_, index) => end + index * (list.limit - 1)))
      const landed = yield* flights.land(end)
      if (Either.isLeft(landed)) return yield* alone(end, 0)
      const page = landed.right
      const joint = list.trail.jointOf(page)
      if (joint < 0) return yield* alone(end, 1)
      const isEndDoubted = !page.hasMore && (list.isRequired || !(yield* flights.landAll).every(agreesOnEnd))
      const accepted = yield* accept(list, { page, offset: end - 1, joint }, isEndDoubted)
      const goesOn = page.hasMore && page.items.length === list.limit && accepted.overlap === "proven"
      if (!goesOn) yield* flights.ground
      return { page: accepted, goesOn }
    })
}
