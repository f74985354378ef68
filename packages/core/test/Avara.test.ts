import * as HttpClient from "@effect/platform/HttpClient"
import { describe, expect, it } from "@effect/vitest"
import { Avara, type AvaraClient, Customers, RetryPolicy } from "@effect-avara/core"
import * as Config from "effect/Config"
import * as ConfigError from "effect/ConfigError"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import {
  always,
  answer,
  asTimePasses,
  exampleCustomer,
  examplePage,
  json,
  key,
  script,
  stalled,
  withApi
} from "./support.js"

const secret = "s3cret-value"

const build = (layer: Layer.Layer<Avara.Services, ConfigError.ConfigError, HttpClient.HttpClient>) =>
  Effect.either(
    Effect.scoped(Layer.build(Layer.provide(layer, Layer.succeed(HttpClient.HttpClient, script([]).client))))
  )

const fromOptions = (options: Partial<AvaraClient.Options>) =>
  build(Avara.layer({ apiKey: Redacted.make(key), ...options }))

const environment = (variables: Record<string, string>) =>
  Effect.withConfigProvider(ConfigProvider.fromMap(new Map(Object.entries({ AVARA_API_KEY: key, ...variables }))))

const fromEnvironment = (variables: Record<string, string>) => environment(variables)(build(Avara.layerConfig()))

const errorText = <A>(either: Either.Either<A, ConfigError.ConfigError>): string => {
  if (Either.isRight(either)) throw new Error("it was accepted")
  expect(ConfigError.isConfigError(either.left)).toBe(true)
  return String(either.left)
}

const goodUrls = [
  "https://api.example.com",
  "https://api.example.com/",
  "https://api.example.com:8443/avara/",
  "http://localhost:3000",
  "http://api.localhost",
  "http://127.0.0.1:3000",
  "http://127.1.2.3",
  "http://[::1]:3000"
]

const badUrls = [
  ["http://api.example.com", "https://"],
  ["http://localhost.example.com", "https://"],
  ["http://127.0.0.1.example.com", "https://"],
  ["http://0.0.0.0", "https://"],
  ["http://10.0.0.1", "https://"],
  [`https://user:${secret}@api.example.com`, "without a user name and password"],
  [`https://${secret}@api.example.com`, "without a user name and password"],
  [`https://api.example.com?token=${secret}`, "without a query"],
  [`https://api.example.com#${secret}`, "without a query and a fragment"],
  ["ftp://api.example.com", "https:// or http://"],
  ["api.example.com", "https://api.avarasoftware.com"],
  ["not a url", "https://api.avarasoftware.com"],
  ["/v1", "https://api.avarasoftware.com"]
] as const

const badKeys = [
  ["", "not blank"],
  ["  \t ", "not blank"],
  [`${secret}\r\nx-evil: 1`, "character 13"],
  [`${secret} ${secret}`, "character 13"],
  [`clé${secret}`, "character 3"],
  [`${secret}\u0000`, "character 13"]
] as const

const badHeaders = [
  ["Authorization", "x", "set the option apiKey, or AVARA_API_KEY, instead"],
  ["content-length", "5", "is set by the client"],
  ["Content-Type", "text/plain", "is set by the client"],
  ["Host", "evil.example", "is set by the client"],
  ["transfer-encoding", "chunked", "is set by the client"],
  ["x y", "x", "expected a header name"],
  ["x-é", "x", "expected a header name"]
] as const

describe("Avara.layer", () => {
  for (const url of goodUrls) {
    it.effect(`accepts the base URL ${url}`, () =>
      Effect.map(fromOptions({ baseUrl: url }), (built) => expect(Either.isRight(built)).toBe(true))
    )
  }

  for (const [url, allowed] of badUrls) {
    it.effect(`rejects the base URL ${url}, names the option and says what is allowed`, () =>
      Effect.gen(function* () {
        const text = errorText(yield* fromOptions({ baseUrl: url }))
        expect(text).toContain("baseUrl")
        expect(text).toContain(allowed)
        expect(text).not.toContain(secret)
      })
    )
  }

  it.effect("accepts plain http to another host if it is allowed explicitly", () =>
    Effect.map(fromOptions({ baseUrl: "http://api.example.com", allowInsecure: true }), (built) =>
      expect(Either.isRight(built)).toBe(true)
    )
  )

  for (const [apiKey, allowed] of [...badKeys, [`${secret}\n`, "character 13"]] as const) {
    it.effect(`rejects the key ${JSON.stringify(apiKey)} without repeating it`, () =>
      Effect.gen(function* () {
        const text = errorText(yield* fromOptions({ apiKey: Redacted.make(apiKey) }))
        expect(text).toContain("apiKey")
        expect(text).toContain(allowed)
        expect(text).not.toContain(secret)
      })
    )
  }

  for (const [option, options, allowed] of [
    ["timeout", { timeout: 0 }, "above zero"],
    ["timeout", { timeout: -1 }, "above zero"],
    ["timeout", { timeout: NaN }, "above zero"],
    ["timeout", { timeout: "soon" as "1 second" }, "30 seconds"],
    ["deadline", { deadline: "0 seconds" }, "above zero"],
    ["maxBodySize", { maxBodySize: 0 }, "above zero"],
    ["maxBodySize", { maxBodySize: 1.5 }, "bytes"],
    ["maxBodySize", { maxBodySize: NaN }, "bytes"],
    ["userAgent", { userAgent: "a\r\nx-evil: 1" }, "without line breaks"],
    ["idempotencyHeader", { idempotencyHeader: "" }, "expected a header name"],
    ["idempotencyHeader", { idempotencyHeader: "Authorization" }, "is set by the client"],
    ["idempotencyHeader", { idempotencyHeader: "User-Agent" }, "is set by the client"],
    ["logLevel", { logLevel: "verbose" as "debug" }, 'expected "error", "warn", "info", "debug" or "off"'],
    ...badHeaders.map(
      ([name, value, allowed]) => [name, { headers: { [name]: Redacted.make(value + secret) } }, allowed] as const
    ),
    ["x-tenant", { headers: { "x-tenant": `${secret}\r\nx-evil: 1` } }, "without line breaks"],
    ["x-tenant", { headers: { "x-tenant": `${secret}\u0000` } }, "without line breaks and control characters"],
    ["x-tenant", { headers: { "x-tenant": `${secret}漢` } }, "expected a header value"]
  ] as ReadonlyArray<readonly [string, Partial<AvaraClient.Options>, string]>) {
    it.effect(`rejects ${option} ${JSON.stringify(options)}, names it and says what is allowed`, () =>
      Effect.gen(function* () {
        const text = errorText(yield* fromOptions(options))
        expect(text).toContain(option)
        expect(text).toContain(allowed)
        expect(text).not.toContain(secret)
      })
    )
  }

  it.effect("names every invalid extra header in one error", () =>
    Effect.gen(function* () {
      const text = errorText(yield* fromOptions({ headers: { host: "a", "x y": "b" } }))
      expect(text).toContain("host")
      expect(text).toContain("x y")
    })
  )

  for (const [baseUrl, href] of [
    [undefined, "https://api.avarasoftware.com/v1/express"],
    ["https://api.example.com", "https://api.example.com/v1/express"],
    ["https://api.example.com/", "https://api.example.com/v1/express"],
    ["https://api.example.com//", "https://api.example.com/v1/express"],
    ["https://api.example.com/avara", "https://api.example.com/avara/v1/express"],
    ["https://api.example.com/avara/", "https://api.example.com/avara/v1/express"]
  ] as const) {
    it.effect(`sends to ${href} with the base URL ${baseUrl ?? "not set"}`, () =>
      withApi(
        [json(200, examplePage)],
        ({ customers, sent }) =>
          Effect.map(customers.list(), () => expect(sent.map(({ url }) => url.href)).toEqual([href])),
        { baseUrl }
      )
    )
  }
})

const listWith = (variables: Record<string, string>, ...replies: Parameters<typeof script>) => {
  const { client, sent } = script(...replies)
  return Effect.gen(function* () {
    const customers = yield* Customers
    const exit = yield* Effect.exit(customers.list())
    return { exit, sent }
  }).pipe(
    Effect.provide(Layer.provide(Avara.layerConfig(), Layer.succeed(HttpClient.HttpClient, client))),
    environment(variables),
    asTimePasses
  )
}

describe("Avara.layerConfig", () => {
  it.effect("reads the key, the base URL and extra headers from the environment", () =>
    Effect.gen(function* () {
      const { sent } = yield* listWith(
        {
          AVARA_BASE_URL: "http://127.0.0.1:4010/avara/",
          AVARA_CUSTOM_HEADERS: `x-tenant: north: east\r\n\n  X-Team :  billing  \n`
        },
        [json(200, examplePage)]
      )
      expect(sent[0]?.url.href).toBe("http://127.0.0.1:4010/avara/v1/express")
      expect(sent[0]?.headers).toMatchObject({
        authorization: `Bearer ${key}`,
        "x-tenant": "north: east",
        "x-team": "billing"
      })
    })
  )

  for (const [what, text] of [
    ["a line break", `${key}\n`],
    ["a Windows line break", `${key}\r\n`],
    ["spaces and tabs", ` \t${key} \t`]
  ] as const) {
    it.effect(`accepts a key with ${what} around it`, () =>
      Effect.map(listWith({ AVARA_API_KEY: text }, [json(200, examplePage)]), ({ sent }) =>
        expect(sent[0]?.headers["authorization"]).toBe(`Bearer ${key}`)
      )
    )
  }

  it.effect("accepts a user agent in AVARA_CUSTOM_HEADERS", () =>
    Effect.map(listWith({ AVARA_CUSTOM_HEADERS: "User-Agent: billing/1.4" }, [json(200, examplePage)]), ({ sent }) =>
      expect(sent[0]?.headers["user-agent"]).toBe("billing/1.4")
    )
  )

  for (const [retries, requests] of [
    ["0", 1],
    ["1", 2],
    [" 3 ", 4],
    ["", 3],
    ["  ", 3]
  ] as const) {
    it.effect(
      `sends ${requests} requests to a server that fails with AVARA_MAX_RETRIES=${JSON.stringify(retries)}`,
      () =>
        Effect.map(listWith({ AVARA_MAX_RETRIES: retries }, always(answer(500))), ({ sent }) =>
          expect(sent).toHaveLength(requests)
        )
    )
  }

  it.effect("gives up on an attempt after AVARA_TIMEOUT", () =>
    Effect.gen(function* () {
      const { exit, sent } = yield* listWith({ AVARA_TIMEOUT: "250 millis", AVARA_MAX_RETRIES: "0" }, [stalled])
      expect(sent).toHaveLength(1)
      expect(JSON.stringify(exit)).toContain('"limit":{"_id":"Duration","_tag":"Millis","millis":250}')
    })
  )

  for (const [validation, isRead] of [
    ["lenient", true],
    [" lenient\n", true],
    ["strict", false],
    [" ", false]
  ] as const) {
    it.effect(`reads a drifted page with AVARA_VALIDATION=${JSON.stringify(validation)}: ${isRead}`, () =>
      Effect.gen(function* () {
        const drifted = { ...examplePage, expressCustomers: [{ ...exampleCustomer, createdAt: 1 }] }
        const { exit } = yield* listWith({ AVARA_VALIDATION: validation }, [json(200, drifted)])
        expect(exit._tag).toBe(isRead ? "Success" : "Failure")
      })
    )
  }

  it.effect("treats a blank setting as not set", () =>
    Effect.gen(function* () {
      const blank = {
        AVARA_BASE_URL: " ",
        AVARA_TIMEOUT: "",
        AVARA_MAX_RETRIES: "",
        AVARA_CUSTOM_HEADERS: "\n",
        AVARA_LOG: " "
      }
      const { sent } = yield* listWith(blank, [json(200, examplePage)])
      expect(sent[0]?.url.href).toBe("https://api.avarasoftware.com/v1/express")
    })
  )

  for (const [variable, value, allowed] of [
    ...badKeys.map(([value, allowed]) => ["AVARA_API_KEY", value, allowed] as const),
    ...badUrls.map(([value, allowed]) => ["AVARA_BASE_URL", value, allowed] as const),
    ["AVARA_TIMEOUT", "soon", "30 seconds"],
    ["AVARA_TIMEOUT", "30", "30 seconds"],
    ["AVARA_TIMEOUT", "0 seconds", "above zero"],
    ["AVARA_TIMEOUT", "-5 seconds", "above zero"],
    ["AVARA_MAX_RETRIES", "-1", "0 to 20"],
    ["AVARA_MAX_RETRIES", "21", "0 to 20"],
    ["AVARA_MAX_RETRIES", "1.5", "0 to 20"],
    ["AVARA_MAX_RETRIES", "1e1", "0 to 20"],
    ["AVARA_MAX_RETRIES", "many", "0 to 20"],
    ["AVARA_LOG", "verbose", 'expected "error", "warn", "info", "debug" or "off"'],
    ["AVARA_LOG", "INFO", 'expected "error", "warn", "info", "debug" or "off"'],
    ["AVARA_VALIDATION", "loose", '"strict" or "lenient"'],
    ["AVARA_VALIDATION", "Lenient", '"strict" or "lenient"'],
    ["AVARA_CUSTOM_HEADERS", secret, "Name: value"],
    ["AVARA_CUSTOM_HEADERS", `x-a: 1\n${secret}`, "line 2"],
    ["AVARA_CUSTOM_HEADERS", `: ${secret}`, "Name: value"],
    ["AVARA_CUSTOM_HEADERS", `x-a: ${secret}\u0000`, "without line breaks and control characters"],
    ...badHeaders.map(
      ([name, value, allowed]) => ["AVARA_CUSTOM_HEADERS", `${name}: ${value}${secret}`, allowed] as const
    )
  ] as const) {
    it.effect(`rejects ${variable}=${JSON.stringify(value)}, names it and says what is allowed`, () =>
      Effect.gen(function* () {
        const text = errorText(yield* fromEnvironment({ [variable]: value }))
        expect(text).toContain(variable)
        expect(text).toContain(allowed)
        expect(text).not.toContain(secret)
      })
    )
  }

  it.effect("names the missing key", () =>
    Effect.gen(function* () {
      const built = yield* build(Avara.layerConfig()).pipe(Effect.withConfigProvider(ConfigProvider.fromMap(new Map())))
      expect(errorText(built)).toContain("AVARA_API_KEY")
    })
  )

  it.effect("accepts a custom Config of the options", () =>
    Effect.gen(function* () {
      const built = yield* build(
        Avara.layerConfig({
          apiKey: Config.redacted("MY_KEY"),
          retry: Config.succeed(RetryPolicy.none),
          baseUrl: Config.succeed("https://api.example.com")
        })
      ).pipe(Effect.withConfigProvider(ConfigProvider.fromMap(new Map([["MY_KEY", key]]))))
      expect(Either.isRight(built)).toBe(true)
    })
  )
})

describe("every request", () => {
  it.effect("has the options' headers and query", () =>
    withApi(
      [json(200, examplePage)],
      ({ customers, sent }) =>
        Effect.gen(function* () {
          yield* customers.list({ limit: 5, cursor: "a+b/c==" })
          expect(sent[0]?.headers).toMatchObject({ "x-tenant": "north", "x-secret": "shh", accept: "application/json" })
          expect(sent[0]?.headers["user-agent"]).toMatch(/^effect-avara\/\d+\.\d+\.\d+ billing\/1\.4$/)
          expect([...(sent[0]?.url.searchParams ?? [])]).toEqual(
            expect.arrayContaining([
              ["tenant", "n&s"],
              ["cursor", "a+b/c=="],
              ["limit", "5"]
            ])
          )
        }),
      {
        headers: { "X-Tenant": "north", "x-secret": Redacted.make("shh") },
        query: { tenant: "n&s" },
        userAgent: "billing/1.4"
      }
    )
  )
})
