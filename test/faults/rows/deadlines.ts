import { gzipSync } from "node:zlib"
import { RetryPolicy } from "@effect-avara/core"
import { head } from "../../support/answerHead.js"
import { clinic, create, idOf, retrieve, withOptions } from "../support/calls.js"
import { broken, clockRow, reply, stalledBody } from "../support/clockRow.js"
import { fails } from "../support/result.js"
import type { Row } from "../support/row.js"
import { type Answer, drip, half, halfHead, json, stall, write } from "../support/server.js"
import { type SocketRow, socketRow } from "../support/socketRow.js"
import { theCustomer } from "./connection.js"

const timeout = "250 millis"

const withoutRetries = withOptions(retrieve, { retry: RetryPolicy.none })

const cut = (fault: string, slow: Answer, given: Partial<SocketRow> = {}): Row =>
  socketRow({
    fault,
    call: withoutRetries,
    server: { script: () => slow },
    options: { timeout },
    result: fails("TimedOut", { scope: "attempt", limit: "250ms" }),
    requests: 1,
    open: 0,
    ...given
  })

const packed = gzipSync(JSON.stringify(clinic))

const attempts: ReadonlyArray<Row> = [
  cut("The headers never arrive", [stall], { fetch: true }),
  cut("The response stalls in the middle of the headers", [...halfHead, stall]),
  cut("The response stalls before the body", [write(head(200, { "content-length": "9" })), stall]),
  cut("The response stalls in the middle of the body", [...half(clinic), stall], { fetch: true }),
  cut("The response stalls in the middle of a gzip body", [
    write(head(200, { "content-encoding": "gzip", "content-length": String(packed.byteLength) })),
    write(packed.subarray(0, 40)),
    stall
  ]),
  cut("The headers arrive one byte every 20 ms", [drip(head(200, { "content-length": "0" }), 20)]),
  cut("The body arrives one byte every 20 ms", [
    write(head(200, { "content-length": "9999" })),
    drip(JSON.stringify(clinic), 20)
  ]),
  cut("The body arrives one chunk every 20 ms", [
    write(head(200, { "transfer-encoding": "chunked" })),
    drip("1\r\n \r\n".repeat(999), 20)
  ]),
  cut("The server accepts the connection and reads nothing", [], {
    server: { deaf: true },
    requests: 0,
    result: fails("TimedOut", { scope: "attempt", attempts: 1 })
  }),
  socketRow({
    fault: "The headers never arrive, every time",
    call: retrieve,
    server: { script: () => [stall] },
    options: { timeout },
    result: fails("TimedOut", { scope: "attempt", limit: "250ms" }),
    requests: 3,
    open: 0
  }),
  socketRow({
    fault: "The response stalls in the middle of the body, once",
    call: retrieve,
    server: { script: [[...half(clinic), stall], json(clinic)] },
    options: { timeout },
    result: theCustomer,
    requests: 2,
    fetch: true
  }),
  socketRow({
    fault: "The headers never arrive, and `withOptions` sets a shorter timeout than the client's",
    call: withOptions(retrieve, { timeout, retry: RetryPolicy.none }),
    server: { script: () => [stall] },
    result: fails("TimedOut", { scope: "attempt", limit: "250ms" }),
    requests: 1,
    open: 0,
    fetch: true
  })
]

const calls: ReadonlyArray<Row> = [
  socketRow({
    fault: "The headers never arrive, and the deadline of the call passes during the second attempt",
    call: retrieve,
    server: { script: () => [stall] },
    options: { timeout, deadline: "400 millis" },
    result: fails("TimedOut", { scope: "call", limit: "400ms" }),
    requests: 2,
    open: 0,
    fetch: true
  }),
  clockRow({
    fault: "The backoff would end after the call's deadline",
    call: retrieve,
    replies: [reply(500, {}), reply(500, {})],
    options: { deadline: "700 millis" },
    result: fails("ServerError", { status: 500 }),
    requests: 2,
    at: [0, 250],
    ends: 250,
    note: "without a pointless wait"
  }),
  clockRow({
    fault: "A create is refused with 429, and then no response arrives before the deadline of the call",
    call: create,
    replies: (number) => (number === 1 ? reply(429, {}) : stalledBody(200)),
    options: { deadline: "10 seconds" },
    result: fails("OutcomeUnknown", { reason: "TimedOut" }),
    requests: 2,
    ends: 10_000
  }),
  clockRow({
    fault: "Connections alternately break and stall",
    call: retrieve,
    replies: (number) => (number % 2 === 1 ? broken("ECONNRESET") : stalledBody(200)),
    options: { timeout: "2 seconds", deadline: "20 seconds" },
    result: fails("TimedOut", { scope: "attempt", limit: "2s" }),
    requests: 4,
    at: [0, 250, 2750, 3750],
    ends: 5750
  })
]

const refusal = (fault: string, status: number, result: Row["result"], call = retrieve): Row =>
  clockRow({ fault, call, replies: () => stalledBody(status), result, requests: 1, ends: 5000, note: "after 5 s" })

const refusals: ReadonlyArray<Row> = [
  refusal("404 whose body stalls", 404, fails("NotFound", { id: idOf(1) })),
  refusal("401 whose body stalls", 401, fails("Unauthorized")),
  refusal("409 whose body stalls", 409, fails("Conflict"), create),
  refusal("500 whose body stalls", 500, fails("OutcomeUnknown", { reason: "ServerError", status: 500 }), create),
  socketRow({
    fault: "404 whose body stalls beyond the attempt's timeout",
    call: retrieve,
    server: { script: () => [...half(clinic, 404), stall] },
    options: { timeout },
    result: fails("NotFound", { id: idOf(1) }),
    requests: 1,
    open: 0,
    fetch: true
  }),
  socketRow({
    fault: "409 whose body stalls beyond the attempt's timeout",
    call: create,
    server: { script: () => [...half(clinic, 409), stall] },
    options: { timeout },
    result: fails("Conflict"),
    requests: 1,
    open: 0,
    fetch: true
  }),
  socketRow({
    fault: "503 whose body stalls beyond the attempt's timeout, once",
    call: retrieve,
    server: { script: [[...half(clinic, 503), stall], json(clinic)] },
    options: { timeout },
    result: theCustomer,
    requests: 2,
    fetch: true
  })
]

export const deadlines: ReadonlyArray<Row> = [...attempts, ...calls, ...refusals]
