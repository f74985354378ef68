import * as HttpClient from "@effect/platform/HttpClient"
import { describe, expect, it } from "@effect/vitest"
import { Avara, AvaraClient, Customers, CustomerUsers, RateLimiter, RetryPolicy } from "@effect-avara/core"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import {
  always,
  answer,
  asTimePasses,
  broken,
  customerId,
  exampleCustomer,
  examplePage,
  json,
  key,
  script,
  userId,
  withApi
} from "./support.js"

const north = Redacted.make("sk_live_north")
const south = Redacted.make("sk_live_south")

const page = json(200, examplePage)

const spaced = RetryPolicy.make(Schedule.spaced("1 second").pipe(Schedule.intersect(Schedule.recurs(1))))

/** Returns the key and the URL of each request. */
const destinations = (sent: Parameters<Parameters<typeof withApi>[1]>[0]["sent"]) =>
  sent.map(({ headers, url }) => `${headers["authorization"]?.slice("Bearer ".length)} ${url.href}`)

describe("withOptions with a key or a base URL", () => {
  it.effect("applies only to the calls inside, and the inner account overrides the outer one", () =>
    withApi(always(page), ({ customers, sent }) =>
      Effect.gen(function* () {
        const inNorth = AvaraClient.withOptions({ apiKey: north, baseUrl: "https://north.example.com/avara/" })
        yield* customers.list()
        yield* inNorth(customers.list())
        yield* inNorth(AvaraClient.withOptions({ apiKey: south })(customers.list()))
        yield* AvaraClient.withOptions({ baseUrl: "http://127.0.0.1:4010" })(customers.list())
        yield* AvaraClient.withOptions({ apiKey: undefined, baseUrl: undefined })(customers.list())
        expect(destinations(sent)).toEqual([
          `${key} https://api.avarasoftware.com/v1/express`,
          "sk_live_north https://north.example.com/avara/v1/express",
          "sk_live_south https://north.example.com/avara/v1/express",
          `${key} http://127.0.0.1:4010/v1/express`,
          `${key} https://api.avarasoftware.com/v1/express`
        ])
      })
    )
  )

  it.effect("keeps the headers and the query of the client, and combines with other options", () =>
    withApi(
      [page],
      ({ customers, sent }) =>
        Effect.gen(function* () {
          const options = { apiKey: north, headers: { "x-a": "1", "x-c": null }, query: { a: "1" } }
          yield* AvaraClient.withOptions(options)(customers.list())
          expect(sent[0]?.headers).toMatchObject({ authorization: "Bearer sk_live_north", "x-a": "1", "x-b": "2" })
          expect(sent[0]?.headers["x-c"]).toBeUndefined()
          expect(sent[0]?.url.search).toBe("?b=2&a=1")
        }),
      { headers: { "x-b": "2", "x-c": "3" }, query: { b: "2" } }
    )
  )

  it.effect("applies to all pages and retries of a stream, read ahead and in parallel", () =>
    Effect.gen(function* () {
      const pageAt = (offset: number) =>
        json(200, {
          expressCustomers: [{ ...exampleCustomer, expressCustomerId: `cus_${offset}` }],
          hasMore: offset < 3,
          ...(offset < 3 ? { cursor: btoa(JSON.stringify({ offset: offset + 1 })) } : {})
        })
      yield* withApi([pageAt(0), answer(500), pageAt(1), pageAt(2), pageAt(3)], ({ customers, sent }) =>
        Effect.gen(function* () {
          const stream = AvaraClient.withOptions({ apiKey: north, retry: spaced })(customers.stream())
          expect(yield* asTimePasses(Stream.runCount(stream))).toBe(4)
          expect(sent.map(({ headers }) => headers["authorization"])).toEqual(sent.map(() => "Bearer sk_live_north"))
          expect(sent).toHaveLength(5)
        })
      )
    })
  )

  it.effect("applies to the internal requests of a call", () =>
    withApi([answer(403), json(200, { ...exampleCustomer, isActive: false })], ({ sent, users }) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(AvaraClient.withOptions({ apiKey: north })(users.add(customerId, userId)))
        expect(error._tag).toBe("Inactive")
        expect(sent.map(({ headers }) => headers["authorization"])).toEqual(sent.map(() => "Bearer sk_live_north"))
        expect(sent).toHaveLength(2)
      })
    )
  )

  it.effect("does not need the client's Redacted, which may be wiped after the client is built", () =>
    Effect.gen(function* () {
      const apiKey = Redacted.make(key)
      yield* withApi(
        always(page),
        ({ customers, sent }) =>
          Effect.gen(function* () {
            Redacted.unsafeWipe(apiKey)
            yield* AvaraClient.withOptions({ timeout: "5 seconds" })(customers.list())
            yield* AvaraClient.withOptions({ baseUrl: "https://north.example.com" })(customers.list())
            expect(destinations(sent)).toEqual([
              `${key} https://api.avarasoftware.com/v1/express`,
              `${key} https://north.example.com/v1/express`
            ])
          }),
        { apiKey }
      )
    })
  )

  it.effect("is in the origin of an error", () =>
    withApi(
      [broken("ECONNREFUSED")],
      ({ customers }) =>
        Effect.gen(function* () {
          const call = AvaraClient.withOptions({ baseUrl: "https://north.example.com/avara" })(customers.list())
          expect(yield* Effect.flip(call)).toMatchObject({ origin: "https://north.example.com" })
        }),
      { retry: RetryPolicy.none }
    )
  )
})

const secret = "s3cret-value"

describe("an invalid key or base URL", () => {
  for (const [what, options, path, message] of [
    ["blank key", { apiKey: Redacted.make(" ") }, "apiKey", "not blank"],
    ["key with a line break", { apiKey: Redacted.make(`${secret}\n`) }, "apiKey", "character 13"],
    ["key that is not redacted", { apiKey: secret }, "apiKey", "text in a Redacted"],
    ["plain http", { baseUrl: `http://${secret}.example.com` }, "baseUrl", "https://"],
    ["password", { baseUrl: `https://user:${secret}@example.com` }, "baseUrl", "without a user name and password"],
    ["query", { baseUrl: `https://example.com?key=${secret}` }, "baseUrl", "without a query"],
    ["path", { baseUrl: `/${secret}` }, "baseUrl", "an absolute URL"],
    ["number", { baseUrl: 5 }, "baseUrl", "an absolute URL"],
    ["header for the key", { headers: { authorization: secret } }, "headers.authorization", "set the option apiKey"]
  ] as ReadonlyArray<readonly [string, Readonly<Record<string, unknown>>, string, string]>) {
    it.effect(`(${what}) fails the call before it is sent, without its value`, () =>
      withApi([], ({ customers }) =>
        Effect.gen(function* () {
          const error = yield* Effect.flip(AvaraClient.withOptions(options as never)(customers.list()))
          expect(error).toMatchObject({ _tag: "Validation", source: "client", attempts: 0 })
          expect(error._tag === "Validation" ? error.issues.map((issue) => issue.path.join(".")) : []).toEqual([path])
          expect(error.message).toContain(message)
          expect(JSON.stringify(error)).not.toContain(secret)
        })
      )
    )
  }

  it.effect("over plain http is accepted with allowInsecure", () =>
    withApi(
      [page],
      ({ customers, sent }) =>
        Effect.gen(function* () {
          yield* AvaraClient.withOptions({ baseUrl: "http://north.example.com" })(customers.list())
          expect(sent[0]?.url.origin).toBe("http://north.example.com")
        }),
      { allowInsecure: true }
    )
  )
})

/** Returns the number of requests that a call sends to a server that fails. */
const requestsOf = (sent: ReadonlyArray<unknown>, call: Effect.Effect<unknown, unknown>) =>
  Effect.gen(function* () {
    const before = sent.length
    yield* asTimePasses(Effect.exit(call))
    return sent.length - before
  })

const withFailing = (
  use: (api: {
    readonly as: (apiKey: string, baseUrl?: string) => Effect.Effect<number>
    readonly own: Effect.Effect<number>
  }) => Effect.Effect<void>
) =>
  withApi(
    always(answer(500)),
    ({ customers, sent }) =>
      use({
        own: requestsOf(sent, customers.list()),
        as: (apiKey, baseUrl) =>
          requestsOf(
            sent,
            AvaraClient.withOptions({ apiKey: Redacted.make(apiKey), baseUrl, retry: spaced })(customers.list())
          )
      }),
    { retry: spaced, retryBudget: 5 }
  )

describe("the retry budget of an account", () => {
  it.effect("is separate: failures of one account do not use up the retries of the others", () =>
    withFailing(({ as, own }) =>
      Effect.gen(function* () {
        expect([yield* as("north"), yield* as("north")]).toEqual([2, 1])
        expect([yield* as("south"), yield* as("south")]).toEqual([2, 1])
        expect([yield* own, yield* own]).toEqual([2, 1])
        expect(yield* as("north", "https://north.example.com")).toBe(2)
      })
    )
  )

  it.effect("is that of the client if the key and the base URL are the client's", () =>
    withFailing(({ as, own }) =>
      Effect.gen(function* () {
        expect(yield* own).toBe(2)
        expect(yield* as(key, "https://api.avarasoftware.com/")).toBe(1)
      })
    )
  )
})

class North extends Context.Tag("test/North")<North, Effect.Effect<unknown, unknown>>() {}

class South extends Context.Tag("test/South")<South, Effect.Effect<unknown, unknown>>() {}

describe("two clients in one graph of layers", () => {
  it.effect("each send the key of their own account", () =>
    Effect.gen(function* () {
      const { client, sent } = script(always(json(200, exampleCustomer)))
      const retrieving = Effect.map(Customers, (customers) => customers.retrieve(customerId))
      const adding = Effect.map(CustomerUsers, (users) => Effect.exit(users.add(customerId, userId)))
      const graph = Layer.mergeAll(
        Layer.provide(
          Layer.effect(North, Effect.map(Effect.all([retrieving, adding]), Effect.all)),
          Avara.layer({ apiKey: north })
        ),
        Layer.provide(
          Layer.effect(South, Effect.map(Effect.all([retrieving, adding]), Effect.all)),
          Avara.layer({ apiKey: south })
        )
      )
      yield* Effect.gen(function* () {
        yield* yield* North
        yield* yield* South
      }).pipe(Effect.provide(Layer.provide(graph, Layer.succeed(HttpClient.HttpClient, client))))
      const [a, b] = [north, south].map((key) => `Bearer ${Redacted.value(key)}`)
      expect(sent.map(({ headers }) => headers["authorization"])).toEqual([a, a, b, b])
    })
  )
})

describe("a limiter", () => {
  it.effect("limits all accounts of a client together", () =>
    Effect.gen(function* () {
      const { client, sent } = script(always(page))
      const layer = Avara.layer({ apiKey: Redacted.make(key) }).pipe(
        Layer.provide(RateLimiter.layer({ requestsPerSecond: 1 })),
        Layer.provide(Layer.succeed(HttpClient.HttpClient, client))
      )
      const calls = Effect.flatMap(Customers, (customers) =>
        Effect.all(
          [north, south, undefined].map((apiKey) => AvaraClient.withOptions({ apiKey })(customers.list())),
          { concurrency: "unbounded" }
        )
      )
      yield* asTimePasses(Effect.provide(calls, layer))
      expect(sent.map(({ at }) => at)).toEqual([0, 1000, 2000])
    })
  )
})
