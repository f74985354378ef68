import type { Pagination } from "@effect-avara/core"
import * as Effect from "effect/Effect"
import * as fc from "effect/FastCheck"
import { idAt } from "./list.js"

/** A change to the list right before a response. */
export interface Change {
  /** The number of the request, from 0. */
  readonly request: number
  readonly kind: "insert" | "delete" | "deleteRead"
  /** The place, from 0 for the front to 1 for the end; `deleteRead` deletes the rows served last. */
  readonly place: number
  readonly count: number
}

export interface Moving {
  readonly size: number
  readonly limit: number
  readonly parallel: number
  readonly changes: ReadonlyArray<Change>
  /** The requests, by number, whose page claims to be the last. */
  readonly lies: ReadonlyArray<number>
  /** How many turns of the scheduler each response takes, repeated cyclically. */
  readonly turns: ReadonlyArray<number>
}

const change: fc.Arbitrary<Change> = fc.record({
  request: fc.nat(40),
  kind: fc.constantFrom("insert", "delete", "deleteRead"),
  place: fc.double({ min: 0, max: 1, noNaN: true }),
  count: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 25 }))
})

const lists = (
  changes: fc.Arbitrary<ReadonlyArray<Change>>,
  lies: fc.Arbitrary<ReadonlyArray<number>> = fc.constant([])
): fc.Arbitrary<Moving> =>
  fc.record({
    size: fc.nat(80),
    limit: fc.integer({ min: 2, max: 9 }),
    parallel: fc.integer({ min: 2, max: 6 }),
    changes,
    lies,
    turns: fc.array(fc.nat(6), { minLength: 1, maxLength: 8 })
  })

const changes = fc.array(change, { minLength: 1, maxLength: 8 })

/** Lists whose rows are inserted and deleted. */
export const moving = lists(changes)

/** Lists that do not change. */
export const still = lists(fc.constant([]))

/** Lists whose rows are inserted and deleted, where a page after the first may falsely claim to be the last. */
export const lying = lists(changes, fc.uniqueArray(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 3 }))

export const cursorOf = (offset: number): string => btoa(JSON.stringify({ offset }))

const offsetOf = (cursor: string | undefined): number =>
  cursor === undefined ? 0 : (JSON.parse(atob(cursor)) as { readonly offset: number }).offset

/** A list with offset cursors whose rows change while it is read. */
export const makeMoving = ({ changes, lies, size, turns }: Moving) => {
  const rows = Array.from({ length: size }, (_, index) => idAt(index))
  const deleted = new Set<string>()
  let requests = 0
  let open = 0
  let most = 0
  let inserted = 0
  let servedTo = 0

  const remove = (at: number, count: number) => {
    for (const id of rows.splice(Math.max(0, at), count)) deleted.add(id)
  }

  const apply = ({ count, kind, place }: Change) => {
    if (kind === "delete") return remove(Math.floor(place * rows.length), count)
    if (kind === "deleteRead") return remove(servedTo - count, count)
    const fresh = Array.from({ length: count }, () => `cus_new-${inserted++}`)
    rows.splice(Math.round(place * rows.length), 0, ...fresh)
  }

  const page = (offset: number, limit: number, isLie: boolean): Pagination.Page<string> => {
    const end = Math.min(offset + limit, rows.length)
    servedTo = end
    const hasMore = end < rows.length && !isLie
    return { items: rows.slice(offset, end), hasMore, ...(hasMore ? { cursor: cursorOf(end) } : {}) }
  }

  const fetch = (cursor: string | undefined, limit: number): Effect.Effect<Pagination.Page<string>> =>
    Effect.gen(function* () {
      const number = requests++
      most = Math.max(most, ++open)
      yield* Effect.yieldNow().pipe(Effect.repeatN(turns[number % turns.length] ?? 0))
      changes.filter(({ request }) => request === number).forEach(apply)
      open--
      return page(offsetOf(cursor), limit, lies.includes(number))
    })

  return {
    fetch,
    requests: () => requests,
    /** The maximum number of concurrent requests. */
    most: () => most,
    /** The rows that existed the whole time, in order. */
    lasting: (): ReadonlyArray<string> =>
      Array.from({ length: size }, (_, index) => idAt(index)).filter((id) => !deleted.has(id))
  }
}
