/**
 * Cursor pages as a Stream that is complete or fails: never silently short, never endless, never doubled, as long as the server keeps the
 * list's order and nothing is deleted while it is read.
 *
 * @since 0.1.0
 */
import * as Chunk from "effect/Chunk"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { AvaraError, BrokenPagination } from "./AvaraError.js"
import type { Options, Page, StreamedPage } from "./internal/list/page.js"
import { walk } from "./internal/list/walk.js"

/**
 * @since 0.1.0
 * @category models
 */
export type { Options, Page, StreamedPage } from "./internal/list/page.js"

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
): Stream.Stream<StreamedPage<A>, E | BrokenPagination, R> => walk(fetch, options, Chunk.of)
