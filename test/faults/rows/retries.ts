import { RetryPolicy } from "@effect-avara/core"
import * as Effect from "effect/Effect"
import type { Headers } from "../../support/answerHead.js"
import { clinic, create, idOf, list, retrieve, update, withOptions } from "../support/calls.js"
import { broken, clockRow, type Reply, reply } from "../support/clockRow.js"
import { fails } from "../support/result.js"
import type { Row } from "../support/row.js"
import { answer, json } from "../support/server.js"
import { socketRow } from "../support/socketRow.js"
import { theCustomer } from "./connection.js"

const ok = reply(200, clinic)

const passing = (status: number): Row =>
  socketRow({
    fault: `Status ${status}, once`,
    call: retrieve,
    server: { script: [answer(status), json(clinic)] },
    result: theCustomer,
    requests: 2,
    fetch: true
  })

const final = (status: number, result: Row["result"], call = retrieve): Row =>
  socketRow({
    fault: `Status ${status}`,
    call,
    server: { script: () => answer(status) },
    result,
    requests: 1,
    fetch: true
  })

const statuses: ReadonlyArray<Row> = [
  ...[408, 429, 500, 502, 503, 504, 507, 520, 522, 524, 530, 599].map(passing),
  socketRow({
    fault: "Status 500, every time",
    call: retrieve,
    server: { script: () => answer(500, "", { "x-request-id": "req_7" }) },
    result: fails("ServerError", { status: 500, requestId: "req_7" }),
    requests: 3,
    fetch: true
  }),
  socketRow({
    fault: "Status 520, every time",
    call: update,
    server: { script: () => answer(520) },
    result: fails("ServerError", { status: 520 }),
    requests: 3,
    fetch: true
  }),
  final(400, fails("Validation", { source: "server", status: 400 })),
  final(401, fails("Unauthorized", { status: 401 })),
  final(403, fails("Forbidden", { status: 403 })),
  final(404, fails("NotFound", { status: 404, resource: "customer", id: idOf(1) })),
  final(404, fails("UnexpectedStatus", { status: 404 }), list),
  final(409, fails("Conflict", { status: 409 }), update),
  final(418, fails("UnexpectedStatus", { status: 418 })),
  final(422, fails("Validation", { source: "server", status: 422 })),
  final(501, fails("ServerError", { status: 501 })),
  final(505, fails("ServerError", { status: 505 })),
  final(520, fails("OutcomeUnknown", { reason: "ServerError", status: 520 }), create)
]

const told = (
  fault: string,
  status: number,
  value: string,
  result: Row["result"],
  requests: number,
  call = retrieve
): Row =>
  socketRow({
    fault,
    call,
    server: { script: [answer(status, "", { "x-should-retry": value }), json(clinic)] },
    result,
    requests,
    fetch: true
  })

const orders: ReadonlyArray<Row> = [
  told("503 with `x-should-retry: false`", 503, "false", fails("ServerError", { status: 503 }), 1),
  told("409 with `x-should-retry: true`", 409, "true", theCustomer, 2, update),
  told("404 with `x-should-retry: true`", 404, "true", theCustomer, 2),
  told("404 with `x-should-retry: yes`", 404, "yes", fails("NotFound"), 1),
  told("400 with `x-should-retry: true`", 400, "true", theCustomer, 2, create),
  told(
    "500 with `x-should-retry: true`",
    500,
    "true",
    fails("OutcomeUnknown", { reason: "ServerError", status: 500 }),
    1,
    create
  )
]

const waits = (fault: string, headers: Headers, wait: number, note?: string): Row =>
  clockRow({
    fault,
    call: retrieve,
    replies: [reply(429, {}, headers), ok],
    result: theCustomer,
    requests: 2,
    at: [0, wait],
    note: note ?? `after ${wait} ms`
  })

const backsOff = (fault: string, value: string): Row =>
  waits(fault, { "retry-after": value }, 250, "after the usual backoff")

const failsNow = (fault: string, status: number, headers: Headers, result: Row["result"], options = {}): Row =>
  clockRow({ fault, call: retrieve, replies: [reply(status, {}, headers)], options, result, requests: 1, ends: 0 })

const retryAfter: ReadonlyArray<Row> = [
  waits("429 with `Retry-After: 2`", { "retry-after": "2" }, 2000),
  waits("429 with `Retry-After: 1.5`", { "retry-after": "1.5" }, 1500),
  waits("429 with a `Retry-After` date 3 seconds ahead", { "retry-after": "Thu, 01 Jan 1970 00:00:03 GMT" }, 3000),
  waits("429 with `Retry-After: 2` with spaces around it", { "retry-after": "\t 2 " }, 2000),
  waits("429 with `retry-after-ms: 40` and `Retry-After: 2`", { "retry-after-ms": "40", "retry-after": "2" }, 40),
  waits("429 with `retry-after-ms: soon` and `Retry-After: 2`", { "retry-after-ms": "soon", "retry-after": "2" }, 2000),
  waits("429 with `Retry-After: 60`, the longest wait that the client accepts", { "retry-after": "60" }, 60_000),
  backsOff("429 with `Retry-After: -5`", "-5"),
  backsOff("429 with `Retry-After: 0`", "0"),
  backsOff("429 with a `Retry-After` date that has passed", "Wed, 31 Dec 1969 23:00:00 GMT"),
  backsOff("429 with `Retry-After: tomorrow`", "tomorrow"),
  backsOff("429 with `Retry-After: NaN`", "NaN"),
  backsOff("429 with `Retry-After: 0x10`", "0x10"),
  failsNow("429 with `Retry-After: 3600`", 429, { "retry-after": "3600" }, fails("RateLimited", { retryAfter: "1h" })),
  failsNow("503 with `Retry-After: 61`", 503, { "retry-after": "61" }, fails("ServerError", { retryAfter: "1m 1s" })),
  failsNow(
    "429 with a `Retry-After` date a year ahead",
    429,
    { "retry-after": "Fri, 01 Jan 1971 00:00:00 GMT" },
    fails("RateLimited", { retryAfter: "365d" })
  ),
  failsNow("429 with a `Retry-After` of 400 digits", 429, { "retry-after": "9".repeat(400) }, fails("RateLimited")),
  failsNow(
    "429 with `Retry-After: 10` and a deadline of 5 seconds",
    429,
    { "retry-after": "10" },
    fails("RateLimited", { retryAfter: "10s" }),
    { deadline: "5 seconds" }
  )
]

/** Over real connections, where the header arrives as the server wrote it. */
const spaced: ReadonlyArray<Row> = [
  socketRow({
    fault: "503 with `retry-after-ms: 20` with spaces around it",
    call: create,
    server: { script: [answer(503, "", { "retry-after-ms": "  20 \t " }), json(clinic)] },
    result: theCustomer,
    requests: 2,
    fetch: true
  })
]

const sometimes = (number: number): Reply => (number % 2 === 1 ? reply(503, {}) : ok)

const storms: ReadonlyArray<Row> = [
  clockRow({
    fault: "429, every time",
    call: retrieve,
    replies: () => reply(429, {}),
    result: fails("RateLimited"),
    requests: 4,
    at: [0, 250, 750, 1750]
  }),
  clockRow({
    fault: "429 with `Retry-After: 1`, every time",
    call: create,
    replies: () => reply(429, {}, { "retry-after": "1" }),
    result: fails("RateLimited", { retryAfter: "1s" }),
    requests: 4,
    at: [0, 1000, 2000, 3000]
  }),
  clockRow({
    fault: "503 for every other request",
    call: retrieve,
    before: ({ customers }) => customers.retrieve(idOf(1)),
    replies: sometimes,
    result: theCustomer,
    requests: 2,
    at: [0, 250]
  }),
  clockRow({
    fault: "500, every time, with a policy of 7 retries",
    call: withOptions(retrieve, { retry: RetryPolicy.retries(7) }),
    replies: () => reply(500, {}),
    result: fails("ServerError", { status: 500 }),
    requests: 8,
    at: [0, 250, 750, 1750, 3750, 7750, 11_750, 15_750],
    note: "waits double up to 8 s, each with full jitter"
  }),
  clockRow({
    fault: "500, every time, with `RetryPolicy.none`",
    call: withOptions(retrieve, { retry: RetryPolicy.none }),
    replies: () => reply(500, {}),
    result: fails("ServerError", { status: 500 }),
    requests: 1
  }),
  clockRow({
    fault: "A storm of 500 has used up the retry budget",
    call: retrieve,
    options: { retryBudget: 17 },
    before: ({ customers }) => Effect.ignore(customers.retrieve(idOf(1))),
    replies: () => reply(500, {}),
    result: fails("ServerError", { status: 500 }),
    requests: 1,
    ends: 0
  }),
  clockRow({
    fault: "A storm of 500 has used up the retry budget, and 3 calls have succeeded since",
    call: retrieve,
    options: { retryBudget: 17 },
    before: ({ customers }) =>
      Effect.ignore(customers.retrieve(idOf(1))).pipe(Effect.zipRight(Effect.repeatN(customers.retrieve(idOf(1)), 2))),
    replies: (number) => (number > 4 && number < 8 ? ok : reply(500, {})),
    result: fails("ServerError", { status: 500 }),
    requests: 2
  }),
  clockRow({
    fault: "Timeouts use up the retry budget twice as fast",
    call: retrieve,
    options: { retryBudget: 19, timeout: "1 second" },
    replies: () => Effect.never,
    result: fails("TimedOut", { scope: "attempt", limit: "1s" }),
    requests: 2,
    at: [0, 1250]
  }),
  clockRow({
    fault: "The connection breaks once: the success of a retry refunds its tokens",
    call: retrieve,
    options: { retryBudget: 5 },
    before: ({ customers }) => customers.retrieve(idOf(1)),
    replies: [broken("ECONNRESET"), ok, broken("ECONNRESET"), ok],
    result: theCustomer,
    requests: 2
  })
]

export const retries: ReadonlyArray<Row> = [...statuses, ...orders, ...retryAfter, ...spaced, ...storms]
