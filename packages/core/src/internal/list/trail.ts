import { makeIdSet } from "./idSet.js"
import type { Page } from "./page.js"

/** Where an earlier walk ended: the last item that it read, and all of them. @internal */
export interface EarlierTrail {
  readonly after: string
  readonly seen?: Iterable<string> | undefined
}

/** What a walk has read, and where a page continues it. @internal */
export interface Trail<A> {
  readonly isEmpty: () => boolean
  readonly isLast: (item: A | undefined) => boolean
  readonly isRead: (item: A) => boolean
  /** The index of an item up to which nothing is missing, or -1 if the page has none. */
  readonly jointOf: (page: Page<A>) => number
  /** Adds the page, and takes what stands before the joint for read; returns the items that were not read before. */
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
