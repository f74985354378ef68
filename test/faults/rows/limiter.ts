import { RateLimiter } from "@effect-avara/core"
import * as Effect from "effect/Effect"
import { type Call, clinic, create, idOf, retrieve } from "../support/calls.js"
import { clockRow, reply } from "../support/clockRow.js"
import { fails, gives } from "../support/result.js"
import type { Row } from "../support/row.js"
import { theCustomer } from "./connection.js"

const ok = reply(200, clinic)

const times = (count: number): Call => ({
  text: `${count} fibers, each customers.retrieve`,
  run: ({ customers }) =>
    Effect.map(
      Effect.all(
        Array.from({ length: count }, () => customers.retrieve(idOf(1))),
        { concurrency: "unbounded" }
      ),
      (all) => all.length
    )
})

const everybody = (count: number) => gives("a customer for each", count)

const tenASecond = RateLimiter.layer({ requestsPerSecond: 10 })

export const limiter: ReadonlyArray<Row> = [
  clockRow({
    fault: "5 concurrent calls, with `requestsPerSecond: 10`",
    call: times(5),
    limiter: tenASecond,
    replies: () => ok,
    result: everybody(5),
    requests: 5,
    at: [0, 100, 200, 300, 400]
  }),
  clockRow({
    fault: "4 concurrent calls that take a second each, with `concurrency: 2`",
    call: times(4),
    limiter: RateLimiter.layer({ concurrency: 2 }),
    replies: () => Effect.delay(ok, "1 second"),
    result: everybody(4),
    requests: 4,
    at: [0, 0, 1000, 1000]
  }),
  clockRow({
    fault: "The first of 4 calls gets 429",
    call: times(4),
    limiter: tenASecond,
    replies: (number) => (number === 1 ? reply(429, {}) : ok),
    result: everybody(4),
    requests: 5,
    at: [0, 100, 300, 500, 700],
    note: "at half the rate afterward"
  }),
  clockRow({
    fault: "The first of 3 calls gets 429 with `Retry-After: 3`",
    call: times(3),
    limiter: tenASecond,
    replies: (number) => (number === 1 ? reply(429, {}, { "retry-after": "3" }) : ok),
    result: everybody(3),
    requests: 4,
    at: [0, 3000, 3200, 3382],
    note: "all calls wait"
  }),
  clockRow({
    fault: "The first of 3 calls gets 503 with `Retry-After: 3`",
    call: times(3),
    limiter: tenASecond,
    replies: (number) => (number === 1 ? reply(503, {}, { "retry-after": "3" }) : ok),
    result: everybody(3),
    requests: 4,
    at: [0, 3000, 3200, 3382],
    note: "all calls wait"
  }),
  clockRow({
    fault: "A minute of calls after a 429",
    call: times(3),
    limiter: tenASecond,
    before: ({ customers }) =>
      Effect.repeatN(Effect.zipLeft(customers.retrieve(idOf(1)), Effect.sleep("1 second")), 60),
    replies: (number) => (number === 1 ? reply(429, {}) : ok),
    result: everybody(3),
    requests: 3,
    at: [0, 100, 200],
    note: "the full rate is restored"
  }),
  clockRow({
    fault: "The call's deadline passes in the limiter's queue",
    call: create,
    limiter: RateLimiter.layer({ requestsPerSecond: 0.000001 }),
    options: { deadline: "5 seconds" },
    before: ({ customers }) => customers.retrieve(idOf(1)),
    replies: [ok],
    result: fails("TimedOut", { scope: "call", limit: "5s", attempts: 0 }),
    requests: 0
  }),
  clockRow({
    fault: "A call waits in the limiter's queue for longer than an attempt may take",
    call: times(2),
    limiter: RateLimiter.layer({ requestsPerSecond: 0.1 }),
    options: { timeout: "1 second" },
    replies: () => ok,
    result: everybody(2),
    requests: 2,
    at: [0, 10_000],
    note: "only the call's deadline counts there"
  }),
  clockRow({
    fault: "A server fails with 500: no sign of too many requests",
    call: retrieve,
    limiter: tenASecond,
    replies: [reply(500, {}), ok],
    result: theCustomer,
    requests: 2,
    at: [0, 250]
  })
]
