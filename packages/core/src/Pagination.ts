/**
 * A Stream of cursor pages that is complete or fails. It is never silently short, never endless, and never repeats an item, as long as the
 * server keeps the order of the list and nothing is deleted while it is read.
 *
 * Manual: https://github.com/effect-avara/effect-avara/blob/main/docs/lists.md
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
 * The pages of a list, and how to read them.
 *
 * @since 0.1.0
 * @category models
 */
export type { Options, Page, StreamedPage } from "./internal/list/page.js"

/**
 * Streams the pages of a list in the server's order, up to the page with `hasMore: false`. While you consume a page, the stream requests the
 * next one.
 *
 * If cursors are offsets, deleting an item while the list is read hides another item, and no page shows it. To detect this, use
 * `Customers.pages` with `verify: "overlap"`.
 *
 * Fails with `BrokenPagination`, without emitting the broken page, if:
 *
 * - a page has a cursor that was already requested, or `hasMore: true` without a cursor
 * - more than `maxEmptyPages` pages in a row have no new item
 * - the list has more than `maxPages` pages
 * - the server refuses a cursor
 *
 * Every error carries the cursor of the failed page as `resumeCursor`, unless the server refused that cursor. A list that starts there
 * continues this one.
 *
 * @example
 * ```ts
 * import { AvaraClient, Pagination } from "@effect-avara/core"
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 *
 * const StudyPage = Schema.Struct({
 *   studies: Schema.Array(Schema.Struct({ studyId: Schema.String })),
 *   hasMore: Schema.Boolean,
 *   cursor: Schema.optionalWith(Schema.String, { exact: true })
 * })
 *
 * const fetch = (cursor: string | undefined) =>
 *   AvaraClient.request({
 *     method: "GET",
 *     path: "/v1/studies",
 *     query: cursor === undefined ? {} : { cursor },
 *     response: StudyPage
 *   }).pipe(Effect.map(({ studies, ...page }) => ({ ...page, items: studies })))
 *
 * const pages = Pagination.pages(fetch, { operation: "studies.list", idOf: ({ studyId }) => studyId })
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const pages = <A, E extends AvaraError, R>(
  fetch: (cursor: string | undefined) => Effect.Effect<Page<A>, E, R>,
  options: Options<A>
): Stream.Stream<StreamedPage<A>, E | BrokenPagination, R> => walk(fetch, options, Chunk.of)
