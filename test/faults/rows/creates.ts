import * as assert from "node:assert/strict"
import * as Effect from "effect/Effect"
import { type Call, clinic, create, createOnce, customer } from "../support/calls.js"
import { broken, clockRow, reply } from "../support/clockRow.js"
import { fails, type Result } from "../support/result.js"
import type { Row } from "../support/row.js"
import { type Answer, answer, close, half, json, reset, type Seen, stall } from "../support/server.js"
import { socketRow } from "../support/socketRow.js"
import { theCustomer } from "./connection.js"

const unknown = (fault: string, lost: Answer, result: Parameters<typeof fails<"OutcomeUnknown">>[1], open = 0): Row =>
  socketRow({
    fault,
    call: create,
    server: { script: [lost, json(clinic)] },
    options: { timeout: result?.reason === "TimedOut" ? "250 millis" : "5 seconds" },
    result: fails("OutcomeUnknown", result),
    requests: 1,
    open,
    fetch: true
  })

const html = "<html><body>Hello</body></html>"

const lost: ReadonlyArray<Row> = [
  unknown("The connection is reset before the response", [reset], { reason: "ConnectionFailed" }),
  unknown("The connection is closed before the response", [close], { reason: "ConnectionFailed" }),
  unknown("The connection is reset in the middle of the response", [...half(clinic), reset], {
    reason: "ConnectionFailed"
  }),
  unknown("The response never arrives", [stall], { reason: "TimedOut" }),
  unknown("The response stalls in the middle of its body", [...half(clinic), stall], { reason: "TimedOut" }),
  unknown("Status 500", answer(500), { reason: "ServerError", status: 500 }, 1),
  unknown("Status 502", answer(502), { reason: "ServerError", status: 502 }, 1),
  unknown("Status 503 without `Retry-After`", answer(503), { reason: "ServerError", status: 503 }, 1),
  unknown("Status 504", answer(504), { reason: "ServerError", status: 504 }, 1),
  unknown("Status 408", answer(408), { reason: "UnexpectedStatus", status: 408 }, 1),
  unknown("HTML with status 200", answer(200, html), { reason: "InvalidResponse", status: 200 }, 1),
  unknown(
    "Truncated JSON",
    answer(200, JSON.stringify(clinic).slice(0, -9)),
    { reason: "InvalidResponse", status: 200 },
    1
  ),
  unknown("An empty body with status 201", answer(201), { reason: "InvalidResponse", status: 201 }, 1),
  unknown(
    "A customer without an id",
    json({ ...clinic, expressCustomerId: undefined }),
    {
      reason: "InvalidResponse",
      status: 200
    },
    1
  ),
  socketRow({
    fault: "Status 429, then the connection is reset",
    call: create,
    server: { script: [answer(429), [reset], json(clinic)] },
    result: fails("OutcomeUnknown", { reason: "ConnectionFailed" }),
    requests: 2,
    open: 0,
    fetch: true
  })
]

const refused: ReadonlyArray<Row> = [
  socketRow({
    fault: "Status 429: certainly not processed",
    call: create,
    server: { script: [answer(429), json(clinic)] },
    result: theCustomer,
    requests: 2,
    fetch: true
  }),
  clockRow({
    fault: "Status 503 with `Retry-After: 2`: certainly not processed",
    call: create,
    replies: [reply(503, {}, { "retry-after": "2" }), reply(200, clinic)],
    result: theCustomer,
    requests: 2,
    at: [0, 2000]
  }),
  socketRow({
    fault: "Status 409",
    call: create,
    server: { script: () => answer(409) },
    result: fails("Conflict", { status: 409 }),
    requests: 1,
    fetch: true
  }),
  socketRow({
    fault: "Status 422",
    call: create,
    server: { script: () => json({ errors: [{ path: ["expressCustomerName"], message: "is taken" }] }, 422) },
    result: fails("Validation", { source: "server", status: 422, issues: "expressCustomerName: is taken" }),
    requests: 1,
    fetch: true
  })
]

const idempotencyHeader = "idempotency-key"

const keysOf = (requests: ReadonlyArray<Seen>): ReadonlySet<string | undefined> =>
  new Set(requests.map(({ headers }) => headers[idempotencyHeader]))

const idempotent: ReadonlyArray<Row> = [
  socketRow({
    fault: "The response is lost, with an `idempotencyHeader`",
    call: create,
    server: { script: [[reset], answer(200, html), json(clinic)] },
    options: { idempotencyHeader },
    result: theCustomer,
    requests: 3,
    fetch: true,
    note: "all under the same key",
    seen: (requests) => {
      assert.equal(keysOf(requests).size, 1)
      assert.match(requests[0]?.headers[idempotencyHeader] ?? "", /^[0-9a-f-]{36}$/)
    }
  }),
  socketRow({
    fault: "Two creates, with an `idempotencyHeader`",
    call: { ...create, run: (api) => Effect.zipRight(create.run(api), create.run(api)) },
    server: { script: () => json(clinic) },
    options: { idempotencyHeader },
    transport: { connections: 1 },
    result: theCustomer,
    requests: 2,
    fetch: true,
    note: "each with its own key",
    seen: (requests) => assert.equal(keysOf(requests).size, 2)
  }),
  socketRow({
    fault: "Every response is lost, with an `idempotencyHeader`",
    call: create,
    server: { script: () => [reset] },
    options: { idempotencyHeader },
    result: fails("OutcomeUnknown", { reason: "ConnectionFailed" }),
    requests: 3,
    open: 0,
    fetch: true
  })
]

const page = (...found: ReadonlyArray<object>) => ({ expressCustomers: found, hasMore: false })

const keyed = { ...clinic, metadata: { createOnceKey: "row-7" } }

const keyedCustomer: Result = { _tag: "Gives", text: "the customer", value: keyed }

const expectCreates = (count: number) => (requests: ReadonlyArray<Seen>) =>
  assert.equal(requests.filter(({ method }) => method === "POST").length, count)

const sure = (
  fault: string,
  script: ReadonlyArray<Answer>,
  result: Result,
  posts: number,
  { call = createOnce, open = 1 }: { readonly call?: Call; readonly open?: number } = {}
): Row =>
  socketRow({
    fault,
    call,
    server: { script },
    transport: { connections: 1 },
    result,
    requests: script.length,
    open,
    note: posts === 1 ? "the create is sent once" : `the create is sent ${posts} times`,
    seen: expectCreates(posts),
    fetch: true
  })

const withEntryTaken: Call = {
  text: "customers.createOnce",
  run: ({ customers }) =>
    customers.createOnce({ expressCustomerName: "Clinic", key: "row-7", metadata: { createOnceKey: "mine" } })
}

const lookingFirst: Call = {
  text: "customers.createOnce with lookFirst",
  run: ({ customers }) =>
    Effect.map(
      customers.createOnce({ expressCustomerName: "Clinic 1", key: "row-7", lookFirst: true }),
      ({ expressCustomerId, metadata }) => ({ expressCustomerId, metadata })
    )
}

const once: ReadonlyArray<Row> = [
  sure("The response is lost, the customer was created", [[reset], json(page(customer(2), keyed))], keyedCustomer, 1),
  sure(
    "The response is lost, the customer was not created",
    [[reset], json(page(customer(2))), json(keyed)],
    keyedCustomer,
    2
  ),
  sure(
    "The response is lost, and the list cannot be read",
    [[reset], json({}, 403)],
    fails("OutcomeUnknown", { reason: "ConnectionFailed", attempts: 1 }),
    1
  ),
  sure(
    "The response is lost, and the list is broken: a page without `hasMore`",
    [[reset], json({ expressCustomers: [] })],
    fails("OutcomeUnknown", { reason: "ConnectionFailed", attempts: 1 }),
    1
  ),
  sure(
    "The response is lost 3 times, and no customer was created",
    [[reset], json(page()), [reset], json(page()), [reset], json(page())],
    fails("OutcomeUnknown", { reason: "ConnectionFailed", attempts: 1 }),
    3
  ),
  sure(
    "Another customer has the key's value under another name",
    [[reset], json(page({ ...clinic, metadata: { other: "row-7" } })), json(keyed)],
    keyedCustomer,
    2
  ),
  sure(
    "An earlier run created the customer",
    [json(page(keyed))],
    {
      _tag: "Gives",
      text: "the customer",
      value: { expressCustomerId: keyed.expressCustomerId, metadata: keyed.metadata }
    },
    0,
    { call: lookingFirst }
  ),
  sure(
    "The caller's metadata has the entry of the key",
    [],
    fails("Validation", {
      source: "client",
      issues: "metadata.createOnceKey: is reserved for the key: leave it out, or set keyName"
    }),
    0,
    { call: withEntryTaken, open: 0 }
  ),
  clockRow({
    fault: "The response is lost: the lookup waits until the server may be done",
    call: {
      text: "customers.createOnce",
      run: ({ customers }) =>
        Effect.asVoid(customers.createOnce({ expressCustomerName: "Clinic", key: "row-7", settle: "7 seconds" }))
    },
    replies: [broken("ECONNRESET"), reply(200, page(keyed))],
    result: { _tag: "Gives", text: "the customer", value: undefined },
    requests: 2,
    at: [0, 7000]
  })
]

export const creates: ReadonlyArray<Row> = [...lost, ...refused, ...idempotent, ...once]
