import { AvaraClient, RateLimiter } from "@effect-avara/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { type Call, clinic, create, createOnce, retrieve, stream } from "../support/calls.js"
import { broken, clockRow, reply } from "../support/clockRow.js"
import { turns } from "../support/resources.js"
import { interrupted } from "../support/result.js"
import type { Row } from "../support/row.js"
import { type Answer, type FaultServer, half, halfHead, json, type ServerOptions, stall } from "../support/server.js"
import { type SocketRow, socketRow } from "../support/socketRow.js"

const seen = (count: number) => (server: FaultServer) =>
  Effect.zipRight(
    server.until(`${count} requests`, () => server.requests.length === count),
    turns
  )

const connected = (server: FaultServer) =>
  Effect.zipRight(
    server.until("a connection", () => server.opened() === 1),
    turns
  )

const row = (stage: string, server: ServerOptions, given: Partial<SocketRow> = {}): Row =>
  socketRow({
    fault: `The caller gives up ${stage}`,
    call: retrieve,
    server,
    interruptWhen: seen(1),
    result: interrupted,
    requests: 1,
    open: 0,
    fetch: true,
    ...given
  })

const during = (stage: string, answer: Answer, given: Partial<SocketRow> = {}): Row =>
  row(stage, { script: [answer] }, given)

/** More than a connection's buffers hold. */
const upload: Call = {
  text: "AvaraClient.request with 16 MB",
  run: () =>
    AvaraClient.request({
      method: "PUT",
      path: "/v1/express/{id}/studies",
      params: { id: "cus_1" },
      body: { study: "x".repeat(16 * 1024 * 1024) },
      response: Schema.Unknown
    })
}

const onSockets: ReadonlyArray<Row> = [
  row(
    "while the connection is made, before TLS is established",
    {},
    {
      https: true,
      interruptWhen: connected,
      requests: 0,
      open: 1,
      fetch: false
    }
  ),
  row(
    "while the request is sent: the server reads nothing",
    { deaf: true },
    {
      call: upload,
      interruptWhen: connected,
      requests: 0
    }
  ),
  during("before the headers", [stall]),
  during("before the headers", [stall], { call: create }),
  during("in the middle of the headers", [...halfHead, stall]),
  during("in the middle of the body", [...half(clinic), stall]),
  during("in the middle of the body of a refusal", [...half(clinic, 404), stall]),
  row(
    "while page 2 is in flight",
    {
      script: [json({ expressCustomers: [clinic], hasMore: true, cursor: "b" }), [stall]]
    },
    { call: stream, interruptWhen: seen(2), requests: 2, transport: { connections: 1 } }
  ),
  row(
    "while `createOnce` looks for the customer",
    { script: [json({}, 500), [stall]] },
    {
      call: createOnce,
      interruptWhen: seen(2),
      requests: 2,
      transport: { connections: 1 }
    }
  )
]

const onTheClock: ReadonlyArray<Row> = [
  clockRow({
    fault: "The caller gives up during the backoff",
    call: retrieve,
    replies: [broken("ECONNRESET")],
    interruptAt: 100,
    result: interrupted,
    requests: 1,
    ends: 100
  }),
  clockRow({
    fault: "The caller gives up during a wait that the server asked for",
    call: create,
    replies: [reply(429, {}, { "retry-after": "30" })],
    interruptAt: 10_000,
    result: interrupted,
    requests: 1,
    ends: 10_000
  }),
  clockRow({
    fault: "The caller gives up in the limiter's queue",
    call: retrieve,
    limiter: RateLimiter.layer({ requestsPerSecond: 0.000001 }),
    before: ({ customers }) => customers.retrieve(clinic.expressCustomerId),
    replies: [reply(200, clinic)],
    interruptAt: 5000,
    result: interrupted,
    requests: 0,
    ends: 5000
  }),
  clockRow({
    fault: "The caller gives up while `createOnce` lets the server settle",
    call: {
      text: "customers.createOnce",
      run: ({ customers }) => customers.createOnce({ expressCustomerName: "Clinic", key: "row-7" })
    },
    replies: [broken("ECONNRESET")],
    interruptAt: 2000,
    result: interrupted,
    requests: 1,
    ends: 2000
  })
]

export const interruption: ReadonlyArray<Row> = [...onSockets, ...onTheClock]
