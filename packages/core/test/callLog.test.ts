import * as HttpClient from "@effect/platform/HttpClient"
import { describe, expect, it } from "@effect/vitest"
import { Avara, AvaraClient, Customers, RetryPolicy } from "@effect-avara/core"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as HashMap from "effect/HashMap"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import { answer, asTimePasses, customerId, exampleCustomer, json, key, type Reply, script, userId } from "./support.js"

type Call = Effect.Effect<unknown, unknown, Avara.Services>

const retrieve: Call = Effect.flatMap(Customers, (customers) => customers.retrieve(customerId))

const twoReplies = [
  Effect.delay(answer(503), "2 seconds"),
  json(200, exampleCustomer, { "x-request-id": "req-1" })
] as const

/** Returns the lines that a call writes: level, message and annotations. */
const linesOf = (
  options: Partial<AvaraClient.Options>,
  replies: ReadonlyArray<Reply>,
  call = retrieve,
  minimum = LogLevel.Info
) =>
  Effect.gen(function* () {
    const lines: Array<readonly [string, string, Readonly<Record<string, unknown>>]> = []
    const logger = Logger.make<unknown, void>(({ annotations, logLevel, message }) => {
      lines.push([logLevel._tag, String(message), Object.fromEntries(HashMap.toEntries(annotations))])
    })
    const retry = RetryPolicy.make(Schedule.spaced("1 second").pipe(Schedule.intersect(Schedule.recurs(1))))
    const client = Avara.layer({ apiKey: Redacted.make(key), retry, ...options }).pipe(
      Layer.provide(Layer.succeed(HttpClient.HttpClient, script(replies).client))
    )
    yield* asTimePasses(
      Effect.exit(call).pipe(
        Effect.provide([client, Logger.replace(Logger.defaultLogger, logger)]),
        Logger.withMinimumLogLevel(minimum)
      )
    )
    return lines
  })

const at = { method: "GET", route: "/v1/express/{expressCustomerId}" }

const sending = (attempt: number) => ["Debug", "sending a request", { ...at, attempt }] as const

const retried = [
  "Warning",
  "attempt failed, waiting before the next one",
  { ...at, attempt: 1, error: "ServerError", delayMillis: 1000 }
] as const

const succeeded = [
  "Info",
  "call succeeded",
  { ...at, status: 200, attempts: 2, requestId: "req-1", elapsedMillis: 3000 }
] as const

describe("logLevel", () => {
  for (const [logLevel, lines] of [
    ["off", []],
    ["error", []],
    ["warn", [retried]],
    ["info", [retried, succeeded]],
    ["debug", [sending(1), retried, sending(2), succeeded]]
  ] as const) {
    it.effect(`${logLevel} writes ${lines.length} lines for a call that succeeds at the second attempt`, () =>
      Effect.map(linesOf({ logLevel }, twoReplies), (written) => expect(written).toEqual(lines))
    )
  }

  it.effect("is off by default: a program that shows debug lines sees only the retry", () =>
    Effect.map(linesOf({}, twoReplies, retrieve, LogLevel.Debug), (written) =>
      expect(written).toEqual([
        [
          "Debug",
          "attempt failed, waiting before the next one",
          { operation: "customers.retrieve", attempt: 1, error: "ServerError", delayMillis: 1000 }
        ]
      ])
    )
  )

  it.effect("writes regardless of the program's minimum log level", () =>
    Effect.map(linesOf({ logLevel: "debug" }, twoReplies, retrieve, LogLevel.None), (written) =>
      expect(written).toHaveLength(4)
    )
  )

  for (const [logLevel, isWritten] of [
    ["off", false],
    ["error", true],
    ["debug", true]
  ] as const) {
    it.effect(`${logLevel} writes ${isWritten ? "a" : "no"} line for a call that fails`, () =>
      Effect.gen(function* () {
        const replies = [answer(418, null, { "x-request-id": "req-2" })]
        const written = yield* linesOf({ logLevel, retry: RetryPolicy.none }, replies)
        const failed = {
          ...at,
          error: "UnexpectedStatus",
          status: 418,
          attempts: 1,
          requestId: "req-2",
          elapsedMillis: 0
        }
        expect(written.filter(([level]) => level === "Error")).toEqual(
          isWritten ? [["Error", "call failed", failed]] : []
        )
      })
    )
  }

  it.effect("writes a line for a call that is rejected before it is sent", () =>
    Effect.map(linesOf({ logLevel: "debug" }, [], AvaraClient.withOptions({ timeout: 0 })(retrieve)), (written) =>
      expect(written).toEqual([["Error", "call failed", { ...at, error: "Validation", attempts: 0, elapsedMillis: 0 }]])
    )
  )

  for (const [path, route] of [
    [`/v1/express/${customerId}/studies`, "/v1/express/{id}/studies"],
    [`/v2/${userId}`, "/v2/{id}"],
    ["/v1/studies/550e8400-e29b-41d4-a716-446655440000/7", "/v1/studies/{id}/{id}"],
    ["/v1/express/{id1}/studies", "/v1/express/{id1}/studies"]
  ] as const) {
    it.effect(`shows the path ${path} as ${route}`, () =>
      Effect.gen(function* () {
        const request = AvaraClient.request({
          method: "GET",
          path,
          params: { id1: "cus_7" },
          query: { name: "s3cret" },
          response: Schema.Unknown
        })
        const call = AvaraClient.withOptions({ headers: { "x-a": "s3cret" } })(request)
        const written = yield* linesOf({ logLevel: "debug" }, [answer(503), json(200, { name: "s3cret" })], call)
        expect(written.map(([, , facts]) => facts["route"])).toEqual([route, route, route, route])
        expect(JSON.stringify(written)).not.toMatch(/s3cret|cus_|usr_|550e/)
      })
    )
  }

  it.effect("shows a path that is rejected because of its query without the query", () =>
    Effect.gen(function* () {
      const call = AvaraClient.request({ method: "GET", path: "/v1/studies?name=secret", response: Schema.Unknown })
      const written = yield* linesOf({ logLevel: "error" }, [], call)
      expect(written.map(([, , facts]) => facts["route"])).toEqual(["/v1/studies"])
    })
  )

  for (const [text, count] of [
    ["info", 2],
    [" debug\n", 4],
    ["off", 0],
    ["", 0]
  ] as const) {
    it.effect(`comes from AVARA_LOG=${JSON.stringify(text)}`, () =>
      Effect.gen(function* () {
        const variables = new Map([
          ["AVARA_API_KEY", key],
          ["AVARA_LOG", text]
        ])
        const options = yield* Effect.withConfigProvider(Avara.config, ConfigProvider.fromMap(variables))
        const { logLevel } = options
        expect(yield* linesOf({ logLevel }, twoReplies)).toHaveLength(count)
      })
    )
  }
})
