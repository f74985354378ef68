import { describe, expect, it } from "@effect/vitest"
import { type BrokenPagination, type Pagination, ServerError } from "@effect-avara/core"
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

/** Returns the items that a walk with overlap reads, to its end or its failure. Only the overlap drops items. */
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

/** Checks that every item that existed the whole time appears once and in order, and no other item twice. */
const expectWhole = ({ error, items, server }: Read & { readonly server: ReturnType<typeof makeMoving> }) => {
  const lasting = server.lasting()
  const known = new Set(lasting)
  expect(error).toBeUndefined()
  expect(items.filter((id) => known.has(id))).toEqual(lasting)
  expect(new Set(items).size).toBe(items.length)
}

describe("a walk with overlap", () => {
  for (const [how, optionsOf] of ways) {
    it(`${how} reads an unchanged list exactly, with one request per page and one to prove its end`, () =>
      check(still, (list) =>
        Effect.map(readMoving(list, optionsOf), ({ error, items, server }) => {
          expect([items, error]).toEqual([server.lasting(), undefined])
          const steps = Math.ceil(Math.max(0, list.size - list.limit) / (list.limit - 1))
          const pages = 1 + steps + (steps === 0 ? 0 : 1)
          if (how === "page by page") expect(server.requests()).toBe(pages)
          else expect(server.requests()).toBeLessThanOrEqual(pages + list.parallel)
        })
      ))

    it(`${how} misses and repeats no item of a list that grows and shrinks anywhere while it is read`, () =>
      check(moving, (list) => Effect.map(readMoving(list, optionsOf), expectWhole)))
  }

  it("with proof continues after a page that wrongly says that it is the last", () =>
    check(lying, (list) =>
      Effect.map(
        readMoving(list, () => ({ isRequired: true })),
        expectWhole
      )
    ))
})

const failure = Effect.fail(new ServerError({ operation: "test", status: 500 }))

const itemsFrom = (first: number, end: number) =>
  Array.from({ length: end - first }, (_, index) => `item ${first + index}`)

const offsetOf = (cursor: string | undefined): number => (cursor === undefined ? 0 : JSON.parse(atob(cursor)).offset)

/** A list with the rows that `rows` returns for each request, and logs of the requested offsets and cursors. */
const serving = (rows: (request: number) => ReadonlyArray<string>, limit = 10, encode = cursorOf) => {
  const asked: Array<number> = []
  const cursors: Array<string | undefined> = []
  const fetch: Fetch = (cursor) =>
    Effect.sync(() => {
      cursors.push(cursor)
      const list = rows(asked.length)
      const start = cursor === undefined ? 0 : offsetOf(cursor.replace("opaque ", ""))
      asked.push(start)
      const items = list.slice(start, start + limit)
      const hasMore = start + limit < list.length
      return { items, hasMore, ...(hasMore ? { cursor: encode(start + items.length) } : {}) }
    })
  return { fetch, asked, cursors }
}

const all = itemsFrom(0, 30)

/** Deletes items of the list, starting with a certain request. */
const deleting = (request: number, first: number, count: number, list = all) => {
  const rest = list.toSpliced(first, count)
  return (number: number) => (number < request ? list : rest)
}

describe("a walk with overlap over a list that loses items", () => {
  it.effect("needs one more request for each shift of the list", () =>
    Effect.gen(function* () {
      const { asked, fetch } = serving(deleting(2, 3, 2))
      expect(yield* read(fetch, {})).toEqual({ items: all, error: undefined })
      // 18 begins with an item that was not read, 13 contains the last one that was, and 27 proves the end.
      expect(asked).toEqual([0, 9, 18, 13, 22, 27])
    })
  )

  it.effect("steps back over all deleted items, in ever longer steps", () =>
    Effect.gen(function* () {
      const long = itemsFrom(0, 400)
      const { asked, fetch } = serving(deleting(20, 0, 90, long))
      expect(yield* read(fetch, {})).toEqual({ items: long, error: undefined })
      expect(asked.slice(19, 25)).toEqual([171, 180, 175, 170, 160, 140])
      expect(asked[25]).toBe(100)
    })
  )

  for (const [what, rows] of [
    ["the end is deleted before it is reached", deleting(2, 15, 15)],
    ["all items that were read are deleted", deleting(2, 0, 19)],
    ["all items are deleted", deleting(2, 0, 30)]
  ] as const) {
    it.effect(`reads the remaining items if ${what}`, () =>
      Effect.gen(function* () {
        const { asked, fetch } = serving(rows)
        const { error, items } = yield* read(fetch, {})
        expect(error).toBeUndefined()
        expect(items).toEqual([...all.slice(0, 19), ...rows(2).filter((item) => !all.slice(0, 19).includes(item))])
        expect(asked.length).toBeLessThan(9)
      })
    )
  }

  it.effect("finds the remaining items that it read between two of its steps back", () =>
    Effect.gen(function* () {
      const long = itemsFrom(0, 2000)
      const moved = [...itemsFrom(5000, 5875), ...long.slice(0, 3), ...long.slice(901)]
      const { fetch } = serving((request) => (request < 100 ? long : moved))
      const { error, items } = yield* read(fetch, {})
      expect([error, items]).toEqual([undefined, long])
    })
  )

  it.effect("fails if it finds no item that it read within 32 pages, and has no cursor to resume at", () =>
    Effect.gen(function* () {
      const long = itemsFrom(0, 2000)
      const { asked, fetch } = serving((request) => (request < 100 ? long : itemsFrom(5000, 7000)))
      const { error, items } = yield* read(fetch, {})
      expect(items).toEqual(long.slice(0, 1 + 100 * 9))
      expect(error).toMatchObject({ _tag: "BrokenPagination", reason: "shiftedList", page: 101, seen: 901 })
      expect(Object.keys(error ?? {})).not.toContain("resumeCursor")
      expect(asked.length).toBe(139)
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
    ["after inserted items", () => ["new 1", "new 2", ...all], { after, seen }, ["new 1", "new 2", ...rest].slice(2)],
    ["before deleted items", () => all.toSpliced(0, 4), { after }, rest],
    ["although the last item was deleted", () => all.toSpliced(17, 3), { after, seen }, rest],
    ["although all items that were read were deleted", () => all.slice(20), { after, seen }, rest],
    ["unchecked without the last item", () => all.toSpliced(0, 5), {}, all.slice(25)]
  ] as const) {
    it.effect(`continues ${what}`, () =>
      Effect.map(read(serving(rows).fetch, { cursor, ...options }), (found) =>
        expect(found).toEqual({ items: expected, error: undefined })
      )
    )
  }

  it.effect("treats the items of the earlier walk as read only if it knows the last one", () =>
    Effect.gen(function* () {
      const { fetch } = serving((request) => (request === 0 ? all : itemsFrom(100, 130)))
      const { error, items } = yield* read(fetch, { cursor: cursorOf(10), seen })
      expect(items).toEqual(all.slice(10, 20))
      expect(error).toMatchObject({ reason: "shiftedList", page: 2 })
    })
  )

  it.effect("fails after looking from the beginning, if the last item was deleted and it knows no other one", () =>
    Effect.gen(function* () {
      const { cursors, fetch } = serving(() => all.toSpliced(17, 3))
      const { error, items } = yield* read(fetch, { cursor, after })
      expect([items, cursors]).toEqual([[], [cursorOf(19), cursorOf(14), cursorOf(9), undefined, cursorOf(10)]])
      expect(error).toMatchObject({ reason: "shiftedList", page: 1, seen: 0 })
    })
  )
})

describe("a walk with overlap that starts", () => {
  it.effect("at the beginning ignores the items of an earlier walk", () =>
    Effect.map(read(serving(() => all).fetch, { after: "item 3", seen: ["item 1"] }), (found) => {
      expect(found).toEqual({ items: all, error: undefined })
    })
  )

  it.effect("at a cursor verifies that its first page is the last one", () =>
    Effect.gen(function* () {
      const { asked, fetch } = serving(() => all)
      expect(yield* read(fetch, { cursor: cursorOf(20) })).toEqual({ items: all.slice(20), error: undefined })
      expect(asked).toEqual([20, 29])
    })
  )

  it.effect("requests a failing page once", () =>
    Effect.gen(function* () {
      const { asked, fetch } = serving(() => all)
      const failing: Fetch = (cursor) =>
        cursor === cursorOf(18) ? Effect.zipRight(fetch(cursor), failure) : fetch(cursor)
      expect(yield* read(failing, {})).toMatchObject({ items: all.slice(0, 19), error: { _tag: "ServerError" } })
      expect(asked).toEqual([0, 9, 18])
    })
  )
})

describe("cursors that are not offsets", () => {
  const opaque = (offset: number) => `opaque ${cursorOf(offset)}`

  it.effect("break a walk that must prove its overlap, at the first page", () =>
    Effect.gen(function* () {
      const { asked, fetch } = serving(() => all, 10, opaque)
      const { error, items } = yield* read(fetch, {})
      expect([items, asked]).toEqual([[], [0]])
      expect(error).toMatchObject({ _tag: "BrokenPagination", reason: "unverifiable", cursor: opaque(10), page: 1 })
    })
  )

  it.effect("break it if it resumes, and if they stop being offsets", () =>
    Effect.gen(function* () {
      const resuming = serving(() => all, 10, opaque)
      const resumed = yield* read(resuming.fetch, { cursor: opaque(10), after: "item 9" })
      expect(resumed).toMatchObject({ items: [], error: { reason: "unverifiable", resumeCursor: opaque(10) } })
      expect(resuming.cursors).toEqual([opaque(10)])
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

  it.effect("are ignored on the last page", () =>
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

  it.effect("are followed, offsets or not, after the first one that is not an offset", () =>
    Effect.gen(function* () {
      const { cursors, fetch } = serving(
        () => all,
        10,
        (offset) => (offset === 10 ? opaque(offset) : cursorOf(offset))
      )
      expect(yield* read(fetch, { parallel: 4, isRequired: false })).toEqual({ items: all, error: undefined })
      expect(cursors).toEqual([undefined, opaque(10), cursorOf(20)])
    })
  )

  it.effect("are not checked in a list of one page", () =>
    Effect.gen(function* () {
      const { asked, fetch } = serving(() => all.slice(0, 7))
      expect(yield* read(fetch, {})).toEqual({ items: all.slice(0, 7), error: undefined })
      expect(asked).toEqual([0])
    })
  )
})

describe("a walk in parallel", () => {
  it.effect("treats a failing page after the end as one that agrees on the end", () =>
    Effect.gen(function* () {
      const { asked, fetch } = serving(() => all)
      const strict: Fetch = (cursor) => (offsetOf(cursor) >= 30 ? failure : fetch(cursor))
      expect(yield* read(strict, { parallel: 4, isRequired: false })).toEqual({ items: all, error: undefined })
      expect(asked).toEqual([0, 9, 18, 27])
    })
  )

  for (const [what, behind] of [
    ["has items", { items: ["item 27"], hasMore: false }],
    ["has more", { items: [], hasMore: true, cursor: "27" }]
  ] as const) {
    it.effect(`requests the page after the end if a later page ${what}`, () =>
      Effect.gen(function* () {
        const list = all.slice(0, 18)
        const { asked, fetch } = serving(() => list)
        const lying: Fetch = (cursor) => (offsetOf(cursor) === 27 ? Effect.succeed(behind) : fetch(cursor))
        expect(yield* read(lying, { parallel: 3, isRequired: false })).toEqual({ items: list, error: undefined })
        expect(asked).toEqual([0, 9, 18, 17])
      })
    )
  }

  it.effect("requests a page again that failed too early, and then reads page by page", () =>
    Effect.gen(function* () {
      const { asked, fetch } = serving(() => all)
      let failures = 1
      const failing: Fetch = (cursor) => (cursor === cursorOf(18) && failures-- > 0 ? failure : fetch(cursor))
      expect(yield* read(failing, { parallel: 3, isRequired: false })).toEqual({ items: all, error: undefined })
      expect(asked).toEqual([0, 9, 27, 18, 27])
    })
  )

  it.effect("continues page by page after a page that is not full", () =>
    Effect.gen(function* () {
      const { asked, fetch } = serving(() => all, 5)
      expect(yield* read(fetch, { parallel: 3, isRequired: false })).toEqual({ items: all, error: undefined })
      expect(asked).toEqual([0, 4, 13, 22, 8, 12, 16, 20, 24, 28])
    })
  )

  it.effect("cancels the pending requests if cursors are not offsets", () =>
    Effect.gen(function* () {
      const events: Array<string> = []
      const { fetch } = serving(
        () => all,
        10,
        (offset) => (offset > 10 ? `opaque ${cursorOf(offset)}` : cursorOf(offset))
      )
      const noting: Fetch = (cursor) => {
        const offset = offsetOf(cursor?.replace("opaque ", ""))
        const isStuck = cursor === cursorOf(18) || cursor === cursorOf(27)
        return Effect.zipRight(
          Effect.sync(() => events.push(`asked for ${offset}`)),
          isStuck
            ? Effect.onInterrupt(Effect.never, () => Effect.sync(() => events.push(`gave up ${offset}`)))
            : fetch(cursor)
        )
      }
      expect(yield* read(noting, { parallel: 3, isRequired: false })).toEqual({ items: all, error: undefined })
      expect(events).toEqual([
        "asked for 0",
        "asked for 9",
        "asked for 18",
        "asked for 27",
        "gave up 18",
        "gave up 27",
        "asked for 19",
        "asked for 29"
      ])
    })
  )

  it("requests the allowed number of pages at a time, and no more", async () => {
    const list: Moving = { size: 100, limit: 5, parallel: 4, changes: [], lies: [], turns: [3] }
    const { server } = await Effect.runPromise(readMoving(list, () => ({ parallel: 4, isRequired: false })))
    expect(server.most()).toBe(4)
  })

  it.effect("needs one more request if the list has shifted, and then reads page by page", () =>
    Effect.gen(function* () {
      const { asked, fetch } = serving(deleting(2, 3, 2))
      expect(yield* read(fetch, { parallel: 3, isRequired: false })).toEqual({ items: all, error: undefined })
      expect(asked).toEqual([0, 9, 18, 27, 13, 22])
    })
  )

  it.effect("accepts the end of the list only if the later pages agree", () =>
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
