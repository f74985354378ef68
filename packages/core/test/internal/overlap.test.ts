import { describe, expect, it } from "@effect/vitest"
import type { BrokenPagination, Pagination, ServerError } from "@effect-avara/core"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Stream from "effect/Stream"
import { cursorOf, lying, type Moving, makeMoving, moving, still } from "../../../../test/properties/moving.js"
import { makeOverlap, type OverlapOptions } from "../../src/internal/list/overlap.js"
import { walk } from "../../src/internal/list/walk.js"

type Fetch = (cursor: string | undefined) => Effect.Effect<Pagination.Page<string>, ServerError>

type Options = Partial<Omit<OverlapOptions<string>, "idOf">>

interface Read {
  readonly items: ReadonlyArray<string>
  readonly error: BrokenPagination | ServerError | undefined
}

/** The items that a walk with the overlap reads, to its end or its failure; nothing but the overlap drops any. */
const read = (fetch: Fetch, options: Options): Effect.Effect<Read> =>
  Effect.gen(function* () {
    const items: Array<string> = []
    const overlap = { limit: 10, parallel: 1, isRequired: true, ...options, idOf: (item: string) => item }
    const checked = makeOverlap(fetch, overlap, yield* Effect.scope)
    const end = yield* walk(checked, { operation: "test", cursor: options.cursor }, Chunk.of).pipe(
      Stream.runForEach((page) => Effect.sync(() => items.push(...page.items))),
      Effect.either
    )
    return { items, error: Either.isLeft(end) ? end.left : undefined }
  }).pipe(Effect.scoped)

const ways: ReadonlyArray<readonly [string, (list: Moving) => Options]> = [
  ["page by page", () => ({ isRequired: true })],
  ["in parallel", ({ parallel }) => ({ parallel, isRequired: false })],
  ["in parallel, with proof", ({ parallel }) => ({ parallel, isRequired: true })]
]

const check = (lists: FastCheck.Arbitrary<Moving>, holds: (list: Moving) => Effect.Effect<void>, numRuns = 400) =>
  FastCheck.assert(
    FastCheck.asyncProperty(lists, (list) => Effect.runPromise(holds(list))),
    { numRuns }
  )

const readMoving = (list: Moving, optionsOf: (list: Moving) => Options) => {
  const server = makeMoving(list)
  const options = { limit: list.limit, ...optionsOf(list) }
  return Effect.map(
    read((cursor) => server.fetch(cursor, list.limit), options),
    (all) => ({ ...all, server })
  )
}

/** Every item that was there all the time, once and in order; and no other one twice. */
const expectWhole = ({ error, items, server }: Read & { readonly server: ReturnType<typeof makeMoving> }) => {
  const lasting = server.lasting()
  const known = new Set(lasting)
  expect(error).toBeUndefined()
  expect(items.filter((id) => known.has(id))).toEqual(lasting)
  expect(new Set(items).size).toBe(items.length)
}

describe("a walk with overlap", () => {
  for (const [how, optionsOf] of ways) {
    it(`${how} reads a list that stands still exactly, with no request more than its pages and the proof of its end`, () =>
      check(still, (list) =>
        Effect.map(readMoving(list, optionsOf), ({ error, items, server }) => {
          expect([items, error]).toEqual([server.lasting(), undefined])
          const steps = Math.ceil(Math.max(0, list.size - list.limit) / (list.limit - 1))
          const pages = 1 + steps + (steps === 0 ? 0 : 1)
          if (how === "page by page") expect(server.requests()).toBe(pages)
          else expect(server.requests()).toBeLessThanOrEqual(pages + list.parallel)
        })
      ))

    it(`${how} misses and doubles no item of a list that grows and shrinks at any place while it is read`, () =>
      check(moving, (list) => Effect.map(readMoving(list, optionsOf), expectWhole)))
  }

  it("with proof continues where a page merely says that it is the last", () =>
    check(lying, (list) =>
      Effect.map(
        readMoving(list, () => ({ isRequired: true })),
        expectWhole
      )
    ))
})

const itemsFrom = (first: number, end: number) =>
  Array.from({ length: end - first }, (_, index) => `item ${first + index}`)

const offsetOf = (cursor: string | undefined): number => (cursor === undefined ? 0 : JSON.parse(atob(cursor)).offset)

/** A list whose rows are what `rows` says at each request, and the offsets that it was asked for. */
const serving = (rows: (request: number) => ReadonlyArray<string>, limit = 10, encode = cursorOf) => {
  const asked: Array<number> = []
  const fetch: Fetch = (cursor) =>
    Effect.sync(() => {
      const list = rows(asked.length)
      const start = cursor === undefined ? 0 : offsetOf(cursor.replace("opaque ", ""))
      asked.push(start)
      const items = list.slice(start, start + limit)
      const hasMore = start + limit < list.length
      return { items, hasMore, ...(hasMore ? { cursor: encode(start + items.length) } : {}) }
    })
  return { fetch, asked }
}

const all = itemsFrom(0, 30)

/** The list without the items from `first` on, from a request on. */
const deleting = (request: number, first: number, count: number, list = all) => {
  const rest = list.toSpliced(first, count)
  return (number: number) => (number < request ? list : rest)
}

describe("a walk with overlap over a list that loses items", () => {
  it.effect("takes one more request for each time that the list moved", () =>
    Effect.gen(function* () {
      const { asked, fetch } = serving(deleting(2, 3, 2))
      expect(yield* read(fetch, {})).toEqual({ items: all, error: undefined })
      // 18 begins with an item that was not read; 13 holds the last that was; 27 is the proof of the end.
      expect(asked).toEqual([0, 9, 18, 13, 22, 27])
    })
  )

  it.effect("steps back over everything that was deleted, in ever longer steps", () =>
    Effect.gen(function* () {
      const long = itemsFrom(0, 400)
      const { asked, fetch } = serving(deleting(20, 0, 90, long))
      expect(yield* read(fetch, {})).toEqual({ items: long, error: undefined })
      expect(asked.slice(19, 25)).toEqual([171, 180, 175, 170, 160, 140])
      expect(asked[25]).toBe(100)
    })
  )

  for (const [what, rows] of [
    ["the end is gone before it is reached", deleting(2, 15, 15)],
    ["all that was read is gone", deleting(2, 0, 19)],
    ["everything is gone", deleting(2, 0, 30)]
  ] as const) {
    it.effect(`reads what is left when ${what}`, () =>
      Effect.gen(function* () {
        const { asked, fetch } = serving(rows)
        const { error, items } = yield* read(fetch, {})
        expect(error).toBeUndefined()
        expect(items).toEqual([...all.slice(0, 19), ...rows(2).filter((item) => !all.slice(0, 19).includes(item))])
        expect(asked.length).toBeLessThan(9)
      })
    )
  }

  it.effect("fails when it finds nothing that it read within 32 pages, and names no cursor to resume at", () =>
    Effect.gen(function* () {
      const long = itemsFrom(0, 2000)
      const { asked, fetch } = serving((request) => (request < 100 ? long : itemsFrom(5000, 7000)))
      const { error, items } = yield* read(fetch, {})
      expect(items).toEqual(long.slice(0, 1 + 100 * 9))
      expect(error).toMatchObject({ _tag: "BrokenPagination", reason: "shiftedList", page: 101, seen: 901 })
      expect(Object.keys(error ?? {})).not.toContain("resumeCursor")
      expect(asked.length).toBe(108)
    })
  )
})

describe("a walk with overlap that resumes", () => {
  const cursor = cursorOf(20)
  const seen = all.slice(0, 20)
  const after = "item 19"
  const rest = all.slice(20)

  for (const [what, rows, options, expected] of [
    ["at the item after the last one", () => all, { after }, rest],
    [
      "behind items that were inserted",
      () => ["new 1", "new 2", ...all],
      { after, seen },
      ["new 1", "new 2", ...rest].slice(2)
    ],
    ["before items that were deleted", () => all.toSpliced(0, 4), { after }, rest],
    ["although the last item was deleted", () => all.toSpliced(17, 3), { after, seen }, rest],
    ["although all that was read was deleted", () => all.slice(20), { after, seen }, rest],
    ["unchecked without the last item", () => all.toSpliced(0, 5), {}, all.slice(25)]
  ] as const) {
    it.effect(`continues ${what}`, () =>
      Effect.map(read(serving(rows).fetch, { cursor, ...options }), (found) =>
        expect(found).toEqual({ items: expected, error: undefined })
      )
    )
  }

  it.effect("takes the items of the earlier walk for read only if it knows the last one", () =>
    Effect.gen(function* () {
      const { fetch } = serving((request) => (request === 0 ? all : itemsFrom(100, 130)))
      const { error, items } = yield* read(fetch, { cursor: cursorOf(10), seen })
      expect(items).toEqual(all.slice(10, 20))
      expect(error).toMatchObject({ reason: "shiftedList", page: 2 })
    })
  )

  it.effect("fails when the last item was deleted and it knows no other, once it has looked from the beginning", () =>
    Effect.gen(function* () {
      const { asked, fetch } = serving(() => all.toSpliced(17, 3))
      const { error, items } = yield* read(fetch, { cursor, after })
      expect([items, asked]).toEqual([[], [19, 14, 9, 0]])
      expect(error).toMatchObject({ reason: "shiftedList", page: 1, seen: 0 })
    })
  )
})

describe("cursors that are not offsets", () => {
  const opaque = (offset: number) => `opaque ${cursorOf(offset)}`

  it.effect("break a walk that has to prove its overlap, at the first page", () =>
    Effect.gen(function* () {
      const { asked, fetch } = serving(() => all, 10, opaque)
      const { error, items } = yield* read(fetch, {})
      expect([items, asked]).toEqual([[], [0]])
      expect(error).toMatchObject({ _tag: "BrokenPagination", reason: "unverifiable", cursor: opaque(10), page: 1 })
    })
  )

  it.effect("break it where it resumes, and where they stop being offsets", () =>
    Effect.gen(function* () {
      const resumed = yield* read(serving(() => all, 10, opaque).fetch, { cursor: opaque(10), after: "item 9" })
      expect(resumed).toMatchObject({ items: [], error: { reason: "unverifiable", resumeCursor: opaque(10) } })
      const turning = serving(
        () => all,
        10,
        (offset) => (offset > 15 ? opaque(offset) : cursorOf(offset))
      )
      expect(yield* read(turning.fetch, {})).toMatchObject({
        items: all.slice(0, 10),
        error: { reason: "unverifiable", page: 2, resumeCursor: cursorOf(10) }
      })
    })
  )

  it.effect("mean nothing on the page that says it is the last", () =>
    Effect.gen(function* () {
      const { fetch } = serving(() => all)
      const ending: Fetch = (cursor) =>
        Effect.map(fetch(cursor), (page) => (page.hasMore ? page : { ...page, cursor: "opaque" }))
      expect(yield* read(ending, {})).toEqual({ items: all, error: undefined })
    })
  )

  it.effect("are followed page by page in parallel without proof", () =>
    Effect.gen(function* () {
      const { asked, fetch } = serving(() => all, 10, opaque)
      expect(yield* read(fetch, { parallel: 4, isRequired: false })).toEqual({ items: all, error: undefined })
      expect(asked).toEqual([0, 10, 20])
    })
  )

  it.effect("prove nothing in a list of one page, which is taken as it is", () =>
    Effect.gen(function* () {
      const { asked, fetch } = serving(() => all.slice(0, 7))
      expect(yield* read(fetch, {})).toEqual({ items: all.slice(0, 7), error: undefined })
      expect(asked).toEqual([0])
    })
  )
})

describe("a walk in parallel", () => {
  it("asks for as many pages at a time as it may, and for no more", async () => {
    const list: Moving = { size: 100, limit: 5, parallel: 4, changes: [], lies: [], turns: [3] }
    const { server } = await Effect.runPromise(readMoving(list, () => ({ parallel: 4, isRequired: false })))
    expect(server.most()).toBe(4)
  })

  it.effect("takes one more request when the list moved, and then reads page by page", () =>
    Effect.gen(function* () {
      const { asked, fetch } = serving(deleting(2, 3, 2))
      expect(yield* read(fetch, { parallel: 3, isRequired: false })).toEqual({ items: all, error: undefined })
      expect(asked).toEqual([0, 9, 18, 27, 13, 22])
    })
  )

  it.effect("takes the end of a page for that of the list only if the pages behind it agree", () =>
    Effect.gen(function* () {
      const { fetch } = serving(() => all)
      let lies = 1
      const lying: Fetch = (cursor) =>
        Effect.map(fetch(cursor), (page) =>
          page.items[0] === "item 9" && lies-- > 0 ? { ...page, hasMore: false } : page
        )
      expect(yield* read(lying, { parallel: 3, isRequired: false })).toEqual({ items: all, error: undefined })
    })
  )
})
