import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import { makeFlights } from "./flights.js"
import { encodeOffset, offsetOf } from "./offsetCursor.js"
import type { FetchedPage, FetchPage, Page } from "./page.js"
import { makeTrail, type Trail } from "./trail.js"

/** @internal */
export interface OverlapOptions<A> {
  /** How many items to ask a page for, at least 2. */
  readonly limit: number
  /** How many pages to ask for at a time. */
  readonly parallel: number
  /** Whether cursors that are not offsets break the list; without it, such a list is read unchecked. */
  readonly isRequired: boolean
  readonly idOf: (item: A) => string
  readonly cursor?: string | undefined
  /** The last item that an earlier walk read before `cursor`, and all of its items. */
  readonly after?: string | undefined
  readonly seen?: Iterable<string> | undefined
}

/** A list whose cursors are offsets, as far as it was read. */
interface OffsetList<A, E, R> {
  readonly limit: number
  readonly isRequired: boolean
  readonly trail: Trail<A>
  /** Whether a page at the list's beginning misses nothing, even if all that was read is gone. */
  readonly isWhole: boolean
  readonly fetchAt: (offset: number) => Effect.Effect<FetchedPage<A>, E, R>
}

/** A page that continues what was read. */
interface Continuation<A> {
  readonly page: Page<A>
  readonly offset: number
  /** The index of the last item of the page that was read before, or -1. */
  readonly joint: number
}

/** A page whose cursor is no offset. */
const unchecked = <A>(page: Page<A>, isRequired: boolean): FetchedPage<A> =>
  isRequired ? { ...page, overlap: "unverifiable" } : page

/** Whether the page that follows holds nothing but the list's last item. */
const isProvenEnd = <A, E, R>({ fetchAt, trail }: OffsetList<A, E, R>, end: number): Effect.Effect<boolean, E, R> =>
  Effect.map(fetchAt(end - 1), ({ hasMore, items }) => !hasMore && items.length === 1 && trail.isLast(items[0]))

/** Takes a page for read. If the page's word that the list ends is doubted, asks for what follows. */
const accept = <A, E, R>(
  list: OffsetList<A, E, R>,
  { joint, offset, page }: Continuation<A>,
  isEndDoubted: boolean
): Effect.Effect<FetchedPage<A>, E, R> =>
  Effect.suspend(() => {
    const items = list.trail.extend(page, joint)
    const end = offset + page.items.length
    const next = encodeOffset(end)
    if (page.hasMore && page.cursor && page.cursor !== next)
      return Effect.succeed(unchecked({ ...page, items }, list.isRequired))
    const proven: FetchedPage<A> = { ...page, items, overlap: "proven" }
    // Nothing but the item that it shares with the page before it.
    const isProof = page.items.length === 1 && items.length === 0
    return page.hasMore || !isEndDoubted || isProof || end === 0
      ? Effect.succeed(proven)
      : Effect.map(isProvenEnd(list, end), (isEnd) => (isEnd ? proven : { ...proven, hasMore: true, cursor: next }))
  })

const maxSteps = 7

/** How far before its offset a page is looked for: one item, then 1, 2, 4 ... half pages more, at most 32 pages. */
const distanceOf = (step: number, limit: number): number =>
  1 + (step === 0 ? 0 : Math.floor(limit / 2) * 2 ** (step - 1))

/** The page that continues what was read to an offset, looked for in ever longer steps back. */
const follow = <A, E, R>(list: OffsetList<A, E, R>, end: number, step: number): Effect.Effect<FetchedPage<A>, E, R> => {
  const offset = Math.max(0, end - distanceOf(step, list.limit))
  return Effect.flatMap(list.fetchAt(offset), (page) => {
    const joint = list.trail.jointOf(page)
    if (joint >= 0 || (offset === 0 && list.isWhole)) return accept(list, { page, offset, joint }, list.isRequired)
    if (offset === 0 || step === maxSteps) return Effect.succeed<FetchedPage<A>>({ ...page, overlap: "shiftedList" })
    return follow(list, end, step + 1)
  })
}

/** Whether a page behind the end that another one saw knows of no end, too. */
const agreesOnEnd = <A, E>(page: Either.Either<Page<A>, E>): boolean =>
  Either.match(page, { onLeft: () => true, onRight: ({ hasMore, items }) => !hasMore && items.length === 0 })

/** A page that may be the last of those that were asked for at a time. */
interface Landed<A> {
  readonly page: FetchedPage<A>
  readonly isAhead: boolean
}

/** Follows a list with several pages on their way, for as long as they are full and continue each other. */
const makeAhead = <A, E, R>(list: OffsetList<A, E, R>, parallel: number, scope: Scope.Scope) => {
  const flights = makeFlights((end: number) => list.fetchAt(end - 1), scope)

  const launchFrom = (end: number) =>
    flights.launch(Array.from({ length: parallel }, (_, index) => end + index * (list.limit - 1)))

  return (end: number): Effect.Effect<Landed<A>, E, R> =>
    Effect.gen(function* () {
      yield* launchFrom(end)
      const landed = yield* flights.land(end)
      const page = Option.getOrUndefined(Either.getRight(landed))
      const joint = page === undefined ? -1 : list.trail.jointOf(page)
      if (page === undefined || joint < 0) {
        yield* flights.ground
        return { page: yield* follow(list, end, page === undefined ? 0 : 1), isAhead: false }
      }
      const isEndDoubted = !page.hasMore && (list.isRequired || !(yield* flights.landAll).every(agreesOnEnd))
      const accepted = yield* accept(list, { page, offset: end - 1, joint }, isEndDoubted)
      const isAhead = page.hasMore && page.items.length === list.limit
      yield* isAhead && accepted.overlap === "proven" ? launchFrom(end + list.limit - 1) : flights.ground
      return { page: accepted, isAhead }
    })
}

/**
 * Checks each page of a list whose cursors turn out to be offsets against the pages before it.
 *
 * Asks for each page one item early, so that it begins with an item that was read. As long as items keep their order, no item that was
 * there all the time is missing then. A page that begins with another item shows that the list moved: the walk steps back until it finds
 * an item that it has read, and continues from there.
 *
 * @internal
 */
export const makeOverlap = <A, E, R>(
  fetch: FetchPage<A, E, R>,
  options: OverlapOptions<A>,
  scope: Scope.Scope
): FetchPage<A, E, R> => {
  const { after, cursor: start, idOf, isRequired, limit, parallel, seen } = options
  const trail = makeTrail(idOf, start === undefined || after === undefined ? undefined : { after, seen })
  const list: OffsetList<A, E, R> = {
    limit,
    isRequired,
    trail,
    isWhole: start === undefined || (after !== undefined && seen !== undefined),
    fetchAt: (offset) => fetch(offset === 0 ? undefined : encodeOffset(offset))
  }
  const followAhead = makeAhead(list, parallel, scope)
  let isAhead = parallel > 1
  let isOffset = true

  const next = (cursor: string | undefined): Effect.Effect<FetchedPage<A>, E, R> => {
    if (!isOffset) return fetch(cursor)
    const offset = cursor === undefined ? Option.some(0) : offsetOf(cursor)
    if (Option.isNone(offset)) return Effect.map(fetch(cursor), (page) => unchecked(page, isRequired))
    if (cursor === undefined || offset.value === 0 || trail.isEmpty()) {
      return Effect.flatMap(fetch(cursor), (page) =>
        accept(list, { page, offset: offset.value, joint: -1 }, isRequired && cursor !== undefined)
      )
    }
    return isAhead
      ? Effect.map(followAhead(offset.value), (landed) => {
          isAhead = landed.isAhead
          return landed.page
        })
      : follow(list, offset.value, 0)
  }

  return (cursor) =>
    Effect.map(
      Effect.suspend(() => next(cursor)),
      (page) => {
        isOffset = page.overlap !== undefined
        return page
      }
    )
}
