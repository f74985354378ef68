import * as Effect from "effect/Effect"
import { encodeOffset } from "./offsetCursor.js"
import type { FetchedPage, Page } from "./page.js"
import type { Trail } from "./trail.js"

/** A list with offset cursors, and the items that were read from it. @internal */
export interface OffsetList<A, E, R> {
  readonly limit: number
  readonly isRequired: boolean
  readonly trail: Trail<A>
  /** Whether a page at the start of the list is complete even if every item that was read has been deleted. */
  readonly isWhole: boolean
  readonly fetchAt: (offset: number) => Effect.Effect<FetchedPage<A>, E, R>
}

/** A page that continues the items that were read. */
interface Continuation<A> {
  readonly page: Page<A>
  readonly offset: number
  /** The index of the last item on the page that was already read, or -1. */
  readonly joint: number
}

/** Returns a page whose cursor is not an offset. @internal */
export const unchecked = <A>(page: Page<A>, isRequired: boolean): FetchedPage<A> =>
  isRequired ? { ...page, overlap: "unverifiable" } : page

/** Checks whether the page that overlaps the end contains only the list's last item. */
const isProvenEnd = <A, E, R>({ fetchAt, trail }: OffsetList<A, E, R>, end: number): Effect.Effect<boolean, E, R> =>
  Effect.map(fetchAt(end - 1), ({ hasMore, items }) => !hasMore && items.length === 1 && trail.isLast(items[0]))

/** Accepts a page as read. If its `hasMore: false` is in doubt, requests one more page to confirm the end. @internal */
export const accept = <A, E, R>(
  list: OffsetList<A, E, R>,
  { joint, offset, page }: Continuation<A>,
  isEndDoubted: boolean
): Effect.Effect<FetchedPage<A>, E, R> =>
  Effect.suspend(() => {
    const items = list.trail.extend(page, joint)
    const end = offset + page.items.length
    const next = encodeOffset(end)
    if (page.hasMore && page.cursor && page.cursor !== next)
      return Effect.succeed(unchecked({ ...page, items }, list.isRequired))
    const proven: FetchedPage<A> = { ...page, items, overlap: "proven" }
    return page.hasMore || !isEndDoubted || end === 0
      ? Effect.succeed(proven)
      : Effect.map(isProvenEnd(list, end), (isEnd) => (isEnd ? proven : { ...proven, hasMore: true, cursor: next }))
  })

const maxSteps = 7

/** Returns how far before its offset to look for a page: one item, then 1, 2, 4 ... half pages more, at most 32 pages. */
const distanceOf = (step: number, limit: number): number =>
  1 + (step === 0 ? 0 : Math.floor(limit / 2) * 2 ** (step - 1))

/** Returns the first page, starting with this one, that contains an item that was read. The steps back leave gaps between pages. */
const scan = <A, E, R>(
  list: OffsetList<A, E, R>,
  page: FetchedPage<A>,
  offset: number,
  end: number
): Effect.Effect<FetchedPage<A>, E, R> => {
  const joint = page.items.map(list.trail.isRead).lastIndexOf(true)
  if (joint >= 0) return accept(list, { page, offset, joint }, list.isRequired)
  const next = offset + page.items.length
  return page.hasMore && page.items.length > 0 && next < end - 1
    ? Effect.flatMap(list.fetchAt(next), (page) => scan(list, page, next, end))
    : Effect.succeed<FetchedPage<A>>({ ...page, overlap: "shiftedList" })
}

/** Finds the page that continues the items read up to an offset, with ever longer steps back. @internal */
export const follow = <A, E, R>(
  list: OffsetList<A, E, R>,
  end: number,
  step: number
): Effect.Effect<FetchedPage<A>, E, R> => {
  const offset = Math.max(0, end - distanceOf(step, list.limit))
  return Effect.flatMap(list.fetchAt(offset), (page) => {
    const joint = list.trail.jointOf(page)
    if (joint >= 0 || (offset === 0 && list.isWhole)) return accept(list, { page, offset, joint }, list.isRequired)
    if (offset === 0 || step === maxSteps) return scan(list, page, offset, end)
    return follow(list, end, step + 1)
  })
}
