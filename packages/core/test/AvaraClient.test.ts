import * as HttpClient from "@effect/platform/HttpClient"
import { describe, expect, it } from "@effect/vitest"
import { Avara, AvaraClient, type AvaraError, Customers, RetryPolicy } from "@effect-avara/core"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import {
  type Api,
  always,
  answer,
  asTimePasses,
  broken,
  collect,
  customerId,
  exampleCustomer,
  examplePage,
  json,
  key,
  movableWallClock,
  type Reply,
  script,
  stalled,
  stalledBody,
  userId,
  withApi
} from "./support.js"

const spaced = RetryPolicy.make(Schedule.spaced("1 second").pipe(Schedule.intersect(Schedule.recurs(2))))

const late = (delay: Duration.DurationInput, reply: Reply) => Effect.delay(reply, delay)

const page = json(200, examplePage)

describe("a deadline", () => {
  it.effect("ends the attempt of an uninterruptible caller", () =>
    withApi(
      [stalled],
      ({ customers }) =>
        Effect.gen(function* () {
          const error = yield* asTimePasses(Effect.uninterruptible(Effect.flip(customers.list())))
          expect(error).toMatchObject({ _tag: "TimedOut", scope: "attempt" })
        }),
      { retry: RetryPolicy.none }
    )
  )

  for (const [what, reply] of [
    ["headers do not arrive", stalled],
    ["the body does not end", stalledBody]
  ] as const) {
    it.effect(`ends an attempt whose ${what}, by default after 60 seconds`, () =>
      withApi(
        [reply],
        ({ customers }) =>
          Effect.gen(function* () {
            const [elapsed, error] = yield* asTimePasses(Effect.timed(Effect.flip(customers.list())))
            expect(error).toMatchObject({
              _tag: "TimedOut",
              scope: "attempt",
              limit: Duration.seconds(60),
              attempts: 1
            })
            expect(Duration.toMillis(elapsed)).toBe(60_000)
          }),
        { retry: RetryPolicy.none }
      )
    )

    it.effect(`of the call limits all its attempts together while ${what}`, () =>
      withApi(
        always(reply),
        ({ customers, sent }) =>
          Effect.gen(function* () {
            const [elapsed, error] = yield* asTimePasses(Effect.timed(Effect.flip(customers.list())))
            expect(error).toMatchObject({ _tag: "TimedOut", scope: "call", limit: Duration.seconds(25), attempts: 3 })
            expect(Duration.toMillis(elapsed)).toBe(25_000)
            expect(sent.map(({ at }) => at)).toEqual([0, 11_000, 22_000])
          }),
        { timeout: "10 seconds", deadline: "25 seconds", retry: spaced }
      )
    )
  }

  it.effect("of the call limits even the first attempt", () =>
    withApi(
      [stalled],
      ({ customers }) =>
        Effect.gen(function* () {
          const error = yield* asTimePasses(Effect.flip(customers.list()))
          expect(error).toMatchObject({ _tag: "TimedOut", scope: "call", limit: Duration.seconds(5), attempts: 1 })
        }),
      { deadline: "5 seconds" }
    )
  )

  it.effect("of the call fails immediately with the last failure if the next attempt would start after it", () =>
    withApi(
      [answer(500), answer(500)],
      ({ customers }) =>
        Effect.gen(function* () {
          const [elapsed, error] = yield* asTimePasses(Effect.timed(Effect.flip(customers.list())))
          expect(error).toMatchObject({ _tag: "ServerError", attempts: 2 })
          expect(Duration.toMillis(elapsed)).toBe(1000)
        }),
      { deadline: "2 seconds", retry: spaced }
    )
  )

  it.effect("does not affect a call that completes in time, and can be infinite", () =>
    withApi([late("59 seconds", page), late("50 minutes", page)], ({ customers }) =>
      asTimePasses(
        Effect.gen(function* () {
          expect((yield* customers.list()).expressCustomers).toHaveLength(1)
          const patient = yield* AvaraClient.withOptions({ timeout: Duration.infinity })(customers.list())
          expect(patient.expressCustomers).toHaveLength(1)
        })
      )
    )
  )

  for (const [how, byMillis] of [
    ["back by an hour", -3_600_000],
    ["forward by an hour", 3_600_000]
  ] as const) {
    it.effect(`and the waits and the elapsed time do not change if the wall clock is set ${how}`, () =>
      Effect.gen(function* () {
        const { on, set } = yield* movableWallClock
        const moved = Effect.zipRight(
          Effect.sync(() => set(byMillis)),
          answer(500)
        )
        const retry = RetryPolicy.make(Schedule.spaced("1 second").pipe(Schedule.upTo("5 seconds")))
        const started = yield* Clock.currentTimeMillis
        yield* withApi(
          always(moved),
          ({ customers, sent }) =>
            Effect.gen(function* () {
              const failed = yield* asTimePasses(on(Effect.either(customers.list())), "1 minute")
              expect(Either.isLeft(failed)).toBe(true)
              expect(sent).toHaveLength(6)
            }),
          { retry, deadline: "1 minute" }
        )
        const { response } = yield* withApi(
          [moved, json(200, examplePage)],
          ({ customers }) => asTimePasses(on(AvaraClient.withResponse(customers.list())), "1 minute"),
          { retry }
        )
        expect(Option.map(response, ({ elapsed }) => Duration.toMillis(elapsed))).toEqual(Option.some(1000))
        const cut = withApi(
          [moved, stalled],
          ({ customers }) => asTimePasses(on(Effect.flip(customers.list())), "1 minute"),
          { retry, deadline: "30 seconds" }
        )
        expect(yield* cut).toMatchObject({ _tag: "TimedOut", scope: "call" })
        expect((yield* Clock.currentTimeMillis) - started).toBe(180_000)
      })
    )
  }

  it.effect("interrupts the transport", () =>
    Effect.gen(function* () {
      let interrupted = 0
      const reply = Effect.onInterrupt(Effect.never, () =>
        Effect.sync(() => {
          interrupted++
        })
      )
      yield* withApi([reply], ({ customers }) => asTimePasses(Effect.flip(customers.list())), {
        retry: RetryPolicy.none
      })
      expect(interrupted).toBe(1)
    })
  )
})

describe("withOptions", () => {
  for (const [what, kind] of [
    ["an Effect", "effect"],
    ["a Stream", "stream"]
  ] as const) {
    it.effect(`sets the timeout, retries, headers and query of every call inside ${what}`, () =>
      withApi(
        [answer(500), stalled, page],
        ({ customers, sent }) =>
          Effect.gen(function* () {
            const options: AvaraClient.CallOptions = {
              timeout: "2 seconds",
              retry: spaced,
              headers: { "X-Case": Redacted.make("inner") },
              query: { tenant: "north" }
            }
            const call: Effect.Effect<unknown, AvaraError> =
              kind === "effect"
                ? AvaraClient.withOptions(options)(customers.list())
                : collect(AvaraClient.withOptions(options)(customers.stream()))
            yield* asTimePasses(call)
            expect(sent.map(({ at }) => at)).toEqual([0, 1000, 4000])
            for (const { headers, url } of sent) {
              expect(headers["x-case"]).toBe("inner")
              expect(url.searchParams.get("tenant")).toBe("north")
            }
          }),
        { retry: RetryPolicy.none, headers: { "x-case": "outer" }, query: { tenant: "south" } }
      )
    )
  }

  it.effect("lets inner options override outer ones, and keeps options that the inner ones do not set", () =>
    withApi(
      [answer(500), answer(500), page],
      ({ customers, sent }) =>
        Effect.gen(function* () {
          yield* customers.list().pipe(
            AvaraClient.withOptions({ headers: { "x-a": "inner" }, query: { a: "inner" }, timeout: undefined }),
            AvaraClient.withOptions({
              retry: spaced,
              headers: { "x-a": "outer", "x-b": "outer" },
              query: { a: "outer", b: "outer" }
            }),
            asTimePasses
          )
          expect(sent).toHaveLength(3)
          expect(sent[0]?.headers).toMatchObject({ "x-a": "inner", "x-b": "outer" })
          expect([...(sent[0]?.url.searchParams ?? [])].sort()).toEqual([
            ["a", "inner"],
            ["b", "outer"]
          ])
        }),
      { retry: RetryPolicy.none }
    )
  )

  for (const nothing of [undefined, null]) {
    it.effect(`removes headers and query parameters that are ${nothing}, by names in any case`, () =>
      withApi(
        [page, page, page],
        ({ customers, sent }) =>
          Effect.gen(function* () {
            const without = AvaraClient.withOptions({
              headers: { "X-Tenant": nothing, "x-OUTER": nothing, "x-new": "1" },
              query: { tenant: nothing, outer: nothing }
            })
            const outer = AvaraClient.withOptions({ headers: { "x-outer": "1" }, query: { outer: "1", kept: "1" } })
            yield* customers.list({ limit: 5 }).pipe(without, outer)
            yield* customers.list().pipe(outer)
            const again = AvaraClient.withOptions({ headers: { "x-tenant": "south" }, query: { tenant: "south" } })
            yield* customers.list().pipe(again, without)
            const names = ["x-tenant", "x-team", "x-outer", "x-new"]
            expect(sent.map(({ headers, url }) => [names.map((name) => headers[name]), url.search])).toEqual([
              [[undefined, "billing", undefined, "1"], "?kept=1&limit=5"],
              [["north", "billing", "1", undefined], "?tenant=north&outer=1&kept=1"],
              [["south", "billing", undefined, "1"], "?tenant=south"]
            ])
            expect(sent[0]?.headers).toMatchObject({ accept: "application/json", authorization: `Bearer ${key}` })
          }),
        { headers: { "x-tenant": "north", "x-team": "billing" }, query: { tenant: "north" } }
      )
    )
  }

  it.effect("replaces the user agent, and removes the one in the client's headers", () =>
    withApi(
      [page, page, page],
      ({ customers, sent }) =>
        Effect.gen(function* () {
          yield* customers.list()
          yield* AvaraClient.withOptions({ headers: { "user-agent": "inner/1" } })(customers.list())
          yield* AvaraClient.withOptions({ headers: { "user-agent": undefined } })(customers.list())
          const agents = sent.map(({ headers }) => headers["user-agent"])
          expect(agents.slice(0, 2)).toEqual(["outer/1", "inner/1"])
          expect(agents[2]).toMatch(/^effect-avara\/[\d.]+ billing$/)
        }),
      { headers: { "User-Agent": "outer/1" }, userAgent: "billing" }
    )
  )

  it.effect("hides the values of headers from the logs of an HttpClient, as the client does", () =>
    Effect.gen(function* () {
      const lines: Array<string> = []
      const logger = Logger.map(Logger.jsonLogger, (line) => void lines.push(line))
      const logging = HttpClient.tapRequest(script(always(page)).client, (request) => Effect.log(request))
      const client = Avara.layer({ apiKey: Redacted.make(key), headers: { "x-a": "secret-a" } }).pipe(
        Layer.provide(Layer.succeed(HttpClient.HttpClient, logging))
      )
      yield* Effect.flatMap(Customers, (customers) => customers.list()).pipe(
        AvaraClient.withOptions({ headers: { "X-B": Redacted.make("secret-b") } }),
        Effect.provide([client, Logger.replace(Logger.defaultLogger, logger)])
      )
      expect(lines.join("\n")).toMatch(/"x-a":"<redacted>".*"x-b":"<redacted>"/)
      expect(lines.join("\n")).not.toContain("secret-")
    })
  )

  it.effect("has no effect outside the Effect that it is applied to", () =>
    withApi([page, page], ({ customers, sent }) =>
      Effect.gen(function* () {
        yield* AvaraClient.withOptions({ headers: { "x-a": "1" } })(customers.list())
        yield* customers.list()
        expect(sent.map(({ headers }) => headers["x-a"])).toEqual(["1", undefined])
      })
    )
  )

  it.effect("with invalid options fails the call before it is sent, and reports all of them without their values", () =>
    withApi([], ({ customers }) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(
          AvaraClient.withOptions({
            timeout: 0,
            deadline: "-1 seconds",
            headers: { authorization: "s3cret", "x-a": "s3cret\r\nx-evil: 1" }
          })(customers.list())
        )
        expect(error).toMatchObject({ _tag: "Validation", source: "client", attempts: 0 })
        expect(error._tag === "Validation" ? error.issues.map(({ path }) => path.join(".")) : []).toEqual([
          "headers.authorization",
          "headers.x-a",
          "timeout",
          "deadline"
        ])
        expect(JSON.stringify(error)).not.toContain("s3cret")
      })
    )
  )
})

describe("withResponse", () => {
  for (const header of ["x-request-id", "request-id", "cf-ray"]) {
    it.effect(`returns the value with status, headers, the request id from ${header}, attempts and elapsed time`, () =>
      withApi(
        [answer(500), late("3 seconds", json(201, exampleCustomer, { "X-Custom": "yes", [header]: "req-1" }))],
        ({ customers }) =>
          Effect.gen(function* () {
            const { response, value } = yield* asTimePasses(AvaraClient.withResponse(customers.retrieve(customerId)))
            expect(value.expressCustomerId).toBe(customerId)
            const { elapsed, ...info } = Option.getOrThrow(response)
            expect(info).toMatchObject({
              status: 201,
              headers: { "x-custom": "yes", "content-type": "application/json" },
              requestId: Option.some("req-1"),
              attempts: 2
            })
            expect(Duration.toMillis(elapsed)).toBe(4000)
          }),
        { retry: spaced }
      )
    )
  }

  it.effect("has no request id if the server sends none, and prefers the more specific header", () =>
    withApi(
      [page, json(200, examplePage, { "cf-ray": "c", "request-id": "b", "x-request-id": "a" })],
      ({ customers }) =>
        Effect.gen(function* () {
          const requestId = Effect.map(AvaraClient.withResponse(customers.list()), ({ response }) =>
            Option.flatMap(response, (info) => info.requestId)
          )
          expect(yield* requestId).toEqual(Option.none())
          expect(yield* requestId).toEqual(Option.some("a"))
        })
    )
  )

  it.effect("returns the response of the last call inside, and none if there was no call", () =>
    withApi([page, json(202, examplePage)], ({ customers }) =>
      Effect.gen(function* () {
        const { response } = yield* AvaraClient.withResponse(Effect.zip(customers.list(), customers.list()))
        expect(Option.map(response, ({ status }) => status)).toEqual(Option.some(202))
        expect((yield* AvaraClient.withResponse(Effect.succeed(1))).response).toEqual(Option.none())
      })
    )
  )

  it.effect("returns the response of the last call inside, even around another withResponse", () =>
    withApi([page, json(202, examplePage), json(203, examplePage)], ({ customers }) =>
      Effect.gen(function* () {
        const first = AvaraClient.withResponse(customers.list())
        const { response, value } = yield* AvaraClient.withResponse(Effect.zipLeft(first, customers.list()))
        expect(Option.map(value.response, ({ status }) => status)).toEqual(Option.some(200))
        expect(Option.map(response, ({ status }) => status)).toEqual(Option.some(202))
        const { response: outer } = yield* AvaraClient.withResponse(AvaraClient.withResponse(customers.list()))
        expect(Option.map(outer, ({ status }) => status)).toEqual(Option.some(203))
      })
    )
  )

  it.effect("keeps the request id of a failure in the error", () =>
    withApi([answer(404, null, { "x-request-id": "req-9" })], ({ customers }) =>
      Effect.map(Effect.flip(customers.retrieve(customerId)), (error) =>
        expect(error).toMatchObject({ _tag: "NotFound", requestId: "req-9" })
      )
    )
  )
})

describe("withResponse around Effect.either", () => {
  const responseOf = <A, E, R>(call: Effect.Effect<A, E, R>) =>
    Effect.map(AvaraClient.withResponse(Effect.either(call)), ({ response, value }) => ({
      error: Option.getOrUndefined(Either.getLeft(value)),
      ...Option.getOrThrow(response)
    }))

  it.effect("returns the JSON of a success as the server sent it", () => {
    const sent = { ...exampleCustomer, createdAt: "2024-01-15", plan: { tier: "gold" } }
    return withApi([json(200, sent)], ({ customers }) =>
      Effect.map(responseOf(customers.retrieve(customerId)), (response) =>
        expect(response).toMatchObject({ error: undefined, status: 200, json: sent, text: JSON.stringify(sent) })
      )
    )
  })

  for (const [status, tag] of [
    [400, "Validation"],
    [401, "Unauthorized"],
    [404, "NotFound"],
    [422, "Validation"],
    [418, "UnexpectedStatus"]
  ] as const) {
    it.effect(`returns status, headers, request id and body of a refusal with ${status}`, () => {
      const body = { error: { code: "no", plan: [1, null] } }
      const headers = { "x-request-id": "req-1", "x-custom": "yes" }
      return withApi([json(status, body, headers)], ({ customers }) =>
        Effect.map(responseOf(customers.update(customerId)), (response) =>
          expect(response).toMatchObject({
            error: { _tag: tag, status },
            status,
            headers: { "x-custom": "yes" },
            requestId: Option.some("req-1"),
            json: body,
            attempts: 1
          })
        )
      )
    })
  }

  for (const [what, reply, tag, text] of [
    ["a refusal that is not JSON", answer(403, "<h1>No</h1>"), "Forbidden", "<h1>No</h1>"],
    ["a success that is not JSON", answer(200, "<h1>Hello</h1>"), "InvalidResponse", "<h1>Hello</h1>"],
    ["a success without a body", answer(200), "InvalidResponse", ""],
    ["a truncated success", stalledBody, "TimedOut", ""]
  ] as const) {
    it.effect(`returns the text of ${what}, and no JSON`, () =>
      withApi(
        [reply],
        ({ customers }) =>
          Effect.map(asTimePasses(responseOf(customers.list())), (response) =>
            expect(response).toMatchObject({ error: { _tag: tag }, text, json: undefined })
          ),
        { retry: RetryPolicy.none }
      )
    )
  }

  it.effect("returns the last response of several attempts", () =>
    withApi(
      [json(500, { attempt: 1 }), json(404, { attempt: 2 }), json(503, { attempt: 1 }), broken("ECONNRESET")],
      ({ customers }) =>
        Effect.gen(function* () {
          const refused = yield* asTimePasses(responseOf(customers.retrieve(customerId)))
          expect(refused).toMatchObject({ status: 404, json: { attempt: 2 }, attempts: 2 })
          expect(Duration.toMillis(refused.elapsed)).toBe(1000)
          const lost = yield* asTimePasses(responseOf(customers.retrieve(customerId)))
          expect(lost).toMatchObject({ error: { _tag: "ConnectionFailed" }, status: 503, json: { attempt: 1 } })
        }),
      { retry: RetryPolicy.make(Schedule.spaced("1 second").pipe(Schedule.intersect(Schedule.recurs(1)))) }
    )
  )

  it.effect("returns the refusal, not the response of the internal request that explains it", () =>
    withApi([json(403, { message: "no" }), json(200, { ...exampleCustomer, isActive: false })], ({ sent, users }) =>
      Effect.map(
        responseOf(AvaraClient.withOptions({ body: { plan: "gold" } })(users.add(customerId, userId))),
        (response) => {
          expect(response).toMatchObject({ error: { _tag: "Inactive", status: 403 }, status: 403 })
          expect(sent).toHaveLength(2)
        }
      )
    )
  )

  it.effect("returns none if no response was received", () =>
    withApi(
      [broken("ECONNRESET")],
      ({ customers }) =>
        Effect.map(AvaraClient.withResponse(Effect.either(customers.list())), ({ response }) =>
          expect(response).toEqual(Option.none())
        ),
      { retry: RetryPolicy.none }
    )
  )
})

describe("withOptions({ body })", () => {
  const ok = json(200, exampleCustomer)

  const done = json(200, { success: true })

  it.effect("adds fields to a JSON body, and creates a body for a call without one", () =>
    withApi([ok, ok, done, ok], ({ customers, sent, users }) =>
      Effect.gen(function* () {
        const extra = AvaraClient.withOptions({ body: { plan: "gold", seats: null } })
        yield* extra(customers.create({ expressCustomerName: "Clinic" }))
        yield* extra(customers.update(customerId, { metadata: null }))
        yield* extra(users.remove(customerId, userId))
        yield* extra(customers.deactivate(customerId))
        expect(sent.map(({ body }) => JSON.parse(body ?? ""))).toEqual([
          { expressCustomerName: "Clinic", plan: "gold", seats: null },
          { metadata: null, plan: "gold", seats: null },
          { userId, plan: "gold", seats: null },
          { plan: "gold", seats: null }
        ])
        expect(sent.map(({ headers }) => headers["content-type"])).toEqual(Array(4).fill("application/json"))
      })
    )
  )

  it.effect("lets inner fields override outer ones, and has no effect outside its Effect", () =>
    withApi([ok, ok], ({ customers, sent }) =>
      Effect.gen(function* () {
        yield* customers
          .update(customerId)
          .pipe(
            AvaraClient.withOptions({ body: { a: "inner", b: { c: 1 } } }),
            AvaraClient.withOptions({ timeout: "5 seconds" }),
            AvaraClient.withOptions({ body: { a: "outer", b: { d: 1 }, e: 1 } })
          )
        yield* customers.update(customerId)
        expect(sent.map(({ body }) => JSON.parse(body ?? ""))).toEqual([{ a: "inner", b: { c: 1 }, e: 1 }, {}])
      })
    )
  )

  it.effect("is not sent with the internal requests of an operation", () =>
    withApi([answer(500), json(200, { expressCustomers: [], hasMore: false }), ok], ({ customers, sent }) =>
      Effect.gen(function* () {
        const create = customers.createOnce({ key: "1", expressCustomerName: "Clinic" })
        yield* asTimePasses(AvaraClient.withOptions({ body: { plan: "gold" } })(create))
        expect(sent.map(({ body, method }) => [method, body?.includes("gold")])).toEqual([
          ["POST", true],
          ["GET", undefined],
          ["POST", true]
        ])
      })
    )
  )

  it.effect("removes the fields from the words that the server repeats", () =>
    withApi([json(422, { message: "bad plan s3cret-plan" })], ({ customers }) =>
      Effect.map(
        Effect.flip(AvaraClient.withOptions({ body: { plan: "s3cret-plan" } })(customers.update(customerId))),
        (error) => expect(JSON.stringify([error, error.message])).not.toContain("s3cret")
      )
    )
  )

  const circular: Record<string, unknown> = {}
  circular["self"] = circular

  const deep = (levels: number): unknown => JSON.parse("[".repeat(levels) + "]".repeat(levels))

  const update = ({ customers }: Pick<Api, "customers">) => customers.update(customerId, { expressCustomerName: "A" })

  const list = ({ customers }: Pick<Api, "customers">) => customers.list()

  const remove = () => requested({ method: "DELETE", path: "/v1/x" })

  const array = () => requested({ method: "POST", path: "/v1/x", body: [1] })

  for (const [what, body, call, path, message] of [
    [
      "a field that the call sets",
      { expressCustomerName: "B" },
      update,
      "body.expressCustomerName",
      "is set by the call"
    ],
    [
      "the same as undefined",
      { expressCustomerName: undefined },
      update,
      "body.expressCustomerName",
      "is set by the call"
    ],
    ["__proto__", JSON.parse('{"__proto__":{"a":1}}'), update, "body.__proto__", "is not allowed"],
    [
      "a function",
      { toJSON: () => ({ expressCustomerName: "B" }) },
      update,
      "body.toJSON",
      "expected a value that JSON"
    ],
    ["a bigint", { n: 1n }, update, "body", "expected a value that JSON can hold"],
    ["a circle", circular, update, "body", "expected a value that JSON can hold"],
    ["1000 levels", { a: deep(1000) }, update, "body", "of at most 1000 levels"],
    ["an array", [1], update, "body", "expected an object of names and values"],
    ["text", "plan=gold", update, "body", "expected an object of names and values"],
    ["null", null, update, "body", "expected an object of names and values"],
    ["a Map", new Map([["plan", "gold"]]), update, "body", "expected an object of names and values"],
    ["a GET", { plan: "gold" }, list, "body", "no JSON object to extend"],
    ["a DELETE without a body", { plan: "gold" }, remove, "body", "no JSON object to extend"],
    ["a body that is not an object", { plan: "gold" }, array, "body", "no JSON object to extend"]
  ] as const) {
    it.effect(`with ${what} is rejected before anything is sent`, () =>
      withApi([], (api) =>
        Effect.gen(function* () {
          const calling: Effect.Effect<unknown, AvaraError, AvaraClient.AvaraClient> = call(api)
          const error = yield* Effect.flip(AvaraClient.withOptions({ body: body as never })(calling))
          expect(error).toMatchObject({ _tag: "Validation", source: "client", attempts: 0 })
          const issues = error._tag === "Validation" ? error.issues : []
          expect(issues.map((issue) => issue.path.join("."))).toEqual([path])
          expect(issues[0]?.message).toContain(message)
        })
      )
    )
  }
})

const Studies = Schema.Struct({ studies: Schema.Array(Schema.String) })
const studies = json(200, { studies: ["a"], total: 1 })

const requested = (options: Omit<Parameters<typeof AvaraClient.request>[0], "response">) =>
  AvaraClient.request({ ...options, response: Studies })

describe("request", () => {
  it.effect("calls an endpoint that the library does not cover", () =>
    withApi([studies], ({ sent }) =>
      Effect.gen(function* () {
        const value = yield* requested({
          method: "PUT",
          path: "/v1/express/{id}/studies/{study}",
          params: { id: "a/b", study: "ü ?#" },
          query: { q: "a&b" },
          body: { name: "x", n: null }
        })
        expect(value).toEqual({ studies: ["a"] })
        expect(sent[0]).toMatchObject({ method: "PUT", body: '{"name":"x","n":null}' })
        expect(sent[0]?.url.href).toBe("https://api.avarasoftware.com/v1/express/a%2Fb/studies/%C3%BC%20%3F%23?q=a%26b")
        expect(sent[0]?.headers["content-type"]).toBe("application/json")
      })
    )
  )

  const circular: { self?: unknown } = {}
  circular.self = circular

  for (const [what, options, path] of [
    ["a dot segment", { method: "GET", path: "/v1/{id}", params: { id: ".." } }, "params.id"],
    ["an empty parameter", { method: "GET", path: "/v1/{id}", params: { id: "" } }, "params.id"],
    ["a missing parameter", { method: "GET", path: "/v1/{id}" }, "params.id"],
    ["a query in the path", { method: "GET", path: "/v1/x?limit=5" }, "path"],
    ["a query after a parameter", { method: "GET", path: "/v1/{id}?limit=5", params: { id: "7" } }, "path"],
    ["a fragment in the path", { method: "GET", path: "/v1/x#top" }, "path"],
    ["a query parameter that is a number", { method: "GET", path: "/v1", query: { n: 5 as never } }, "query.n"],
    ["an array with a number", { method: "GET", path: "/v1", query: { n: ["a", 5 as never] } }, "query.n"],
    ["a circular body", { method: "POST", path: "/v1", body: circular }, "body"],
    ["a body with a bigint", { method: "POST", path: "/v1", body: { n: 1n } }, "body"],
    ["a body that is a function", { method: "POST", path: "/v1", body: () => 1 }, "body"],
    ["a body that is a symbol", { method: "POST", path: "/v1", body: Symbol("s") }, "body"]
  ] as const) {
    it.effect(`rejects ${what} before anything is sent`, () =>
      withApi([], () =>
        Effect.gen(function* () {
          const error = yield* Effect.flip(requested(options))
          expect(error).toMatchObject({ _tag: "Validation", source: "client", attempts: 0 })
          expect(error._tag === "Validation" ? error.issues.map((issue) => issue.path.join(".")) : []).toEqual([path])
        })
      )
    )
  }

  for (const [method, replay, replayed] of [
    ["GET", undefined, true],
    ["PUT", undefined, true],
    ["PATCH", undefined, true],
    ["DELETE", undefined, true],
    ["POST", undefined, false],
    ["POST", "safe", true],
    ["GET", "unsafe", false]
  ] as const) {
    it.effect(
      `with ${method}${replay === undefined ? "" : ` and replay: "${replay}"`} is ${replayed ? "" : "not "}sent again after an ambiguous failure`,
      () =>
        withApi([answer(500), studies], ({ sent }) =>
          Effect.gen(function* () {
            const result = yield* asTimePasses(Effect.either(requested({ method, path: "/v1/x", replay })))
            expect(sent).toHaveLength(replayed ? 2 : 1)
            expect(Either.isRight(result) ? "value" : result.left._tag).toBe(replayed ? "value" : "OutcomeUnknown")
          })
        )
    )
  }

  for (const [status, tag] of [
    [404, "NotFound"],
    [409, "Conflict"],
    [418, "UnexpectedStatus"]
  ] as const) {
    it.effect(`fails with ${tag} on ${status}`, () =>
      withApi([answer(status)], () =>
        Effect.map(Effect.flip(requested({ method: "GET", path: "/v1/x/{id}", params: { id: "7" } })), (error) => {
          expect(error._tag).toBe(tag)
          if (error._tag === "NotFound")
            expect(error).toMatchObject({ resource: "/v1/x/{id}", id: "7", operation: "GET /v1/x/{id}" })
        })
      )
    )
  }

  it.effect("names a path without parameters unchanged in NotFound", () =>
    withApi([answer(404)], () =>
      Effect.map(Effect.flip(requested({ method: "GET", path: "/v1/x" })), (error) =>
        expect(error.message).toBe("GET /v1/x: there is no /v1/x")
      )
    )
  )

  it.effect("fails with InvalidResponse on a response with a different shape, under its own name", () =>
    withApi([json(200, { studies: 5 })], () =>
      Effect.map(Effect.flip(requested({ method: "GET", path: "/v1/x", operation: "studies.list" })), (error) => {
        expect(error).toMatchObject({ _tag: "InvalidResponse", operation: "studies.list" })
        expect(error._tag === "InvalidResponse" ? error.issues.map(({ path }) => path) : []).toEqual([["studies"]])
      })
    )
  )
})

describe("the query of a request", () => {
  it.effect("repeats a parameter for each text in an array, and omits undefined and null", () =>
    withApi(
      [studies],
      ({ sent }) =>
        Effect.gen(function* () {
          const query = { status: ["open", "on hold"], none: [], since: undefined, until: null, tenant: null }
          yield* requested({ method: "GET", path: "/v1/x", query })
          expect(sent[0]?.url.search).toBe("?client=a&client=b&status=open&status=on%20hold")
        }),
      { query: { tenant: "north", client: ["a", "b"] } }
    )
  )

  for (const path of ["/v1/{id}?token=hunter", "/v1/{id}#token=hunter"] as const) {
    it.effect(`is suggested when a path is rejected, without the values in it: ${path}`, () =>
      withApi([], () =>
        Effect.map(Effect.flip(requested({ method: "GET", path, params: { id: "7" } })), (error) => {
          expect(error.message).toContain('path: expected a path without "?" and "#": pass query parameters as query')
          expect(error.operation).toBe("GET /v1/{id}")
        })
      )
    )
  }
})

describe("in the response of a request,", () => {
  const Text = { "content-type": "text/csv; charset=utf-8" }
  const Json = { "content-type": "application/json" }
  const problem = { "content-type": "application/problem+json; charset=utf-8" }

  for (const [what, schema, reply, value] of [
    ["Schema.Void reads a 204", Schema.Void, answer(204), undefined],
    ["Schema.Void reads an empty 200", Schema.Void, answer(200, "", Json), undefined],
    ["Schema.Void ignores JSON", Schema.Void, json(200, { ok: true }), undefined],
    ["a schema that accepts undefined reads a 204", Schema.UndefinedOr(Studies), answer(204), undefined],
    ["a schema that accepts undefined reads JSON", Schema.UndefinedOr(Studies), studies, { studies: ["a"] }],
    ["Schema.String reads text", Schema.String, answer(200, "a,b\n1,2\n", Text), "a,b\n1,2\n"],
    ["Schema.String reads text without a type", Schema.String, answer(200, new TextEncoder().encode("ü")), "ü"],
    ["Schema.String reads text that is JSON unchanged", Schema.String, answer(200, '"a"', Text), '"a"'],
    ["Schema.String reads an empty text", Schema.String, answer(200, "", Text), ""],
    ["Schema.String reads a JSON string", Schema.String, json(200, "a"), "a"],
    ["Schema.String reads a JSON string with another JSON type", Schema.String, answer(200, '"a"', problem), "a"],
    ["a schema that transforms text reads text", Schema.NumberFromString, answer(200, "12", Text), 12],
    ["a filter on text reads text", Schema.NonEmptyString, answer(200, "a", Text), "a"],
    ["literals read text", Schema.Literal("up", "down"), answer(200, "up", Text), "up"]
  ] as ReadonlyArray<readonly [string, Schema.Schema<unknown, unknown>, Reply, unknown]>) {
    it.effect(what, () =>
      withApi([reply], () =>
        Effect.map(AvaraClient.request({ method: "GET", path: "/v1/x", response: schema }), (read) =>
          expect(read).toEqual(value)
        )
      )
    )
  }

  for (const [what, schema, reply, message] of [
    ["a struct rejects an empty body", Studies, answer(204), "expected JSON, not an empty body"],
    ["a struct rejects text", Studies, answer(200, "a", Text), "expected JSON"],
    ["Schema.Void rejects an HTML page", Schema.Void, answer(200, "<html>", Text), "expected JSON"],
    ["Schema.Unknown rejects text", Schema.Unknown, answer(200, "a", Text), "expected JSON"],
    ["Schema.String rejects other JSON", Schema.String, json(200, { a: 1 }), "expected a string"],
    [
      "Schema.String rejects truncated JSON",
      Schema.String,
      answer(200, '"a', Json),
      "the body ends before its JSON is complete"
    ],
    ["Schema.String rejects empty JSON", Schema.String, answer(200, "", Json), "not an empty body"],
    [
      "Schema.String rejects bytes that are not UTF-8",
      Schema.String,
      answer(200, new Uint8Array([255])),
      "expected UTF-8 text"
    ],
    [
      "a union of text and number rejects text",
      Schema.Union(Schema.String, Schema.Number),
      answer(200, "a", Text),
      "JSON"
    ],
    ["literals reject other text", Schema.Literal("up", "down"), answer(200, "away", Text), 'expected "up" or "down"']
  ] as ReadonlyArray<readonly [string, Schema.Schema<unknown, unknown>, Reply, string]>) {
    it.effect(what, () =>
      withApi(
        [reply],
        () =>
          Effect.map(Effect.flip(AvaraClient.request({ method: "GET", path: "/v1/x", response: schema })), (error) => {
            expect(error._tag).toBe("InvalidResponse")
            expect(error.message).toContain(message)
          }),
        { retry: RetryPolicy.none }
      )
    )
  }
})

describe("the body of a response", () => {
  const listError = (reply: Reply, options: Partial<AvaraClient.Options> = {}) =>
    withApi([reply], ({ customers }) => Effect.orDie(Effect.flip(customers.list())), {
      retry: RetryPolicy.none,
      ...options
    })

  for (const [what, reply, message] of [
    ["empty", answer(200, ""), "not an empty body"],
    ["missing", answer(204), "not an empty body"],
    ["HTML", answer(200, "<html><h1>Welcome</h1></html>", { "content-type": "text/html" }), "expected JSON"],
    ["truncated", answer(200, '{"expressCustomers":['), "the body ends before its JSON is complete"],
    [
      "truncated in a string",
      answer(200, '{"expressCustomers":[{"expressCustomerName":"a \\"'),
      "the body ends before"
    ],
    ["truncated in a character", answer(200, new Uint8Array([0x5b, 0x22, 0xf0, 0x9f])), "the body ends before"],
    ["truncated in a word", answer(200, '{"expressCustomers":[],"hasMore":tr'), "the body ends before"],
    ["JavaScript", answer(200, '{ok: "no'), "expected JSON"],
    ["closed once too often", answer(200, '{"expressCustomers":[]}}'), "expected JSON"],
    ["other text", answer(200, "[not yet ready"), "expected JSON"],
    ["not UTF-8", answer(200, new Uint8Array([0x22, 0xff, 0xfe, 0x22])), "expected UTF-8 text"],
    ["null", answer(200, "null"), "expected an object"]
  ] as const) {
    it.effect(`that is ${what} fails with an InvalidResponse that says so`, () =>
      Effect.map(listError(reply), (error) => {
        expect(error._tag).toBe("InvalidResponse")
        expect(error.message).toContain(message)
      })
    )
  }

  it.effect("is read only up to its limit", () =>
    Effect.map(listError(json(200, examplePage, { "x-request-id": "req-1" }), { maxBodySize: 100 }), (error) => {
      expect(error).toMatchObject({
        _tag: "InvalidResponse",
        reason: "tooLarge",
        requestId: "req-1",
        issues: [
          {
            path: [],
            message:
              "expected a body of at most 100 bytes: raise maxBodySize, or request fewer customers per page (limit)"
          }
        ],
        snippet: ""
      })
    })
  )

  it.effect("of exactly the limit is read", () =>
    withApi(
      [json(200, examplePage)],
      ({ customers }) =>
        Effect.map(customers.list(), ({ expressCustomers }) => expect(expressCustomers).toHaveLength(1)),
      {
        maxBodySize: JSON.stringify(examplePage).length
      }
    )
  )

  it.effect("with a byte order mark is read", () =>
    withApi([answer(200, `\uFEFF${JSON.stringify(examplePage)}`)], ({ customers }) =>
      Effect.map(customers.list(), ({ expressCustomers }) => expect(expressCustomers).toHaveLength(1))
    )
  )

  it.effect("in many small chunks, split inside characters, is read completely", () =>
    Effect.gen(function* () {
      const bytes = new TextEncoder().encode(
        JSON.stringify({ ...examplePage, expressCustomers: [{ ...exampleCustomer, expressCustomerName: "東京 😀" }] })
      )
      const pieces = Effect.sync(
        () =>
          new Response(
            new ReadableStream({
              start: (controller) => {
                for (const byte of bytes) controller.enqueue(new Uint8Array([byte]))
                controller.close()
              }
            })
          )
      )
      yield* withApi([pieces], ({ customers }) =>
        Effect.map(customers.list(), ({ expressCustomers }) =>
          expect(expressCustomers[0]?.expressCustomerName).toBe("東京 😀")
        )
      )
    })
  )

  for (const [code, reason, sent] of [
    ["ENOTFOUND", "dns", "no"],
    ["ECONNREFUSED", "refused", "no"],
    ["ECONNRESET", "reset", "maybe"]
  ] as const) {
    it.effect(
      `that never arrives because of ${code} fails with a ConnectionFailed that has the reason and the origin`,
      () =>
        Effect.map(listError(broken(code), { baseUrl: "https://api.example.com/avara" }), (error) => {
          expect(error).toMatchObject({
            _tag: "ConnectionFailed",
            reason,
            sent,
            code,
            origin: "https://api.example.com"
          })
        })
    )
  }
})
