import type * as Effect from "effect/Effect"

/**
 * A page of any list: its items, and the cursor of the next page.
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
 * A page that a stream emits.
 *
 * @since 0.1.0
 * @category models
 */
export interface StreamedPage<A> extends Page<A> {
  /** The number of items that were dropped from this page because the stream had already emitted them. */
  readonly duplicates: number
}

/** A page, with the result of comparing its overlap with the pages before it, if there is an overlap. @internal */
export interface FetchedPage<A> extends Page<A> {
  readonly overlap?: "proven" | "shiftedList" | "unverifiable" | undefined
}

/** Requests the page at a cursor; the first page has no cursor. @internal */
export type FetchPage<A, E, R> = (cursor: string | undefined) => Effect.Effect<FetchedPage<A>, E, R>

/**
 * The options for reading a list: where it starts, which items are the same, and when to give up on a list that does not end.
 *
 * @since 0.1.0
 * @category options
 */
export interface Options<A> {
  /** The operation's name in errors. */
  readonly operation: string
  /** The cursor of the first page to request; without it, the list starts at its beginning. */
  readonly cursor?: string | undefined
  /** The id of an item. An item with the id of an earlier one is dropped and counted; without `idOf`, nothing is dropped. */
  readonly idOf?: ((item: A) => string) | undefined
  /** Ids to treat as already emitted. */
  readonly seen?: Iterable<string> | undefined
  /** The largest number of pages to read; a longer list fails with `BrokenPagination`. No limit by default. */
  readonly maxPages?: number | undefined
  /** The largest number of pages in a row that have `hasMore: true` but no new item; 100 by default. */
  readonly maxEmptyPages?: number | undefined
}
