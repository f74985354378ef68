import * as assert from "node:assert/strict"
import { RetryPolicy } from "@effect-avara/core"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { type Call, customer, idOf, stream, streamWith } from "../support/calls.js"
import { fails, gives, type Result } from "../support/result.js"
import type { Row } from "../support/row.js"
import { type Answer, answer, close, half, json, reset, type Seen, stall, write } from "../support/server.js"
import { type SocketRow, socketRow } from "../support/socketRow.js"

/** Page `number` of `count`, with one customer. */
const page = (number: number, count: number) => ({
  expressCustomers: [customer(number)],
  hasMore: number < count,
  ...(number < count ? { cursor: `page-${number + 1}` } : {})
})

const numberOf = ({ query }: Seen): number => Number(query["cursor"]?.slice("page-".length) ?? "1")

/** A list of `count` pages; `fault` may replace the response to a request. */
const pages =
  (count: number, fault: (page: number, request: Seen) => Answer | undefined = () => undefined) =>
  (request: Seen): Answer =>
    fault(numberOf(request), request) ?? json(page(numberOf(request), count))

const all = (count: number, text = `all ${count} customers in order`): Result =>
  gives(
    text,
    Array.from({ length: count }, (_, index) => idOf(index + 1))
  )

const row = (given: Omit<SocketRow, "call" | "transport"> & { readonly call?: Call }): Row =>
  socketRow({ call: stream, transport: { connections: 1 }, fetch: true, ...given })

/** The given pages, whatever the request. */
const fixed = (answers: ReadonlyArray<Answer>): SocketRow["server"] => ({ script: answers })

const on = (broken: number, fault: Answer) => (number: number) => (number === broken ? fault : undefined)

/** Continues from the cursor of the failure. */
const resumed: Call = {
  text: "customers.stream, and again from resumeCursor",
  run: ({ customers }) => {
    const ids: Array<string> = []
    const readFrom = (cursor: string | undefined) =>
      Stream.runForEach(customers.stream(cursor === undefined ? {} : { cursor }), ({ expressCustomerId }) =>
        Effect.sync(() => ids.push(expressCustomerId))
      )
    return readFrom(undefined).pipe(
      Effect.catchAll((error) => readFrom(error.resumeCursor)),
      Effect.map(() => ids)
    )
  }
}

const html = answer(200, "<html><body>Sorry</body></html>", { "content-type": "text/html" })

const cutPage = answer(200, JSON.stringify(page(3, 5)).slice(0, -40), { "content-type": "application/json" })

const refusedCursor = (fields: Parameters<typeof fails<"BrokenPagination">>[1]): Result =>
  fails("BrokenPagination", { reason: "refusedCursor", attempts: 1, ...fields })

const listAt = (cursor: string): Call => ({
  text: "customers.list with a cursor",
  run: ({ customers }) => customers.list({ cursor })
})

const breaks: ReadonlyArray<Row> = [
  row({
    fault: "The connection is reset in the middle of page 57 of 60, once",
    server: {
      script: pages(60, (number, request) => (request.number === 57 ? [...half(page(number, 60)), reset] : undefined))
    },
    result: all(60),
    requests: 61,
    note: "only page 57 is requested again"
  }),
  row({
    fault: "The connection is reset in the middle of page 57 of 60, every time",
    server: { script: pages(60, on(57, [...half(page(57, 60)), reset])) },
    result: fails("ConnectionFailed", { reason: "reset", resumeCursor: "page-57", attempts: 3 }),
    requests: 59,
    open: 0
  }),
  row({
    fault: "The connection is reset in the middle of page 3 of 5, three times",
    call: resumed,
    server: {
      script: pages(5, (_, { number }) => (number > 2 && number < 6 ? [reset] : undefined))
    },
    result: all(5),
    requests: 8
  }),
  ...[
    { fault: "HTML with status 200", broken: html },
    { fault: "An empty body with status 200", broken: answer(200) },
    { fault: "Truncated JSON", broken: cutPage }
  ].flatMap(({ broken, fault }) => [
    row({
      fault: `${fault} in place of page 3 of 5, once`,
      server: { script: pages(5, (number, request) => (number === 3 && request.number === 3 ? broken : undefined)) },
      result: all(5),
      requests: 6
    }),
    row({
      fault: `${fault} in place of page 3 of 5, every time`,
      server: { script: pages(5, on(3, broken)) },
      result: fails("InvalidResponse", { reason: "notJson", status: 200, resumeCursor: "page-3", attempts: 3 }),
      requests: 5
    })
  ]),
  row({
    fault: "`{}` in place of page 3 of 5",
    server: { script: pages(5, on(3, json({}))) },
    result: fails("InvalidResponse", { reason: "shape", resumeCursor: "page-3", attempts: 1 }),
    requests: 3
  }),
  ...[400, 404, 410, 422].map((status) =>
    row({
      fault: `Status ${status} from page 3 of 5 on: the cursor is no longer accepted`,
      server: { script: pages(5, (number) => (number > 2 ? answer(status, "cursor expired") : undefined)) },
      result: refusedCursor({ status, cursor: "page-3", page: 3, seen: 2, detail: "cursor expired" }),
      requests: 3,
      note: "the list must start over"
    })
  ),
  row({
    fault: "Status 400 for a cursor of an earlier run",
    call: streamWith({ cursor: "page-3" }),
    server: { script: [answer(400)] },
    result: refusedCursor({ status: 400, cursor: "page-3", page: 1, seen: 0 }),
    requests: 1,
    note: "the list must start over"
  }),
  row({
    fault: "Status 404 for a cursor of an earlier run: the base URL may be wrong",
    call: streamWith({ cursor: "page-3" }),
    server: { script: [answer(404)] },
    result: fails("UnexpectedStatus", { status: 404, resumeCursor: "page-3" }),
    requests: 1
  }),
  row({
    fault: "Status 400 for the first page",
    server: { script: [answer(400)] },
    result: fails("Validation", { source: "server", status: 400 }),
    requests: 1
  }),
  row({
    fault: "Status 400 for a cursor of an earlier page",
    call: listAt("page-3"),
    server: { script: [answer(400, "bad cursor")] },
    result: fails("Validation", {
      status: 400,
      issues: "bad cursor; cursor: the server may no longer accept it: list again from the beginning, without a cursor"
    }),
    requests: 1
  }),
  row({
    fault: "503 for every other request",
    server: { script: pages(5, (_, { number }) => (number % 2 === 1 ? answer(503) : undefined)) },
    result: all(5),
    requests: 10
  }),
  row({
    fault: "401 from page 3 of 5 on: the key was revoked",
    server: { script: pages(5, (number) => (number > 2 ? answer(401) : undefined)) },
    result: fails("Unauthorized", { resumeCursor: "page-3", attempts: 1 }),
    requests: 3
  }),
  row({
    fault: "Page 3 of 5 stalls in the middle, with `RetryPolicy.none`",
    server: { script: pages(5, on(3, [...half(page(3, 5)), stall])) },
    options: { timeout: "250 millis", retry: RetryPolicy.none },
    result: fails("TimedOut", { scope: "attempt", resumeCursor: "page-3", attempts: 1 }),
    requests: 3,
    open: 0
  }),
  row({
    fault: "The server closes the kept connection after every page",
    server: { script: pages(5, (number) => [...json(page(number, 5), 200, { connection: "close" }), close]) },
    result: all(5),
    requests: 5,
    open: 0,
    seen: (requests) =>
      assert.deepEqual(
        requests.map(({ connection }) => connection),
        [1, 2, 3, 4, 5]
      )
  })
]

const cursor = (number: number, hasMore: unknown, cursor?: unknown) =>
  json({ expressCustomers: [customer(number)], hasMore, cursor })

const empty = (next: string) => json({ expressCustomers: [], hasMore: true, cursor: next })

const broken = (
  fault: string,
  answers: ReadonlyArray<Answer>,
  result: Parameters<typeof fails<"BrokenPagination">>[1],
  params = {}
): Row =>
  row({
    fault,
    call: streamWith(params),
    server: fixed(answers),
    result: fails("BrokenPagination", { ...result, attempts: 1 }),
    requests: answers.length
  })

const invalid = (fault: string, last: Answer, issues: string): Row =>
  row({
    fault,
    server: fixed([cursor(1, true, "b"), last]),
    result: fails("InvalidResponse", { issues, resumeCursor: "b", attempts: 1 }),
    requests: 2
  })

const cursors: ReadonlyArray<Row> = [
  broken("A page returns its own cursor again", [cursor(1, true, "b"), cursor(2, true, "b")], {
    reason: "repeatedCursor",
    cursor: "b",
    page: 2
  }),
  broken("The cursors repeat in a cycle: A, B, A", [cursor(1, true, "a"), cursor(2, true, "b"), cursor(3, true, "a")], {
    reason: "repeatedCursor",
    cursor: "a",
    page: 3,
    seen: 2
  }),
  broken("`hasMore` without a cursor", [cursor(1, true, "b"), cursor(2, true)], { reason: "missingCursor", page: 2 }),
  broken("`hasMore` with `cursor: null`", [cursor(1, true, null)], { reason: "missingCursor", page: 1 }),
  broken("`hasMore` with an empty cursor", [cursor(1, true, "")], { reason: "missingCursor", page: 1 }),
  invalid("`hasMore` is missing", cursor(2, undefined), "hasMore: is required"),
  invalid('`hasMore` is the text "false"', cursor(2, "false"), "hasMore: expected a boolean"),
  invalid("`hasMore` is null", cursor(2, null), "hasMore: expected a boolean"),
  invalid("`cursor` is a number", cursor(2, true, 20), "cursor: expected a string or null"),
  invalid("`expressCustomers` is missing", json({ hasMore: false }), "expressCustomers: is required"),
  row({
    fault: "The last page has `cursor: null`",
    server: fixed([cursor(1, true, "b"), cursor(2, false, null)]),
    result: all(2),
    requests: 2
  }),
  row({
    fault: "The last page has a cursor anyway",
    server: fixed([cursor(1, true, "b"), cursor(2, false, "c")]),
    result: all(2),
    requests: 2
  }),
  row({
    fault: "A cursor of characters that are reserved in a URL",
    server: fixed([cursor(1, true, "a&limit=1#?/+ %é="), cursor(2, false)]),
    result: all(2),
    requests: 2,
    seen: ([, second]) => assert.deepEqual(second?.query, { cursor: "a&limit=1#?/+ %é=", limit: "100" })
  }),
  row({
    fault: "An empty page with a cursor",
    server: fixed([cursor(1, true, "b"), empty("c"), cursor(2, false)]),
    result: all(2),
    requests: 3
  }),
  row({
    fault: "An empty list",
    server: fixed([json({ expressCustomers: [], hasMore: false })]),
    result: all(0, "no customer"),
    requests: 1
  }),
  broken(
    "Endless empty pages, with `maxEmptyPages: 2`",
    [cursor(1, true, "b"), empty("c"), empty("d"), empty("e")],
    { reason: "tooManyEmptyPages", page: 4 },
    { maxEmptyPages: 2 }
  ),
  broken(
    "The same customer on endless pages with new cursors, with `maxEmptyPages: 2`",
    [cursor(1, true, "b"), cursor(1, true, "c"), cursor(1, true, "d"), cursor(1, true, "e")],
    { reason: "tooManyEmptyPages", page: 4, seen: 1 },
    { maxEmptyPages: 2 }
  ),
  broken(
    "More pages than `maxPages: 2`",
    [cursor(1, true, "b"), cursor(2, true, "c")],
    { reason: "pageLimit", page: 2 },
    { maxPages: 2 }
  )
]

/** A list in pages of 2 whose cursors are offsets into the list at each request. */
const offsets =
  (rows: (request: number) => ReadonlyArray<number>) =>
  ({ number, query }: Seen): Answer => {
    const there = rows(number)
    const start = Number(query["cursor"] ?? "0")
    const end = start + 2
    return json({
      expressCustomers: there.slice(start, end).map(customer),
      hasMore: end < there.length,
      ...(end < there.length ? { cursor: String(end) } : {})
    })
  }

const drifting: ReadonlyArray<Row> = [
  row({
    fault: "A customer is inserted at the front while the list is read by offset",
    server: { script: offsets((request) => (request === 1 ? [1, 2, 3, 4] : [9, 1, 2, 3, 4])) },
    result: all(4, "each of the 4 customers once"),
    requests: 3
  }),
  row({
    fault: "A customer is inserted at the front while the list is read by offset, with `distinct: false`",
    call: streamWith({ distinct: false }),
    server: { script: offsets((request) => (request === 1 ? [1, 2, 3, 4] : [9, 1, 2, 3, 4])) },
    result: gives("the customers as received, one of them twice", [1, 2, 2, 3, 4].map(idOf)),
    requests: 3
  }),
  row({
    fault: "The consumer takes 2 customers of 5 pages",
    call: {
      text: "customers.stream, taking 2 in 20 ms",
      run: ({ customers }) =>
        customers.stream().pipe(
          Stream.tap(() => Effect.sleep("10 millis")),
          Stream.take(2),
          Stream.map(({ expressCustomerId }) => expressCustomerId),
          Stream.runCollect,
          Effect.map((taken) => [...taken])
        )
    },
    server: { script: pages(5, on(3, [write(""), stall])) },
    result: all(2, "2 customers; the page in flight is abandoned"),
    requests: 3,
    open: 0
  })
]

export const pagination: ReadonlyArray<Row> = [...breaks, ...cursors, ...drifting]
