import * as HttpClient from "@effect/platform/HttpClient"
import { describe, expect, it } from "@effect/vitest"
import { Avara, AvaraClient, Customers, Issue, RateLimiter, RetryPolicy, Validation } from "@effect-avara/core"
import * as ConfigError from "effect/ConfigError"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import { always, answer, asTimePasses, exampleCustomer, examplePage, json, key, script } from "./support.js"

/** Values that plain JavaScript may pass for any option. */
const hostile: Readonly<Record<string, unknown>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  "-Infinity": Number.NEGATIVE_INFINITY,
  "-1": -1,
  "0": 0,
  "1.5": 1.5,
  "2^53": 2 ** 53,
  '""': "",
  '" "': " ",
  '"5"': "5",
  null: null,
  "{}": {},
  "[]": [],
  "() => 1": () => 1
}

const plain = (options: Readonly<Record<string, unknown>>) => options as never

type Table = Readonly<Record<string, ReadonlyArray<keyof typeof hostile>>>

/** Tests each option with every hostile value: allowed values work, and all others are rejected. */
const itTakes = <E>(
  what: string,
  table: Table,
  use: (option: string, value: unknown) => Effect.Effect<Exit.Exit<unknown, E>>,
  refusalOf: (exit: Exit.Exit<unknown, E>) => string
) => {
  for (const [option, allowed] of Object.entries(table)) {
    const shown = allowed.length === 0 ? "none" : allowed.join(", ")
    it.effect(`${what} ${option} accepts ${shown} of the hostile values, and says what is allowed`, () =>
      Effect.gen(function* () {
        for (const [name, value] of Object.entries(hostile)) {
          const exit = yield* use(option, value)
          const outcome = allowed.includes(name) ? exit._tag : refusalOf(exit).slice(0, option.length + 11)
          expect(`${name}: ${outcome}`).toBe(`${name}: ${allowed.includes(name) ? "Success" : `${option}: expected `}`)
        }
      })
    )
  }
}

const number = ["1.5", "2^53"]

const clientOptions: Table = {
  apiKey: [],
  baseUrl: ["null"],
  allowInsecure: ["null"],
  timeout: ["Infinity", "1.5", "null"],
  deadline: ["Infinity", "1.5", "null"],
  retry: ["null"],
  retryBudget: ["Infinity", "0", "null", ...number],
  headers: ["{}"],
  query: ["{}"],
  userAgent: ['""', '" "', '"5"', "null"],
  idempotencyHeader: ['"5"'],
  tracePropagation: ["null"],
  logLevel: ["null"],
  maxBodySize: ["null"]
}

const list = Effect.flatMap(Customers, (customers) => customers.list())

const http = (replies = always(json(200, examplePage))) => Layer.succeed(HttpClient.HttpClient, script(replies).client)

const callWith = (options: Readonly<Record<string, unknown>>) =>
  Effect.exit(
    Effect.provide(list, Layer.provide(Avara.layer(plain({ apiKey: Redacted.make(key), ...options })), http()))
  )

/** Returns the layer's error, which names the option and says what is allowed. A defect or a success is not an error. */
const configErrorOf = <A, E>(exit: Exit.Exit<A, E>): string =>
  Exit.isFailure(exit) && exit.cause._tag === "Fail" && ConfigError.isConfigError(exit.cause.error)
    ? Avara.formatConfigError(exit.cause.error)
    : `no ConfigError: ${exit}`

/** Returns the call's error in the same way. */
const issuesOf = <A, E>(exit: Exit.Exit<A, E>): string => {
  if (Exit.isSuccess(exit) || exit.cause._tag !== "Fail") return `no failure: ${exit}`
  const { error }: { error: unknown } = exit.cause
  return error instanceof Validation && error.source === "client"
    ? Issue.format(error.issues)
    : `no Validation: ${exit}`
}

describe("an option of the client", () => {
  itTakes("the option", clientOptions, (option, value) => callWith({ [option]: value }), configErrorOf)

  const wiped = Redacted.make(key)
  Redacted.unsafeWipe(wiped)

  for (const [what, options, message] of [
    ["a key that is not in a Redacted", { apiKey: key }, "apiKey: expected text in a Redacted"],
    ["a key that is undefined", { apiKey: Redacted.make(undefined) }, "apiKey: expected text in a Redacted"],
    ["a key that is a number", { apiKey: Redacted.make(5) }, "apiKey: expected text in a Redacted"],
    ["a wiped key", { apiKey: wiped }, "not a wiped one"],
    ["a header that is undefined", { headers: { "x-a": undefined } }, "headers.x-a: expected text"],
    ["a header that is a number", { headers: { "x-a": 5 } }, "headers.x-a: expected text"],
    [
      "a header with undefined in its Redacted",
      { headers: { "x-a": Redacted.make(undefined) } },
      "headers.x-a: expected"
    ],
    [
      "the headers of fetch",
      { headers: new Headers({ "x-a": "1" }) },
      "headers: expected an object of names and values"
    ],
    ["a query that is a number", { query: { a: 5 } }, "query.a: expected text"],
    ["a query that is null", { query: { a: null } }, "query.a: expected text"],
    ["a query with a hole", { query: { a: ["x", undefined] } }, "query.a: expected text, or an array of text"],
    ["the search of a URL", { query: new URLSearchParams("a=1") }, "query: expected an object of names and values"],
    ["the port 0", { baseUrl: "https://api.example.com:0" }, "baseUrl: expected a port from 1 to 65535"],
    ["a deadline of a year", { deadline: "366 days" }, "deadline: expected a duration above zero"],
    [
      "a body limit that is too large",
      { maxBodySize: 600 * 1024 * 1024 },
      "maxBodySize: expected a whole number of bytes"
    ],
    [
      "a value that is not a policy",
      { retry: { ...RetryPolicy.standard, while: undefined } },
      "retry: expected a RetryPolicy"
    ],
    [
      "a policy that waits for months",
      { retry: { ...RetryPolicy.standard, maxRetryAfter: "90 days" } },
      "maxRetryAfter"
    ]
  ] as ReadonlyArray<readonly [string, Readonly<Record<string, unknown>>, string]>) {
    it.effect(`that is ${what} is rejected with a ConfigError`, () =>
      Effect.map(callWith(options), (exit) => expect(configErrorOf(exit)).toContain(message))
    )
  }

  for (const name of [
    "Expect",
    "Keep-Alive",
    "TE",
    "Trailer",
    "Proxy-Connection",
    "Connection",
    "Upgrade",
    "HTTP2-Settings",
    "Content-Encoding",
    "__proto__"
  ]) {
    it.effect(`cannot set the header ${name}`, () =>
      Effect.map(callWith({ headers: Object.fromEntries([[name, "x"]]) }), (exit) =>
        expect(configErrorOf(exit)).toContain(`headers.${name}: is set by the client`)
      )
    )
  }
})

describe("AVARA_TIMEOUT", () => {
  for (const [text, isAllowed] of [
    ["1e99", false],
    ["1e99 seconds", false],
    ["-5 seconds", false],
    ["NaN", false],
    ["25 days", false],
    ["9007199254740993 millis", false],
    ["24 days", true]
  ] as const) {
    it.effect(`${text} is ${isAllowed ? "accepted" : "rejected"}`, () => {
      const provider = ConfigProvider.fromMap(
        new Map([
          ["AVARA_API_KEY", key],
          ["AVARA_TIMEOUT", text]
        ])
      )
      return Effect.exit(Effect.provide(list, Layer.provide(Avara.layerConfig(), http()))).pipe(
        Effect.withConfigProvider(provider),
        Effect.map((exit) =>
          isAllowed
            ? expect(exit).toMatchObject({ _tag: "Success" })
            : expect(configErrorOf(exit)).toContain("AVARA_TIMEOUT: expected a duration above zero")
        )
      )
    })
  }
})

describe("a retry policy", () => {
  for (const [who, use, refusalOf] of [
    ["a client", callWith, configErrorOf],
    ["a call", (options: Readonly<Record<string, unknown>>) => callUnder(options), issuesOf]
  ] as const) {
    itTakes(
      `of ${who} with the option`,
      { maxRetryAfter: ["0", "1.5", "null"] },
      (_, maxRetryAfter) => use({ retry: RetryPolicy.make(Schedule.stop, plain({ maxRetryAfter })) }),
      (exit) => refusalOf(exit).replace("retry: ", "")
    )
  }

  for (const times of [Number.NaN, Infinity, -1, 1.5, "3"]) {
    it.effect(`of ${times} retries is rejected`, () =>
      Effect.map(callWith({ retry: RetryPolicy.retries(times as never) }), (exit) =>
        expect(configErrorOf(exit)).toBe("retry: expected an integer of 0 or more as the number of retries")
      )
    )
  }

  it.effect("waits longer than the longest wait of a timer", () =>
    Effect.gen(function* () {
      const { client, sent } = script([answer(500), json(200, examplePage)])
      const retry = RetryPolicy.make(Schedule.spaced("60 days"))
      const calling = Effect.provide(
        list,
        Layer.provide(Avara.layer({ apiKey: Redacted.make(key), retry }), Layer.succeed(HttpClient.HttpClient, client))
      )
      yield* asTimePasses(calling, "60 days")
      expect(sent.map(({ at }) => at)).toEqual([0, 60 * 24 * 3_600_000])
    })
  )
})

const under = <A, E>(call: Effect.Effect<A, E, Customers>) =>
  Effect.exit(Effect.provide(call, Layer.provide(Avara.layer({ apiKey: Redacted.make(key) }), http())))

const callUnder = (options: Readonly<Record<string, unknown>>) =>
  under(AvaraClient.withOptions(plain(options))(AvaraClient.withOptions({ query: { b: "2" } })(list)))

describe("an option of a call", () => {
  itTakes(
    "of withOptions,",
    {
      apiKey: [],
      baseUrl: [],
      timeout: ["Infinity", "1.5"],
      deadline: ["Infinity", "1.5"],
      retry: [],
      limiter: [],
      headers: ["{}"],
      query: ["{}"]
    },
    (option, value) => callUnder({ [option]: value }),
    issuesOf
  )
  itTakes(
    "of withOptions around a call that sends a body,",
    { body: ["{}"] },
    (option, value) => createdOnce({}, { [option]: value }),
    issuesOf
  )
})

const all = (params: Readonly<Record<string, unknown>>) =>
  Effect.flatMap(Customers, (customers) => Stream.runCount(customers.stream(plain(params))))

const createOnce = (params: Readonly<Record<string, unknown>>) =>
  Effect.flatMap(Customers, (customers) =>
    customers.createOnce(plain({ expressCustomerName: "Clinic", key: "1", ...params }))
  )

const createdOnce = (params: Readonly<Record<string, unknown>>, options: Readonly<Record<string, unknown>> = {}) =>
  Effect.exit(
    Effect.provide(
      AvaraClient.withOptions(plain(options))(createOnce(params)),
      Layer.provide(Avara.layer({ apiKey: Redacted.make(key) }), http(always(json(200, exampleCustomer))))
    )
  )

describe("a parameter", () => {
  itTakes(
    "of a stream,",
    {
      limit: [],
      parallel: [],
      maxPages: [],
      maxEmptyPages: [],
      cursor: ['" "', '"5"'],
      seen: ["[]"],
      distinct: []
    },
    (option, value) => under(all({ [option]: value })),
    issuesOf
  )
  itTakes(
    "of createOnce,",
    {
      settle: ["0", "1.5"],
      key: ['" "', '"5"'],
      keyName: ['" "', '"5"'],
      lookFirst: [],
      metadata: ["{}"],
      expressCustomerName: ['" "', '"5"']
    },
    (option, value) => createdOnce({ [option]: value }),
    issuesOf
  )
})

describe("an option of a limiter", () => {
  itTakes(
    "of its own,",
    { requestsPerSecond: ["Infinity", ...number], concurrency: [] },
    (option, value) => Effect.exit(Effect.scoped(Layer.build(RateLimiter.layer(plain({ [option]: value }))))),
    configErrorOf
  )
})
