import { type AvaraError, BrokenPagination } from "../../AvaraError.js"
import * as Issue from "../../Issue.js"
import type { FetchedPage, Options, Page, StreamedPage } from "./page.js"

/** The position of a page in a list, with counts of the pages before it. @internal */
export interface Place {
  readonly cursor: string | undefined
  /** The number of the page, from 1. */
  readonly page: number
  readonly seen: number
  /** The number of pages without a new item directly before this one. */
  readonly emptyPages: number
}

/** @internal */
export const firstPlace = (cursor: string | undefined): Place => ({ cursor, page: 1, seen: 0, emptyPages: 0 })

/** Returns the place after a page that breaks no rule, or `undefined` at the end of the list. @internal */
export const nextPlace = (place: Place, { cursor, hasMore, items }: Page<unknown>): Place | undefined =>
  hasMore
    ? {
        cursor,
        page: place.page + 1,
        seen: place.seen + items.length,
        emptyPages: items.length === 0 ? place.emptyPages + 1 : 0
      }
    : undefined

/** Returns the page without repeated items. @internal */
export const withoutRepeated = <A>({ items, ...page }: Page<A>, isNew: (item: A) => boolean): StreamedPage<A> => {
  const fresh = items.filter(isNew)
  return { ...page, items: fresh, duplicates: items.length - fresh.length }
}

const defaultMaxEmptyPages = 100

/** The limits on the pages of a list. @internal */
export type WalkLimits = Pick<Options<never>, "maxPages" | "maxEmptyPages">

/** Returns why the list cannot continue after this page, or `undefined` if it can. @internal */
export const breachOf = (
  { cursor, hasMore, items, overlap }: FetchedPage<unknown>,
  { emptyPages, page }: Place,
  isRepeated: boolean,
  { maxEmptyPages = defaultMaxEmptyPages, maxPages = Number.POSITIVE_INFINITY }: WalkLimits
): BrokenPagination["reason"] | undefined => {
  if (overlap === "shiftedList" || overlap === "unverifiable") return overlap
  if (!hasMore) return undefined
  if (cursor === undefined || cursor === "") return "missingCursor"
  // If the overlap is proven, a list that stepped back reaches the same offset again.
  if (isRepeated && overlap !== "proven") return "repeatedCursor"
  if (page >= maxPages) return "pageLimit"
  return items.length === 0 && emptyPages >= maxEmptyPages ? "tooManyEmptyPages" : undefined
}

/** Creates the error of a list that cannot continue after the page at this place. @internal */
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

/** Checks whether a status means that the server does not accept the cursor. A 404 for the first page means a wrong base URL instead. */
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

/** Converts the error of the page at this place to an error of the list. @internal */
export const failureAt =
  (place: Place) =>
  <E extends AvaraError>(error: E): E | BrokenPagination => {
    const { cursor } = place
    if (cursor === undefined) return error
    // Only this page has the error, so it can be changed in place.
    return refusedCursor(error, cursor, place) ?? Object.assign(error, { resumeCursor: cursor })
  }
