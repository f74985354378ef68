/**
 * Cursor pages as a Stream that is complete or fails: never silently short, never endless, never doubled, as long as the server keeps the
 * list's order and nothing is deleted while it is read.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { AvaraError, BrokenPagination } from "./AvaraError.js"
import { makeWalk } from "./internal/walk.js"

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

/**
 * Streams the pages of a list, in the server's order, to the page that says it is the last. While a page is consumed, the next one is on
 * its way.
 *
 * If cursors are offsets, an item that is deleted while the list is read hides another one, which no page shows. `Customers.pages` has
 * `verify: "overlap"` to detect it.
 *
 * Fails with `BrokenPagination` on a cursor that was asked for before, on `hasMore` without a cursor, on more than `maxEmptyPages` pages
 * in a row without a new item, on more than `maxPages` pages, and on a cursor that the server refuses. A broken page is not emitted. Every
 * error carries the cursor of the page that failed as `resumeCursor`, and a list that starts there continues this one, unless that cursor
 * is the one that the server refuses.
 *
 * @since 0.1.0
 * @category constructors
 */
export const pages = <A, E extends AvaraError, R>(
  fetch: (cursor: string | undefined) => Effect.Effect<Page<A>, E, R>,
  options: Options<A>
): Stream.Stream<StreamedPage<A>, E | BrokenPagination, R> =>
  Stream.unwrapScoped(Effect.map(makeWalk(fetch, options), ({ first, read }) => Stream.paginateEffect(first, read)))
