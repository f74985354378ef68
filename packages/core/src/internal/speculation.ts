import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import type { Page } from "../Pagination.js"

const encodeOffset = (offset: number): string => btoa(JSON.stringify({ offset }))

/** The offset that a cursor stands for, if it is written exactly as this library would write it. */
const offsetOf = (cursor: string): Option.Option<number> =>
  Option.liftThrowable(atob)(cursor).pipe(
    Option.map((json) => Number(/^\{"offset":(\d+)\}$/.exec(json)?.[1])),
    Option.filter((offset) => Number.isSafeInteger(offset) && encodeOffset(offset) === cursor)
  )

/** @internal */
export interface SpeculationOptions<A> {
  /** How many pages to ask for at a time. */
  readonly parallel: number
  /** How many items a page is asked for, at least 2. */
  readonly limit: number
  readonly idOf: (item: A) => string
}

/** What the walk has returned so far: where it is, and the item that it ended with. */
interface Proven {
  readonly offset: number
  readonly lastId: string
}

/** Whether a page at `start` begins with the item that the walk ended with, and ends where a walk would go on. */
const isProven = <A>(
  { cursor, hasMore, items }: Page<A>,
  start: number,
  lastId: string,
  options: SpeculationOptions<A>
): boolean => {
  const [first] = items
  if (first === undefined || options.idOf(first) !== lastId) return false
  return !hasMore || (items.length === options.limit && cursor === encodeOffset(start + items.length))
}

/** Whether a page behind the end that another one saw knows of no end, too. */
const agreesOnEnd = <A, E>(page: Either.Either<Page<A>, E>): boolean =>
  Either.match(page, { onLeft: () => true, onRight: ({ hasMore, items }) => !hasMore && items.length === 0 })

/**
 * Fetches ahead of a walk whose cursors turn out to be offsets.
 *
 * Each page is asked for one item early, so that it must begin with the last item of the page before it: as long as items keep their
 * order, no change of the list between two requests can then hide an item. On any doubt the page, and every one after it, is fetched as
 * the walk asks for it.
 *
 * @internal
 */
export const speculate = <A, E, R>(
  fetch: (cursor: string | undefined) => Effect.Effect<Page<A>, E, R>,
  options: SpeculationOptions<A>,
  scope: Scope.Scope
): ((cursor: string | undefined) => Effect.Effect<Page<A>, E, R>) => {
  const stride = options.limit - 1
  const flying = new Map<number, Fiber.Fiber<Page<A>, E>>()
  let isTrusted = true
  let proven: Proven | undefined

  const remember = (offset: Option.Option<number>, { items }: Page<A>) => {
    const last = items.at(-1)
    proven =
      Option.isSome(offset) && last !== undefined
        ? { offset: offset.value + items.length, lastId: options.idOf(last) }
        : undefined
  }

  const walk = (cursor: string | undefined): Effect.Effect<Page<A>, E, R> =>
    Effect.tap(fetch(cursor), (page) => remember(cursor === undefined ? Option.some(0) : offsetOf(cursor), page))

  const launch = (from: number): Effect.Effect<void, never, R> =>
    Effect.forEach(
      Array.from({ length: options.parallel }, (_, index) => from + index * stride).filter(
        (offset) => !flying.has(offset)
      ),
      (offset) =>
        Effect.map(Effect.forkIn(fetch(encodeOffset(offset - 1)), scope), (fiber) => flying.set(offset, fiber)),
      { discard: true }
    )

  const distrust = (cursor: string | undefined): Effect.Effect<Page<A>, E, R> =>
    Effect.suspend(() => {
      isTrusted = false
      const grounded = Array.from(flying.values())
      flying.clear()
      return Effect.zipRight(Fiber.interruptAll(grounded), walk(cursor))
    })

  const landed = (offset: number): Effect.Effect<Either.Either<Page<A>, E>> =>
    Effect.suspend(() => {
      const fiber = flying.get(offset)
      flying.delete(offset)
      return fiber === undefined ? Effect.interrupt : Effect.either(Fiber.join(fiber))
    })

  const allAgreeOnEnd = Effect.suspend(() =>
    Effect.map(Effect.forEach(Array.from(flying.keys()), landed), (pages) => pages.every(agreesOnEnd))
  )

  const take = (cursor: string, { lastId, offset }: Proven): Effect.Effect<Page<A>, E, R> =>
    Effect.gen(function* () {
      yield* launch(offset)
      const result = yield* landed(offset)
      if (Either.isLeft(result) || !isProven(result.right, offset - 1, lastId, options)) return yield* distrust(cursor)
      const page = result.right
      if (!page.hasMore && !(yield* allAgreeOnEnd)) return yield* distrust(cursor)
      const fresh = { ...page, items: page.items.slice(1) }
      remember(Option.some(offset - 1), page)
      if (page.hasMore) yield* launch(offset + stride)
      return fresh
    })

  return (cursor) =>
    Effect.suspend(() =>
      isTrusted && cursor !== undefined && proven !== undefined && Option.contains(offsetOf(cursor), proven.offset)
        ? take(cursor, proven)
        : walk(cursor)
    )
}
