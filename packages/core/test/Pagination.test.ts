import { describe, expect, it } from "@effect/vitest"
import { type Customer, Pagination, RetryPolicy, ServerError, type StreamParams } from "@effect-avara/core"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Stream from "effect/Stream"
import { type Api, always, answer, collect, exampleCustomer, json, type Reply, type Sent, withApi } from "./support.js"

const customer = (name: string) => ({ ...exampleCustomer, expressCustomerId: `cus_${name}`, expressCustomerName: name })

const page = (names: ReadonlyArray<string>, next?: string, hasMore = next !== undefined): Reply =>
  json(200, { expressCustomers: names.map(customer), hasMore, ...(next === undefined ? {} : { cursor: next }) })

/** Returns the names that a stream emitted, its error, and the cursors that it requested. */
const read = (replies: Iterable<Reply>, params?: StreamParams) =>
  withApi(
    replies,
    ({ customers, sent }: Api) =>
      Effect.gen(function* () {
        const names: Array<string> = []
        const end = yield* customers.stream(params).pipe(
          Stream.runForEach(({ expressCustomerName }: Customer) => Effect.sync(() => names.push(expressCustomerName))),
          Effect.either
        )
        return { names, asked: askedBy(sent), error: Either.isLeft(end) ? { ...end.left } : undefined }
      }),
    { retry: RetryPolicy.none }
  )

const offset = (offset: number) => btoa(JSON.stringify({ offset }))

const askedBy = (sent: ReadonlyArray<Sent>) => sent.map(({ url }) => url.searchParams.get("cursor"))

describe("a stream of customers", () => {
  it.effect("reads the pages in order, including empty ones, to the page with hasMore: false", () =>
    Effect.map(read([page(["a", "b"], "1"), page([], "2"), page(["c"], "3"), page([])]), (result) =>
      expect(result).toEqual({ names: ["a", "b", "c"], asked: [null, "1", "2", "3"], error: undefined })
    )
  )

  it.effect("requests pages of 100 by default, and sends the cursor unchanged", () =>
    withApi([page(["a"], "e30+/=="), page(["b"])], ({ customers, sent }) =>
      Effect.gen(function* () {
        yield* Stream.runDrain(customers.stream())
        expect(sent.map(({ url }) => [url.searchParams.get("limit"), url.searchParams.get("cursor")])).toEqual([
          ["100", null],
          ["100", "e30+/=="]
        ])
      })
    )
  )

  it.effect("ignores a cursor on a page with hasMore: false", () =>
    Effect.map(read([page(["a"], "1"), page(["b"], "1", false)]), ({ error, names }) =>
      expect([names, error]).toEqual([["a", "b"], undefined])
    )
  )

  it.effect("requests only one page more than is consumed", () =>
    withApi([page(["a", "b"], "1"), page(["c"], "2"), page(["d"])], ({ customers, sent }) =>
      Effect.gen(function* () {
        expect(yield* collect(Stream.take(customers.stream(), 1))).toHaveLength(1)
        expect(askedBy(sent)).toEqual([null, "1"])
      })
    )
  )

  it.effect("drops customers that an earlier run emitted", () =>
    Effect.map(read([page(["a", "b"], "1"), page(["c"])], { seen: ["cus_b", "cus_x"] }), ({ names }) =>
      expect(names).toEqual(["a", "c"])
    )
  )

  it.effect("returns the JSON in addition to the customers, including fields that no schema names", () =>
    withApi(
      [
        json(200, {
          expressCustomers: [{ ...customer("a"), tier: "gold" }, customer("a"), customer("b")],
          hasMore: false
        })
      ],
      ({ customers }) =>
        Effect.map(collect(customers.pages()), (pages) =>
          expect(pages.map(({ duplicates, received }) => ({ duplicates, received }))).toEqual([
            { duplicates: 1, received: [{ ...customer("a"), tier: "gold" }, customer("b")] }
          ])
        )
    )
  )

  it.effect("starts again each time that it is run", () =>
    withApi([page(["a"], "1"), page(["b"]), page(["a"], "1"), page(["b"])], ({ customers }) =>
      Effect.gen(function* () {
        const stream = customers.stream()
        expect(yield* Stream.runCount(stream)).toBe(2)
        expect(yield* Stream.runCount(stream)).toBe(2)
      })
    )
  )

  for (const [what, replies, params, expected] of [
    [
      "a cursor that is repeated immediately",
      [page(["a"], "A"), page(["b"], "A")],
      {},
      {
        names: ["a"],
        asked: [null, "A"],
        error: { reason: "repeatedCursor", cursor: "A", resumeCursor: "A", page: 2, seen: 1 }
      }
    ],
    [
      "a cursor that is repeated later",
      [page(["a"], "A"), page(["b"], "B"), page(["c"], "A")],
      {},
      {
        names: ["a", "b"],
        asked: [null, "A", "B"],
        error: { reason: "repeatedCursor", cursor: "A", resumeCursor: "B", page: 3, seen: 2 }
      }
    ],
    [
      "the cursor that it started at",
      [page(["a"], "S")],
      { cursor: "S" },
      {
        names: [],
        asked: ["S"],
        error: { reason: "repeatedCursor", cursor: "S", resumeCursor: "S", page: 1, seen: 0 }
      }
    ],
    [
      "hasMore without a cursor",
      [page(["a"], "A"), page(["b"], undefined, true)],
      {},
      {
        names: ["a"],
        asked: [null, "A"],
        error: { reason: "missingCursor", resumeCursor: "A", page: 2, seen: 1 }
      }
    ],
    [
      "hasMore with an empty cursor",
      [page(["a"], "A"), page(["b"], "", true)],
      {},
      {
        names: ["a"],
        asked: [null, "A"],
        error: { reason: "missingCursor", cursor: "", resumeCursor: "A", page: 2, seen: 1 }
      }
    ],
    [
      "hasMore without a cursor on the first page",
      [page(["a"], undefined, true)],
      {},
      {
        names: [],
        asked: [null],
        error: { reason: "missingCursor", page: 1, seen: 0 }
      }
    ],
    [
      "more empty pages in a row than allowed",
      [page([], "1"), page(["a"], "2"), page([], "3"), page([], "4"), page([], "5")],
      { maxEmptyPages: 2 },
      {
        names: ["a"],
        asked: [null, "1", "2", "3", "4"],
        error: { reason: "tooManyEmptyPages", cursor: "5", resumeCursor: "4", page: 5, seen: 1 }
      }
    ],
    [
      "one page more than allowed",
      [page(["a"], "1"), page(["b"], "2")],
      { maxPages: 2 },
      {
        names: ["a"],
        asked: [null, "1"],
        error: { reason: "pageLimit", cursor: "2", resumeCursor: "1", page: 2, seen: 1 }
      }
    ]
  ] as const) {
    it.effect(`fails on ${what}, and says where`, () =>
      Effect.gen(function* () {
        const { error, ...rest } = yield* read(replies, params)
        expect(rest).toEqual({ names: expected.names, asked: expected.asked })
        expect(error).toMatchObject({ _tag: "BrokenPagination", operation: "customers.list", ...expected.error })
        expect(Object.keys(error ?? {}).includes("cursor")).toBe("cursor" in expected.error)
      })
    )
  }

  it.effect("ends an endless list of empty pages", () =>
    Effect.gen(function* () {
      let number = 0
      const endless = always(Effect.suspend(() => page([], String(++number))))
      const { asked, error } = yield* read(endless)
      expect(error).toMatchObject({ reason: "tooManyEmptyPages" })
      expect(asked).toHaveLength(101)
    })
  )

  it.effect("with exactly the allowed number of pages is complete", () =>
    Effect.map(read([page(["a"], "1"), page(["b"])], { maxPages: 2 }), ({ error, names }) =>
      expect([names, error]).toEqual([["a", "b"], undefined])
    )
  )

  for (const [what, reply, tag] of [
    ["a server error", answer(500), "ServerError"],
    ["a response that breaks the contract", json(200, { expressCustomers: [{}], hasMore: false }), "InvalidResponse"],
    ["a revoked key", answer(401), "Unauthorized"]
  ] as const) {
    it.effect(`that fails with ${what} carries the cursor of the page that failed`, () =>
      Effect.gen(function* () {
        expect((yield* read([page(["a"], "1"), reply])).error).toMatchObject({ _tag: tag, resumeCursor: "1" })
        expect(Object.keys((yield* read([reply])).error ?? {})).not.toContain("resumeCursor")
      })
    )
  }

  for (const status of [400, 404, 410, 422]) {
    it.effect(`that fails because a cursor was refused with ${status} says to read the list from its beginning`, () =>
      Effect.gen(function* () {
        const refusal = json(status, { message: "it expired" }, { "x-request-id": "req-1" })
        const { asked, error } = yield* read([page(["a"], "1"), refusal])
        expect(error).toMatchObject({
          _tag: "BrokenPagination",
          reason: "refusedCursor",
          status,
          cursor: "1",
          page: 2,
          seen: 1,
          requestId: "req-1"
        })
        expect(Object.keys(error ?? {})).not.toContain("resumeCursor")
        expect(asked).toEqual([null, "1"])
      })
    )
  }

  it.effect("reports what the server says about a cursor, and what to do", () =>
    withApi([json(400, { message: "it expired" }, { "x-request-id": "req-1" })], ({ customers }) =>
      Effect.map(Effect.flip(Stream.runDrain(customers.stream({ cursor: "9" }))), ({ message }) =>
        expect(message).toBe(
          "customers.list: page 1, after 0 customers, cannot be read because the server no longer accepts its cursor (400): " +
            "it expired; read the list again from its beginning (request id req-1)"
        )
      )
    )
  )

  it.effect("that starts at a refused cursor fails with refusedCursor, unless the page is not found", () =>
    Effect.gen(function* () {
      expect((yield* read([answer(400)], { cursor: "9" })).error).toMatchObject({
        _tag: "BrokenPagination",
        reason: "refusedCursor",
        page: 1
      })
      expect((yield* read([answer(404)], { cursor: "9" })).error).toMatchObject({
        _tag: "UnexpectedStatus",
        resumeCursor: "9"
      })
      expect((yield* read([answer(400)])).error).toMatchObject({ _tag: "Validation" })
    })
  )

  for (const [what, params, issue] of [
    ["an invalid limit", { limit: 101 }, { path: ["limit"], message: "expected an integer from 1 to 100" }],
    [
      "a limit without room for an overlap",
      { limit: 1, verify: "overlap" },
      {
        path: ["limit"],
        message: 'expected at least 2 with verify: "overlap", because consecutive pages share a customer'
      }
    ]
  ] as const) {
    it.effect(`rejects ${what} before anything is sent`, () =>
      Effect.map(read([], params), ({ asked, error }) => {
        expect(error).toMatchObject({ _tag: "Validation", issues: [issue] })
        expect(asked).toEqual([])
      })
    )
  }

  it.effect("hides the overlap in the pages that it emits", () =>
    withApi([page(["a", "b"], offset(2)), page(["b", "c"]), page(["c"])], ({ customers, sent }) =>
      Effect.gen(function* () {
        const [first, second] = yield* collect(customers.pages({ verify: "overlap" }))
        expect(Object.keys(first ?? {}).sort()).toEqual([
          "cursor",
          "duplicates",
          "expressCustomers",
          "hasMore",
          "received"
        ])
        expect(second).toMatchObject({ duplicates: 0, hasMore: false, received: [customer("c")] })
        expect(askedBy(sent)).toEqual([null, offset(1), offset(2)])
      })
    )
  )

  for (const [reason, reply, params, message] of [
    [
      "shiftedList",
      page(["x", "y"]),
      { cursor: offset(2), after: "cus_b" },
      "customers.list: page 1, after 0 customers, does not continue the pages before it because customers were deleted " +
        "while the list was read; read the list again from its beginning"
    ],
    [
      "unverifiable",
      page(["a", "b"], "2"),
      {},
      "customers.list: page 1, after 0 customers, has a cursor that is not an offset, so its overlap cannot be verified; " +
        "read the list without verifying the overlap"
    ]
  ] as const) {
    it.effect(`says what to do when verify: "overlap" fails with ${reason}`, () =>
      withApi(always(reply), ({ customers }) =>
        Effect.gen(function* () {
          const error = yield* Effect.flip(Stream.runDrain(customers.stream({ ...params, verify: "overlap" })))
          expect(error).toMatchObject({ _tag: "BrokenPagination", reason, message })
        })
      )
    )
  }
})

/** A list in which the selected pages fail once each. */
const failingOnce = (list: ReadonlyArray<ReadonlyArray<string>>, failing: Iterable<number>) => {
  const left = new Set(failing)
  return (cursor: string | undefined) =>
    Effect.suspend(() => {
      const index = cursor === undefined ? 0 : Number(cursor)
      if (left.delete(index)) return Effect.fail(new ServerError({ operation: "list", status: 500 }))
      const isLast = index >= list.length - 1
      return Effect.succeed({
        items: list[index] ?? [],
        hasMore: !isLast,
        ...(isLast ? {} : { cursor: String(index + 1) })
      })
    })
}

describe("a list that is resumed", () => {
  it.effect.prop(
    "at the cursor of each failure yields exactly the complete list, in order",
    [
      FastCheck.array(FastCheck.array(FastCheck.string(), { maxLength: 3 }), { maxLength: 8 }),
      FastCheck.uniqueArray(FastCheck.nat(7))
    ],
    ([list, failing]) =>
      Effect.gen(function* () {
        const fetch = failingOnce(list, failing)
        const items: Array<string> = []
        const readFrom = (cursor: string | undefined): Effect.Effect<void> =>
          Pagination.pages(fetch, { operation: "list", cursor }).pipe(
            Stream.runForEach((page) => Effect.sync(() => items.push(...page.items))),
            Effect.catchAll((error) => readFrom(error.resumeCursor))
          )
        yield* readFrom(undefined)
        expect(items).toEqual(list.flat())
      })
  )
})
