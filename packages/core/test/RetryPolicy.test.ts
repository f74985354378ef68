import { describe, expect, it } from "@effect/vitest"
import { type AvaraError, RetryPolicy } from "@effect-avara/core"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import {
  always,
  answer,
  asTimePasses,
  broken,
  exampleCustomer,
  json,
  type OperationName,
  operationNames,
  operations,
  type Reply,
  type Sent,
  stalled,
  stalledBody,
  waits,
  withApi
} from "./support.js"

interface Result {
  readonly sent: ReadonlyArray<Sent>
  readonly error: AvaraError | undefined
}

const everySecond = RetryPolicy.make(Schedule.spaced("1 second").pipe(Schedule.intersect(Schedule.recurs(2))))

/** Returns the requests and the error of one call, with a policy of 2 retries one second apart. */
const callOf = (
  operation: OperationName,
  replies: Iterable<Reply>,
  options: Parameters<typeof withApi>[2] = {}
): Effect.Effect<Result> =>
  withApi(
    replies,
    (api) =>
      Effect.matchEffect(asTimePasses(operations[operation].call(api)), {
        onFailure: (error) => Effect.succeed({ sent: api.sent, error }),
        onSuccess: () => Effect.succeed({ sent: api.sent, error: undefined })
      }),
    { retry: everySecond, ...options }
  )

const create = "customers.create"
const safe = operationNames.filter((name) => name !== create)
const retryAfter = { "retry-after": "7" }

describe("a safe operation", () => {
  const answerOf = (name: OperationName): Reply => json(200, operations[name].body)

  for (const name of safe) {
    it.effect(`${name} is sent again unchanged after an ambiguous failure`, () =>
      Effect.gen(function* () {
        const { error, sent } = yield* callOf(name, [answer(502), answerOf(name)])
        expect(error).toBeUndefined()
        expect(sent).toHaveLength(2)
        expect(sent[1]).toEqual({ ...sent[0], at: sent[1]?.at })
      })
    )
  }

  for (const [what, reply] of [
    ["408", answer(408)],
    ["429", answer(429)],
    ["500", answer(500)],
    ["503", answer(503)],
    ["504", answer(504)],
    ["507", answer(507)],
    ["520", answer(520)],
    ["530", answer(530)],
    ["HTML in place of JSON", answer(200, "<html>")],
    ["truncated JSON", answer(200, '{"expressCustomers":')],
    ["an empty body", answer(200)],
    ["a refused connection", broken("ECONNREFUSED")],
    ["a broken connection", broken("ECONNRESET")],
    ["an attempt's timeout", stalled]
  ] as const) {
    it.effect(`is sent again after ${what}`, () =>
      Effect.map(callOf("customers.list", [reply, answerOf("customers.list")]), ({ error, sent }) => {
        expect(error).toBeUndefined()
        expect(sent).toHaveLength(2)
      })
    )
  }

  for (const [what, reply, tag] of [
    ["400", answer(400), "Validation"],
    ["401", answer(401), "Unauthorized"],
    ["403", answer(403), "Forbidden"],
    ["404", answer(404), "NotFound"],
    ["409", answer(409), "Conflict"],
    ["422", answer(422), "Validation"],
    ["501", answer(501), "ServerError"],
    ["505", answer(505), "ServerError"],
    ["302", answer(302, null, { location: "/elsewhere" }), "UnexpectedStatus"],
    ["a response that breaks the contract", json(200, {}), "InvalidResponse"],
    ["an untrusted certificate", broken("CERT_HAS_EXPIRED"), "ConnectionFailed"]
  ] as const) {
    it.effect(`is not sent again after ${what}`, () =>
      Effect.gen(function* () {
        const { error, sent } = yield* callOf("customers.update", [reply])
        expect(error?._tag).toBe(tag)
        expect(sent).toHaveLength(1)
      })
    )
  }

  it.effect("fails with the last failure and the number of attempts", () =>
    Effect.gen(function* () {
      const { error, sent } = yield* callOf("customers.list", [answer(500), answer(502), answer(503)])
      expect(error).toMatchObject({ _tag: "ServerError", status: 503, attempts: 3 })
      expect(waits(sent)).toEqual([1000, 1000])
    })
  )
})

describe("a create", () => {
  for (const [what, reply] of [
    ["a refused connection", broken("ECONNREFUSED")],
    ["a name that is not found", broken("ENOTFOUND")],
    ["429", answer(429)],
    ["503 with Retry-After", answer(503, null, retryAfter)]
  ] as const) {
    it.effect(`is sent again after ${what}, which proves that nothing was created`, () =>
      Effect.gen(function* () {
        const { error, sent } = yield* callOf(create, [reply, json(200, exampleCustomer)])
        expect(error).toBeUndefined()
        expect(sent).toHaveLength(2)
      })
    )
  }

  const lost = [
    ["500", answer(500), { reason: "ServerError", status: 500 }],
    ["500 with Retry-After", answer(500, null, retryAfter), { reason: "ServerError", status: 500 }],
    [
      "500 that asks to be retried",
      answer(500, null, { "x-should-retry": "true" }),
      { reason: "ServerError", status: 500 }
    ],
    ["502", answer(502), { reason: "ServerError", status: 502 }],
    ["503 without Retry-After", answer(503), { reason: "ServerError", status: 503 }],
    ["503 with a wait in the past", answer(503, null, { "retry-after": "0" }), { reason: "ServerError", status: 503 }],
    ["504", answer(504), { reason: "ServerError", status: 504 }],
    ["408", answer(408), { reason: "UnexpectedStatus", status: 408 }],
    ["304", answer(304), { reason: "UnexpectedStatus", status: 304 }],
    ["a broken connection", broken("ECONNRESET"), { reason: "ConnectionFailed" }],
    ["a transport error with an unknown code", broken("EWEIRD"), { reason: "ConnectionFailed" }],
    [
      "a body that is truncated with any code",
      Effect.sync(
        () =>
          new Response(
            new ReadableStream({
              pull: (controller) => controller.error(Object.assign(new Error(), { code: "ECONNREFUSED" }))
            })
          )
      ),
      { reason: "ConnectionFailed" }
    ],
    ["headers that do not arrive", stalled, { reason: "TimedOut" }],
    ["a body that does not end", stalledBody, { reason: "TimedOut" }],
    ["an empty response", answer(200), { reason: "InvalidResponse", status: 200 }],
    ["204", answer(204), { reason: "InvalidResponse", status: 204 }],
    ["a response that is not JSON", answer(201, "<html>"), { reason: "InvalidResponse", status: 201 }],
    ["a response with a different shape", json(200, { id: 1 }), { reason: "InvalidResponse", status: 200 }]
  ] as const

  for (const [what, reply, expected] of lost) {
    it.effect(`is not sent again after ${what}: its outcome is unknown`, () =>
      Effect.gen(function* () {
        const { error, sent } = yield* callOf(create, [reply])
        expect(error).toMatchObject({ _tag: "OutcomeUnknown", operation: create, attempts: 1, ...expected })
        expect(sent).toHaveLength(1)
      })
    )
  }

  for (const [what, reply, tag] of [
    ["400", answer(400), "Validation"],
    ["401", answer(401), "Unauthorized"],
    ["403", answer(403), "Forbidden"],
    ["404", answer(404), "UnexpectedStatus"],
    ["409", answer(409), "Conflict"],
    ["422", answer(422), "Validation"],
    ["a redirect to another place", answer(307, null, { location: "/" }), "UnexpectedStatus"],
    ["an untrusted certificate", broken("CERT_HAS_EXPIRED"), "ConnectionFailed"]
  ] as const) {
    it.effect(`fails with the error of ${what}, which proves that nothing was created`, () =>
      Effect.gen(function* () {
        const { error, sent } = yield* callOf(create, [reply])
        expect(error?._tag).toBe(tag)
        expect(sent).toHaveLength(1)
      })
    )
  }

  it.effect("fails with the last of several failures that prove that nothing was created", () =>
    Effect.map(callOf(create, always(answer(429))), ({ error, sent }) => {
      expect(error).toMatchObject({ _tag: "RateLimited", attempts: 3 })
      expect(sent).toHaveLength(3)
    })
  )

  it.effect("has an unknown outcome because of the first attempt that may have been processed", () =>
    Effect.map(callOf(create, [answer(429), answer(500)]), ({ error, sent }) => {
      expect(error).toMatchObject({ _tag: "OutcomeUnknown", reason: "ServerError", attempts: 2 })
      expect(sent).toHaveLength(2)
    })
  )

  it.effect("is sent again with the same idempotency key if a header is named, and each call has its own key", () =>
    Effect.gen(function* () {
      const options = { idempotencyHeader: "Idempotency-Key" }
      const first = yield* callOf(create, [answer(500), broken("ECONNRESET"), json(200, exampleCustomer)], options)
      const second = yield* callOf(create, [json(200, exampleCustomer)], options)
      const keys = [...first.sent, ...second.sent].map(({ headers }) => headers["idempotency-key"] ?? "")
      expect(first.error).toBeUndefined()
      expect(keys).toHaveLength(4)
      expect(new Set(keys.slice(0, 3)).size).toBe(1)
      expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/)
      expect(keys[3]).not.toBe(keys[0])
    })
  )

  it.effect("with an idempotency key still has an unknown outcome if all responses are lost", () =>
    Effect.map(callOf(create, always(answer(500)), { idempotencyHeader: "Idempotency-Key" }), ({ error, sent }) => {
      expect(error).toMatchObject({ _tag: "OutcomeUnknown", attempts: 3 })
      expect(sent).toHaveLength(3)
    })
  )

  it.effect("has an idempotency key only if a header is named, and other operations never have one", () =>
    Effect.gen(function* () {
      const plain = yield* callOf(create, [json(200, exampleCustomer)])
      const other = yield* callOf("customers.update", [json(200, exampleCustomer)], {
        idempotencyHeader: "Idempotency-Key"
      })
      for (const { headers } of [...plain.sent, ...other.sent])
        expect(Object.keys(headers)).not.toContain("idempotency-key")
    })
  )
})

describe("the server's advice", () => {
  for (const [what, replies, requests] of [
    [
      "x-should-retry: true sends a 404 again",
      [answer(404, null, { "x-should-retry": "true" }), json(200, exampleCustomer)],
      2
    ],
    ["x-should-retry: false ends a 503", [answer(503, null, { "x-should-retry": "false" })], 1],
    [
      "any other x-should-retry is ignored",
      [answer(503, null, { "x-should-retry": "perhaps" }), json(200, exampleCustomer)],
      2
    ]
  ] as const) {
    it.effect(what, () =>
      Effect.map(callOf("customers.retrieve", replies), ({ sent }) => expect(sent).toHaveLength(requests))
    )
  }

  it.effect("x-should-retry: true does not exceed the policy's number of retries", () =>
    Effect.map(callOf("customers.retrieve", always(answer(500, null, { "x-should-retry": "true" }))), ({ sent }) =>
      expect(sent).toHaveLength(3)
    )
  )

  for (const [headers, wait] of [
    [{ "retry-after": "7" }, 7000],
    [{ "retry-after": "0.25" }, 250],
    [{ "retry-after-ms": "1234", "retry-after": "7" }, 1234],
    [{ "retry-after": "Thu, 01 Jan 1970 00:00:30 GMT" }, 30_000],
    [{ "retry-after": "60" }, 60_000],
    [{ "retry-after": "0" }, 1000],
    [{ "retry-after": "soon" }, 1000]
  ] as const) {
    it.effect(`${JSON.stringify(headers)} is followed by another attempt after exactly ${wait} ms`, () =>
      Effect.gen(function* () {
        const { error, sent } = yield* callOf("customers.retrieve", [
          answer(429, null, headers),
          json(200, exampleCustomer)
        ])
        expect(error).toBeUndefined()
        expect(waits(sent)).toEqual([wait])
      })
    )
  }

  it.effect(
    "that asks for a longer wait than the policy allows fails the call immediately, and the error carries the wait",
    () =>
      Effect.map(callOf("customers.retrieve", [answer(503, null, { "retry-after": "61" })]), ({ error, sent }) => {
        expect(error).toMatchObject({ _tag: "ServerError", status: 503, attempts: 1 })
        expect(error?.message).toContain("1m 1s")
        expect(sent).toHaveLength(1)
      })
  )

  it.effect(
    "that asks for a wait beyond the call's deadline fails the call immediately, and the error carries the wait",
    () =>
      Effect.map(
        callOf("customers.retrieve", [answer(429, null, retryAfter)], { deadline: "7 seconds" }),
        ({ error, sent }) => {
          expect(error).toMatchObject({ _tag: "RateLimited", attempts: 1 })
          expect(error?.message).toContain("7s")
          expect(sent).toHaveLength(1)
        }
      )
  )

  it.effect("is followed up to the policy's maxRetryAfter", () =>
    Effect.gen(function* () {
      const retry = RetryPolicy.make(Schedule.recurs(1), { maxRetryAfter: "5 minutes" })
      const { sent } = yield* callOf(
        "customers.retrieve",
        [answer(503, null, { "retry-after": "300" }), json(200, exampleCustomer)],
        { retry }
      )
      expect(waits(sent)).toEqual([300_000])
    })
  )
})

describe("a policy", () => {
  it.effect("retries the failures that its predicate selects", () =>
    Effect.gen(function* () {
      const retry = RetryPolicy.make(Schedule.recurs(1), { while: (error) => error._tag === "NotFound" })
      expect(
        (yield* callOf("customers.retrieve", [answer(404), json(200, exampleCustomer)], { retry })).sent
      ).toHaveLength(2)
      expect((yield* callOf("customers.retrieve", [answer(500)], { retry })).sent).toHaveLength(1)
    })
  )

  it.effect("never retries a create whose outcome is unknown", () =>
    Effect.gen(function* () {
      const retry = RetryPolicy.make(Schedule.recurs(5), { while: () => true })
      expect((yield* callOf(create, [answer(500)], { retry })).sent).toHaveLength(1)
    })
  )

  it.effect("without retries sends one request", () =>
    Effect.map(callOf("customers.list", [answer(500)], { retry: RetryPolicy.none }), ({ sent }) =>
      expect(sent).toHaveLength(1)
    )
  )

  for (const [random, expected] of [
    [0.999999, [500, 1000, 2000, 4000, 8000, 8000]],
    [0.5, [250, 500, 1000, 2000, 4000, 4000]],
    [0, [0, 0, 0, 0, 0, 0]]
  ] as const) {
    it.effect(`of 6 retries waits ${expected.join(", ")} ms if the random number is ${random}`, () =>
      Effect.gen(function* () {
        const { sent } = yield* Effect.withRandom(
          callOf("customers.list", always(answer(500)), { retry: RetryPolicy.retries(6) }),
          Random.fixed([random])
        )
        expect(waits(sent)).toEqual(expected)
      })
    )
  }

  it.effect("is two retries by default", () =>
    withApi(always(answer(500)), ({ customers, sent }) =>
      Effect.gen(function* () {
        yield* Effect.exit(asTimePasses(customers.list()))
        expect(sent).toHaveLength(3)
        const [first = 0, second = 0] = waits(sent)
        expect(first).toBeLessThanOrEqual(500)
        expect(second).toBeLessThanOrEqual(1000)
      })
    )
  )
})
