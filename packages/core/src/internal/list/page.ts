import type * as Effect from "effect/Effect"

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

/** A page, and what its overlap with the pages before it shows, if it has one. @internal */
export interface FetchedPage<A> extends Page<A> {
  readonly overlap?: "proven" | "shiftedList" | "unverifiable" | undefined
}

/** Requests the page at a cursor; the first page of the list has none. @internal */
export type FetchPage<A, E, R> = (cursor: string | undefined) => Effect.Effect<FetchedPage<A>, E, R>

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
