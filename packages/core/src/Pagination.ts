/**
 * Cursor pages as a Stream that is complete or fails: never silently short, never endless, never doubled.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import { constTrue } from "effect/Function"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { type AvaraError, BrokenPagination } from "./AvaraError.js"
import { makeIdSet } from "./internal/idSet.js"

/**
 * A page of any list: its items, and where the next page starts.
 *
 * @since 0.1.0
 * @category models
 */
export interface Page<A> {
  readonly items: ReadonlyArray<A>
  readonly hasMore: boolean
  readonly cursor?: string
}

/**
 * A page as a stream emits it.
 *
 * @since 0.1.0
 * @category models
 */
export interface StreamedPage<A> extends Page<A> {
  /** How many items were left out of this page because the stream had emitted them before. */
  readonly duplicates: number
}

/**
 * Where a list starts, what makes two of its items the same, and when to give up on one that does not end.
 *
 * @since 0.1.0
 * @category options
 */
export interface Options<A> {
  /** The name for errors. */
  readonly operation: string
  /** The cursor of the first page to ask for; none starts the list at its beginning. */
  readonly cursor?: string | undefined
  /** Drops and counts an item that has the id of an earlier one; nothing is dropped without it. */
  readonly idOf?: ((item: A) => string) | undefined
  /** Ids that count as emitted before. */
  readonly seen?: Iterable<string> | undefined
  /** The most pages to read before the list counts as broken; no limit by default. */
  readonly maxPages?: number | undefined
  /** The most pages in a row that may promise more without a new item; 100 by default. */
  readonly maxEmptyPages?: number | undefined
}

interface State {
  readonly cursor: string | undefined
  readonly page: number
  readonly seen: number
  readonly emptyPages: number
}

const defaultMaxEmptyPages = 100

/** Why the list cannot go on after this page, if it cannot. */
const breach = <A>(
  page: Page<A>,
  state: State,
  asked: ReadonlySet<string>,
  { maxEmptyPages = defaultMaxEmptyPages, maxPages = Infinity }: Options<A>
): BrokenPagination["reason"] | undefined => {
  if (!page.hasMore) return undefined
  if (page.cursor === undefined || page.cursor === "") return "missingCursor"
  if (asked.has(page.cursor)) return "repeatedCursor"
  if (state.page >= maxPages) return "pageLimit"
  return page.items.length === 0 && state.emptyPages >= maxEmptyPages ? "tooManyEmptyPages" : undefined
}

const broken = <A>(reason: BrokenPagination["reason"], page: Page<A>, state: State, { operation }: Options<A>) =>
  new BrokenPagination({
    operation,
    reason,
    ...(page.cursor === undefined ? {} : { cursor: page.cursor }),
    ...(state.cursor === undefined ? {} : { resumeCursor: state.cursor }),
    page: state.page,
    seen: state.seen
  })

/** The error was made for this page alone, so that it can be completed in place. */
const resumingAt =
  (cursor: string | undefined) =>
  <E extends AvaraError>(error: E): E =>
    cursor === undefined ? error : Object.assign(error, { resumeCursor: cursor })

const withoutRepeated = <A>({ items, ...page }: Page<A>, isNew: (item: A) => boolean): StreamedPage<A> => {
  const fresh = items.filter(isNew)
  return { ...page, items: fresh, duplicates: items.length - fresh.length }
}

const next = (state: State, { cursor, hasMore, items }: Page<unknown>): Option.Option<State> =>
  hasMore
    ? Option.some({
        cursor,
        page: state.page + 1,
        seen: state.seen + items.length,
        emptyPages: items.length === 0 ? state.emptyPages + 1 : 0
      })
    : Option.none()

const isNewItem = <A>({ idOf, seen = [] }: Options<A>): ((item: A) => boolean) => {
  if (idOf === undefined) return constTrue
  const ids = makeIdSet()
  for (const id of seen) ids.add(id)
  return (item) => ids.add(idOf(item))
}

/** An `HttpClient` on Node writes a request two turns of the event loop after it was asked to. */
const turnsToTheWire = 3

/** Lets the request that was just forked reach the wire, before a consumer that never yields holds the event loop. */
const reachTheWire: Effect.Effect<void> = Effect.async((resume) => {
  const { setImmediate } = globalThis as { readonly setImmediate?: (callback: () => void) => unknown }
  const turn = (left: number): unknown =>
    setImmediate === undefined || left === 0 ? resume(Effect.void) : setImmediate(() => turn(left - 1))
  turn(turnsToTheWire)
})

/**
 * Reads in a fiber of its own until the scope closes: who asks goes on, and takes the answer when it needs it.
 * One fiber for all pages, as a dead one stays in memory until a full collection, and its page with it.
 */
const makeReader = <Q, A, E, R>(read: (question: Q) => Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const questions = yield* Queue.bounded<Q>(1)
    const answers = yield* Queue.bounded<Exit.Exit<A, E>>(1)
    yield* Queue.take(questions).pipe(
      Effect.flatMap((question) => Effect.exit(read(question))),
      Effect.flatMap((exit) => Queue.offer(answers, exit)),
      Effect.forever,
      Effect.forkScoped
    )
    return {
      ask: (question: Q): Effect.Effect<boolean> => Queue.offer(questions, question),
      answer: Effect.flatten(Queue.take(answers))
    }
  })

/**
 * The pages of a list, in the server's order, to the page that says it is the last. While a page is consumed, the next one is on its way.
 *
 * Fails with `BrokenPagination` on a cursor that was asked for before, on `hasMore` without a cursor, on more than `maxEmptyPages` pages
 * in a row without a new item and on more than `maxPages` pages. A broken page is not emitted; every error carries the cursor of the
 * page that failed, so that a list that starts there goes on where this one ended.
 *
 * @since 0.1.0
 * @category constructors
 */
export const pages = <A, E extends AvaraError, R>(
  fetch: (cursor: string | undefined) => Effect.Effect<Page<A>, E, R>,
  options: Options<A>
): Stream.Stream<StreamedPage<A>, E | BrokenPagination, R> =>
  Stream.unwrapScoped(
    Effect.gen(function* () {
      const asked = new Set(options.cursor === undefined ? [] : [options.cursor])
      const isNew = isNewItem(options)
      const ahead = yield* makeReader((cursor: string | undefined) =>
        Effect.mapError(fetch(cursor), resumingAt(cursor))
      )

      const read = (state: State) =>
        Effect.gen(function* () {
          const page = withoutRepeated(yield* ahead.answer, isNew)
          const reason = breach(page, state, asked, options)
          if (reason !== undefined) return yield* Effect.fail(broken(reason, page, state, options))
          if (page.cursor !== undefined) asked.add(page.cursor)
          const following = next(state, page)
          if (Option.isSome(following)) yield* Effect.zipRight(ahead.ask(page.cursor), reachTheWire)
          return [page, following] as const
        })

      yield* ahead.ask(options.cursor)
      return Stream.paginateEffect<State, StreamedPage<A>, E | BrokenPagination, never>(
        { cursor: options.cursor, page: 1, seen: 0, emptyPages: 0 },
        read
      )
    })
  )
