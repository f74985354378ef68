import { makeIdSet } from "./idSet.js"
import type { Page } from "./page.js"

/** The end of an earlier walk: the id of the last item that it read, and the ids of all of them. @internal */
export interface EarlierTrail {
  readonly after: string
  readonly seen?: Iterable<string> | undefined
}

/** The items that a walk has read, and the checks for pages that continue them. @internal */
export interface Trail<A> {
  readonly isEmpty: () => boolean
  readonly isLast: (item: A | undefined) => boolean
  readonly isRead: (item: A) => boolean
  /** Returns the index of an item on the page up to which nothing is missing, or -1. */
  readonly jointOf: (page: Page<A>) => number
  /** Adds the page, treats its items before the joint as read, and returns the items that were not read before. */
  readonly extend: (page: Page<A>, joint: number) => ReadonlyArray<A>
}

/** @internal */
export const makeTrail = <A>(idOf: (item: A) => string, earlier: EarlierTrail | undefined): Trail<A> => {
  const ids = makeIdSet(earlier?.seen)
  let last = earlier?.after
  if (last !== undefined) ids.add(last)
  const isLast = (item: A | undefined) => item !== undefined && idOf(item) === last
  const isRead = (item: A) => ids.has(idOf(item))
  return {
    isEmpty: () => last === undefined,
    isLast,
    isRead,
    jointOf: ({ items }) => {
      const [first] = items
      return first !== undefined && isRead(first) ? 0 : items.findIndex(isLast)
    },
    extend: ({ items }, joint) => {
      for (const item of items.slice(0, Math.max(0, joint))) ids.add(idOf(item))
      const end = items.at(-1)
      if (end !== undefined) last = idOf(end)
      return items.filter((item) => ids.add(idOf(item)))
    }
  }
}
