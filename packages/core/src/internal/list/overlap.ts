import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import type { BrokenPagination } from "../../AvaraError.js"
import { makeIdSet } from "./idSet.js"
import type { Page } from "./page.js"

const encodeOffset = (offset: number): string => btoa(JSON.stringify({ offset }))

/** The offset that a cursor stands for, if it is written exactly as this library would write it. */
const offsetOf = (cursor: string): Option.Option<number> =>
  Option.liftThrowable(atob)(cursor).pipe(
    Option.map((json) => Number(/^\{"offset":(\d+)\}$/.exec(json)?.[1])),
    Option.filter((offset) => Number.isSafeInteger(offset) && encodeOffset(offset) === cursor)
  )

/** A page, and what its overlap with the pages before it shows, if it has one. @internal */
export interface CheckedPage<A> extends Page<A> {
  readonly check?: "passed" | BrokenPagination["reason"]
}

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

type Fetch<A, E, R> = (cursor: string | undefined) => Effect.Effect<Page<A>, E, R>

const maxSteps = 7

/** How far before its offset a page is looked for: one item, then 1, 2, 4 ... half pages more, at most 32 pages. */
const distanceOf = (step: number, limit: number): number =>
  1 + (step === 0 ? 0 : Math.floor(limit / 2) * 2 ** (step - 1))

/** Whether a page behind the end that another one saw knows of no end, too. */
const agreesOnEnd = <A, E>(page: Either.Either<Page<A>, E>): boolean =>
  Either.match(page, { onLeft: () => true, onRight: ({ hasMore, items }) => !hasMore && items.length === 0 })

/** Full pages that are on their way, by the offset that each one continues from. */
const makeFlights = <A, E, R>(
  fetchAt: (start: number) => Effect.Effect<Page<A>, E, R>,
  { limit, parallel }: OverlapOptions<A>,
  scope: Scope.Scope
) => {
  const flying = new Map<number, Fiber.Fiber<Page<A>, E>>()

  const launch = (from: number): Effect.Effect<void, never, R> =>
    Effect.forEach(
      Array.from({ length: parallel }, (_, index) => from + index * (limit - 1)).filter(
        (offset) => !flying.has(offset)
      ),
      (offset) => Effect.map(Effect.forkIn(fetchAt(offset - 1), scope), (fiber) => flying.set(offset, fiber)),
      { discard: true }
    )

  const land = (offset: number): Effect.Effect<Either.Either<Page<A>, E>> =>
    Effect.suspend(() => {
      const fiber = flying.get(offset)
      flying.delete(offset)
      return fiber === undefined ? Effect.interrupt : Effect.either(Fiber.join(fiber))
    })

  const ground = Effect.suspend(() => {
    const grounded = Array.from(flying.values())
    flying.clear()
    return Fiber.interruptAll(grounded)
  })

  const agreeOnEnd = Effect.suspend(() =>
    Effect.map(Effect.forEach(Array.from(flying.keys()), land), (pages) => pages.every(agreesOnEnd))
  )

  return { launch, land, ground, agreeOnEnd }
}

/** What a walk has read, and where a page continues from it. */
const makeTrail = <A>({ after, cursor, idOf, seen = [] }: OverlapOptions<A>) => {
  const ids = makeIdSet()
  let last: string | undefined
  if (cursor !== undefined && after !== undefined) {
    for (const id of seen) ids.add(id)
    ids.add(after)
    last = after
  }
  const isRead = (item: A) => ids.has(idOf(item))
  const isLast = (item: A | undefined) => item !== undefined && idOf(item) === last
  return {
    isEmpty: () => last === undefined,
    isLast,
    /** The index of an item up to which nothing is missing, or -1 if the page has none. */
    jointOf: ({ items }: Page<A>): number => {
      const [first] = items
      return first !== undefined && isRead(first) ? 0 : items.findIndex(isLast)
    },
    /** Adds the page; returns the items behind the joint that were not read before. */
    extend: ({ items }: Page<A>, joint: number): ReadonlyArray<A> => {
      for (const item of items.slice(0, Math.max(0, joint))) ids.add(idOf(item))
      const end = items.at(-1)
      if (end !== undefined) last = idOf(end)
      return items.slice(joint + 1).filter((item) => ids.add(idOf(item)))
    }
  }
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
  fetch: Fetch<A, E, R>,
  options: OverlapOptions<A>,
  scope: Scope.Scope
): ((cursor: string | undefined) => Effect.Effect<CheckedPage<A>, E, R>) => {
  const { isRequired, limit } = options
  const fetchAt = (start: number) => fetch(start === 0 ? undefined : encodeOffset(start))
  const flights = makeFlights(fetchAt, options, scope)
  const trail = makeTrail(options)
  /** Whether a page at the list's beginning misses nothing, even if all that was read is gone. */
  const isWhole = options.cursor === undefined || (options.after !== undefined && options.seen !== undefined)
  let isAhead = options.parallel > 1
  let isPlain = false

  const opaque = (page: Page<A>): CheckedPage<A> => {
    isPlain = true
    return isRequired ? { ...page, check: "unverifiable" } : page
  }

  const isEnd = (end: number): Effect.Effect<boolean, E, R> =>
    Effect.map(fetchAt(end - 1), ({ hasMore, items }) => !hasMore && items.length === 1 && trail.isLast(items[0]))

  const accept = (
    page: Page<A>,
    start: number,
    joint: number,
    isEndDoubted = isRequired
  ): Effect.Effect<CheckedPage<A>, E, R> =>
    Effect.suspend(() => {
      const items = trail.extend(page, joint)
      const end = start + page.items.length
      const next = encodeOffset(end)
      if (page.hasMore && page.cursor && page.cursor !== next) return Effect.succeed(opaque({ ...page, items }))
      const checked: CheckedPage<A> = { ...page, items, check: "passed" }
      // Nothing but the item that it shares with the page before it.
      const isProof = page.items.length === 1 && items.length === 0
      return page.hasMore || !isEndDoubted || isProof || end === 0
        ? Effect.succeed(checked)
        : Effect.map(isEnd(end), (isProven) => (isProven ? checked : { ...checked, hasMore: true, cursor: next }))
    })

  const follow = (offset: number, step: number): Effect.Effect<CheckedPage<A>, E, R> => {
    const start = Math.max(0, offset - distanceOf(step, limit))
    return Effect.flatMap(fetchAt(start), (page) => {
      const joint = trail.jointOf(page)
      if (joint >= 0 || (start === 0 && isWhole)) return accept(page, start, joint)
      if (start === 0 || step === maxSteps) return Effect.succeed<CheckedPage<A>>({ ...page, check: "shiftedList" })
      return follow(offset, step + 1)
    })
  }

  const followAhead = (offset: number): Effect.Effect<CheckedPage<A>, E, R> =>
    Effect.gen(function* () {
      yield* flights.launch(offset)
      const landed = yield* flights.land(offset)
      const page = Option.getOrUndefined(Either.getRight(landed))
      const joint = page === undefined ? -1 : trail.jointOf(page)
      if (page === undefined || joint < 0) {
        isAhead = false
        return yield* Effect.zipRight(flights.ground, follow(offset, page === undefined ? 0 : 1))
      }
      isAhead = page.hasMore && page.items.length === limit
      const isEndDoubted = !page.hasMore && (isRequired || !(yield* flights.agreeOnEnd))
      const checked = yield* accept(page, offset - 1, joint, isEndDoubted)
      yield* isAhead && !isPlain ? flights.launch(offset + limit - 1) : flights.ground
      return checked
    })

  return (cursor) =>
    Effect.suspend(() => {
      if (isPlain) return fetch(cursor)
      const offset = cursor === undefined ? Option.some(0) : offsetOf(cursor)
      if (Option.isNone(offset)) return Effect.map(fetch(cursor), opaque)
      if (cursor === undefined || offset.value === 0 || trail.isEmpty()) {
        return Effect.flatMap(fetch(cursor), (page) =>
          accept(page, offset.value, -1, isRequired && cursor !== undefined)
        )
      }
      return isAhead ? followAhead(offset.value) : follow(offset.value, 0)
    })
}
