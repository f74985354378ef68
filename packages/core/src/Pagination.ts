/**
 * Cursor pages as a Stream that is complete or fails: never silently short, never endless.
 *
 * @since 0.1.0
 */
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { type AvaraError, BrokenPagination } from "./AvaraError.js"

/**
 * A page of any list: its items, and where the next page starts.
 *
 * @since 0.1.0
 * @category models
 */
export interface Page<A> {
  readonly items: ReadonlyArray<A>
  readonly hasMore: boolean
  readonly cursor?: string | undefined
}

/**
 * Where a list starts, and when to give up on one that does not end.
 *
 * @since 0.1.0
 * @category options
 */
export interface Options {
  /** The name for errors. */
  readonly operation: string
  /** The cursor of the first page to ask for; none starts the list at its beginning. */
  readonly cursor?: string | undefined
  /** The most pages to read before the list counts as broken; no limit by default. */
  readonly maxPages?: number | undefined
  /** The most empty pages in a row that may promise more; 100 by default. */
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
const breach = <A>(page: Page<A>, state: State, asked: ReadonlySet<string>, options: Options): BrokenPagination["reason"] | undefined => {
  if (!page.hasMore) return undefined
  if (page.cursor === undefined || page.cursor === "") return "missingCursor"
  if (asked.has(page.cursor)) return "repeatedCursor"
  if (page.items.length === 0 && state.emptyPages >= (options.maxEmptyPages ?? defaultMaxEmptyPages)) return "tooManyEmptyPages"
  if (options.maxPages !== undefined && state.page >= options.maxPages) return "pageLimit"
  return undefined
}

/**
 * The pages of a list, in the server's order, to the page that says it is the last.
 *
 * Fails with `BrokenPagination` on a cursor that was asked for before, on `hasMore` without a cursor, on more than `maxEmptyPages` empty
 * pages in a row and on more than `maxPages` pages. A broken page is not emitted; every error carries the cursor of the page that
 * failed, so that a list that starts there goes on where this one ended.
 *
 * @since 0.1.0
 * @category constructors
 */
export const pages = <P, A, E extends AvaraError, R>(
  fetch: (cursor: string | undefined) => Effect.Effect<P, E, R>,
  pageOf: (page: P) => Page<A>,
  options: Options
): Stream.Stream<P, E | BrokenPagination, R> =>
  Stream.suspend(() => {
    const asked = new Set(options.cursor === undefined ? [] : [options.cursor])
    const step = (state: State): Effect.Effect<readonly [P, Option.Option<State>], E | BrokenPagination, R> =>
      Effect.gen(function*() {
        const answer = yield* Effect.mapError(fetch(state.cursor), resumingAt(state.cursor))
        const page = pageOf(answer)
        const reason = breach(page, state, asked, options)
        if (reason !== undefined) return yield* Effect.fail(broken(reason, page, state, options))
        if (!page.hasMore || page.cursor === undefined) return [answer, Option.none()]
        asked.add(page.cursor)
        return [answer, Option.some({
          cursor: page.cursor,
          page: state.page + 1,
          seen: state.seen + page.items.length,
          emptyPages: page.items.length === 0 ? state.emptyPages + 1 : 0
        })]
      })
    return Stream.paginateEffect({ cursor: options.cursor, page: 1, seen: 0, emptyPages: 0 }, step)
  })

/** The error was made for this page alone, so that it can be completed in place. */
const resumingAt = (cursor: string | undefined) => <E extends AvaraError>(error: E): E =>
  cursor === undefined ? error : Object.assign(error, { resumeCursor: cursor })

const broken = (reason: BrokenPagination["reason"], page: Page<unknown>, state: State, options: Options) =>
  new BrokenPagination({
    operation: options.operation,
    reason,
    ...(page.cursor === undefined ? {} : { cursor: page.cursor }),
    ...(state.cursor === undefined ? {} : { resumeCursor: state.cursor }),
    page: state.page,
    seen: state.seen
  })

/**
 * The items of pages, a page a chunk.
 *
 * @since 0.1.0
 * @category combinators
 */
export const items = <P, A, E, R>(
  self: Stream.Stream<P, E, R>,
  pageOf: (page: P) => Page<A>
): Stream.Stream<A, E, R> => Stream.mapConcatChunk(self, (page) => Chunk.unsafeFromArray(pageOf(page).items))
