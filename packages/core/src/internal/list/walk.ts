import type * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import { constTrue } from "effect/Function"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { AvaraError, BrokenPagination } from "../../AvaraError.js"
import { makeHandoff } from "./handoff.js"
import { makeIdSet } from "./idSet.js"
import type { FetchedPage, FetchPage, Options, StreamedPage } from "./page.js"
import { reachTheWire } from "./reachTheWire.js"
import { breachOf, broken, failureAt, firstPlace, nextPlace, type Place, withoutRepeated } from "./rules.js"
import { makeTextSet } from "./textSet.js"

const isNewItem = <A>({ idOf, seen }: Options<A>): ((item: A) => boolean) => {
  if (idOf === undefined) return constTrue
  const ids = makeIdSet(seen)
  return (item) => ids.add(idOf(item))
}

/**
 * Streams the result of `emit` for each page, to the end of the list. It requests the next page before it emits a page, so that the server
 * works while the consumer does. It never reads more than one page ahead.
 *
 * @internal
 */
export const walk = <A, B, E extends AvaraError, R>(
  fetch: FetchPage<A, E, R>,
  options: Options<A>,
  emit: (page: StreamedPage<A>) => Chunk.Chunk<B>
): Stream.Stream<B, E | BrokenPagination, R> =>
  Stream.unwrapScoped(
    Effect.gen(function* () {
      const scope = yield* Effect.scope
      const isNew = isNewItem(options)
      const asked = makeTextSet()
      if (options.cursor !== undefined) asked.add(options.cursor)

      const fetched = makeHandoff<Exit.Exit<FetchedPage<A>, E | BrokenPagination>>()

      const request = (place: Place) =>
        fetch(place.cursor).pipe(
          Effect.mapError(failureAt(place)),
          Effect.exit,
          Effect.map(fetched.put),
          Effect.forkIn(scope)
        )

      const read = (place: Place) =>
        Effect.gen(function* () {
          const { overlap, ...whole } = yield* Effect.flatten(fetched.take)
          const page = withoutRepeated(whole, isNew)
          const isRepeated = page.cursor !== undefined && !asked.add(page.cursor)
          const breach = breachOf({ ...page, overlap }, place, isRepeated, options)
          if (breach !== undefined) return yield* broken(options.operation, breach, page, place)
          const next = nextPlace(place, page)
          if (next === undefined) return [emit(page), Option.none()] as const
          yield* request(next)
          yield* reachTheWire
          return [emit(page), Option.some(next)] as const
        })

      const first = firstPlace(options.cursor)
      yield* request(first)
      return Stream.paginateChunkEffect(first, read)
    })
  )
