import { type AvaraError, BrokenPagination } from "../../AvaraError.js"
import * as Issue from "../../Issue.js"
import type { FetchedPage, Options, Page, StreamedPage } from "./page.js"

/** The page that a list has come to, and what the pages before it held. @internal */
export interface Place {
  readonly cursor: string | undefined
  /** The number of the page, from 1. */
  readonly page: number
  readonly seen: number
  /** How many pages right before this one had no new item. */
  readonly emptyPages: number
}

/** @internal */
export const firstPlace = (cursor: string | undefined): Place => ({ cursor, page: 1, seen: 0, emptyPages: 0 })

/** Where the list goes on after a page that breaks no rule, unless it ends there. @internal */
export const nextPlace = (place: Place, { cursor, hasMore, items }: Page<unknown>): Place | undefined =>
  hasMore
    ? {
        cursor,
        page: place.page + 1,
        seen: place.seen + items.length,
        emptyPages: items.length === 0 ? place.emptyPages + 1 : 0
      }
    : undefined

/** The page without the items that are not new. @internal */
export const withoutRepeated = <A>({ items, ...page }: Page<A>, isNew: (item: A) => boolean): StreamedPage<A> => {
  const fresh = items.filter(isNew)
  return { ...page, items: fresh, duplicates: items.length - fresh.length }
}

const defaultMaxEmptyPages = 100

/** How much longer a list may go on. @internal */
export type WalkLimits = Pick<Options<never>, "maxPages" | "maxEmptyPages">

/** Why the list cannot go on after this page, if it cannot. @internal */
export const breachOf = (
  { cursor, hasMore, items, overlap }: FetchedPage<unknown>,
  { emptyPages, page }: Place,
  isRepeated: boolean,
  { maxEmptyPages = defaultMaxEmptyPages, maxPages = Number.POSITIVE_INFINITY }: WalkLimits
): BrokenPagination["reason"] | undefined => {
  if (overlap === "shiftedList" || overlap === "unverifiable") return overlap
  if (!hasMore) return undefined
  if (cursor === undefined || cursor === "") return "missingCursor"
  // Where the overlap is proven, a list that stepped back comes to the same offset again.
  if (isRepeated && overlap !== "proven") return "repeatedCursor"
  if (page >= maxPages) return "pageLimit"
  return items.length === 0 && emptyPages >= maxEmptyPages ? "tooManyEmptyPages" : undefined
}

/** The failure of a list that cannot go on after the page at this place. @internal */
export const broken = (
  operation: string,
  reason: BrokenPagination["reason"],
  { cursor }: Page<unknown>,
  place: Place
): BrokenPagination =>
  new BrokenPagination({
    operation,
    reason,
    ...(cursor === undefined ? {} : { cursor }),
    ...(place.cursor === undefined || reason === "shiftedList" ? {} : { resumeCursor: place.cursor }),
    page: place.page,
    seen: place.seen
  })

/** Statuses of a server that does not accept a cursor. A first page that is not found has a wrong base URL instead. */
const refusesCursor = (status: number | undefined, page: number): status is number =>
  status === 400 || status === 410 || status === 422 || (status === 404 && page > 1)

const refusedCursor = (error: AvaraError, cursor: string, { page, seen }: Place): BrokenPagination | undefined => {
  if (error._tag !== "Validation" && error._tag !== "UnexpectedStatus") return undefined
  const { attempts, operation, requestId, status } = error
  if (!refusesCursor(status, page)) return undefined
  const detail = error._tag === "Validation" ? Issue.format(error.issues) : error.detail
  return new BrokenPagination({
    operation,
    attempts,
    ...(requestId === undefined ? {} : { requestId }),
    reason: "refusedCursor",
    cursor,
    status,
    page,
    seen,
    ...(detail === undefined ? {} : { detail })
  })
}

/** What a failure of the page at this place means to the list. @internal */
export const failureAt =
  (place: Place) =>
  <E extends AvaraError>(error: E): E | BrokenPagination => {
    const { cursor } = place
    if (cursor === undefined) return error
    // The error was made for this page alone, so that it can be completed in place.
    return refusedCursor(error, cursor, place) ?? Object.assign(error, { resumeCursor: cursor })
  }
