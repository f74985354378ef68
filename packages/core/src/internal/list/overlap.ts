import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import { encodeOffset, offsetOf } from "./offsetCursor.js"
import { accept, follow, type OffsetList, unchecked } from "./offsetList.js"
import type { FetchedPage, FetchPage } from "./page.js"
import { makeParallel } from "./parallel.js"
import { makeTrail } from "./trail.js"

/** @internal */
export interface OverlapOptions<A> {
  /** The number of items to request per page, at least 2. */
  readonly limit: number
  /** The number of pages to request at a time. */
  readonly parallel: number
  /** Whether cursors that are not offsets break the list; otherwise such a list is read without checks. */
  readonly isRequired: boolean
  readonly idOf: (item: A) => string
  readonly cursor?: string | undefined
  /** The id of the last item that an earlier walk read before `cursor`. `seen` contains the ids of all its items. */
  readonly after?: string | undefined
  readonly seen?: Iterable<string> | undefined
}

/**
 * Checks each page of a list against the pages before it, if the cursors turn out to be offsets.
 *
 * Each page is requested one item early, so that it begins with an item that was read. As long as items keep their order, this proves that no
 * item that was in the list the whole time is missing. If a page begins with another item, the list has shifted: the walk goes back until it
 * finds an item that it has read, and continues from there.
 *
 * @internal
 */
export const makeOverlap = <A, E, R>(
  fetch: FetchPage<A, E, R>,
  options: OverlapOptions<A>,
  scope: Scope.Scope
): FetchPage<A, E, R> => {
  const { after, cursor: start, idOf, isRequired, limit, parallel, seen } = options
  const trail = makeTrail(idOf, start === undefined || after === undefined ? undefined : { after, seen })
  const list: OffsetList<A, E, R> = {
    limit,
    isRequired,
    trail,
    isWhole: start === undefined || (after !== undefined && seen !== undefined),
    fetchAt: (offset) => fetch(offset === 0 ? undefined : encodeOffset(offset))
  }
  const followInParallel = makeParallel(list, parallel, scope)
  let isParallel = parallel > 1
  let isOffset = true

  const pageAt = (cursor: string | undefined): Effect.Effect<FetchedPage<A>, E, R> => {
    if (!isOffset) return fetch(cursor)
    const offset = cursor === undefined ? Option.some(0) : offsetOf(cursor)
    if (Option.isNone(offset)) return Effect.map(fetch(cursor), (page) => unchecked(page, isRequired))
    if (trail.isEmpty()) {
      return Effect.flatMap(fetch(cursor), (page) =>
        accept(list, { page, offset: offset.value, joint: -1 }, isRequired && cursor !== undefined)
      )
    }
    if (!isParallel) return follow(list, offset.value, 0)
    return Effect.map(followInParallel(offset.value), ({ goesOn, page }) => {
      isParallel = goesOn
      return page
    })
  }

  return (cursor) =>
    Effect.map(
      Effect.suspend(() => pageAt(cursor)),
      (page) => {
        isOffset = page.overlap !== undefined
        return page
      }
    )
}
