import * as assert from "node:assert/strict"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientError from "@effect/platform/HttpClientError"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import {
  Avara,
  type AvaraClient,
  type AvaraError,
  Customers,
  CustomerUsers,
  type RateLimiter,
  RetryPolicy
} from "@effect-avara/core"
import * as Clock from "effect/Clock"
import type * as ConfigError from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import * as Supervisor from "effect/Supervisor"
import * as TestClock from "effect/TestClock"
import * as TestContext from "effect/TestContext"
import type { Headers } from "../../support/answerHead.js"
import { type Api, apiKey, type Call } from "./calls.js"
import { expectNothingLeft } from "./resources.js"
import { expectResult, type Result } from "./result.js"
import type { Row } from "./row.js"

/** The transport's response to a request, or the cause of its failure. */
export type Reply = Effect.Effect<Response, unknown>

export const reply = (status: number, body: unknown, headers: Headers = {}): Reply =>
  Effect.sync(() => new Response(JSON.stringify(body), { status, headers: { ...headers } }))

/** A transport failure with this code, as Node's clients report it. */
export const broken = (code: string): Reply =>
  Effect.fail(new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) }))

/** The headers arrive, but only the start of the body. */
export const stalledBody = (status: number): Reply =>
  Effect.sync(
    () =>
      new Response(new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode("{")) }), {
        status
      })
  )

/** Three retries with full jitter, whose random number is always one half: 250, 500 and 1000 ms. */
export const threeRetries = RetryPolicy.retries(3)

/** A request that the transport received, and when, in milliseconds from the start of the test. */
export interface Sent {
  readonly method: string
  readonly url: string
  readonly at: number
}

export interface ClockRow {
  readonly fault: string
  readonly call: Call
  /** The replies in order, or a function from the request's number, starting at 1. */
  readonly replies: ReadonlyArray<Reply> | ((number: number) => Reply)
  readonly options?: Partial<AvaraClient.Options>
  readonly limiter?: Layer.Layer<RateLimiter.RateLimiter, ConfigError.ConfigError>
  /** Runs before the call; its requests do not count. */
  readonly before?: (api: Api) => Effect.Effect<unknown, AvaraError, AvaraClient.AvaraClient>
  /** When the caller gives up, in milliseconds. */
  readonly interruptAt?: number
  readonly result: Result
  readonly requests: number
  /** When the requests are sent, in milliseconds from the call. */
  readonly at?: ReadonlyArray<number>
  /** When the call ends, in milliseconds from its start. */
  readonly ends?: number
  readonly note?: string
}

const scripted = (replies: ClockRow["replies"]) => {
  const sent: Array<Sent> = []
  const replyTo = (number: number): Reply =>
    typeof replies === "function"
      ? replies(number)
      : (replies[number - 1] ?? Effect.dieMessage(`request ${number} was not expected`))
  const client = HttpClient.make((request, url) =>
    Effect.gen(function* () {
      sent.push({ method: request.method, url: url.href, at: yield* Clock.currentTimeMillis })
      const response = yield* Effect.mapError(
        replyTo(sent.length),
        (cause) => new HttpClientError.RequestError({ request, reason: "Transport", cause })
      )
      return HttpClientResponse.fromWeb(request, response)
    })
  )
  return { client, sent }
}

const layerOf = ({ limiter, options }: ClockRow, client: HttpClient.HttpClient) => {
  const avara = Avara.layer({ retry: threeRetries, ...options, apiKey: Redacted.make(apiKey) }).pipe(
    Layer.provide(Layer.succeed(HttpClient.HttpClient, client))
  )
  return Layer.orDie(limiter === undefined ? avara : Layer.provide(avara, limiter))
}

const longerThanAll = "1 day"

/** Runs the Effect while the clock advances, and returns when it ended. */
const asTimePasses = <A, E, R>(effect: Effect.Effect<A, E, R>, interruptAt: number | undefined) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.fork(Effect.zip(Effect.exit(effect), Clock.currentTimeMillis))
    if (interruptAt === undefined) {
      yield* TestClock.adjust(longerThanAll)
      return yield* Fiber.join(fiber)
    }
    yield* TestClock.adjust(interruptAt)
    const exit = yield* Fiber.interrupt(fiber)
    return [Exit.flatMap(exit, ([inner]) => inner), yield* Clock.currentTimeMillis] as const
  })

const runRow = (row: ClockRow): Effect.Effect<void> => {
  const { client, sent } = scripted(row.replies)
  return Effect.gen(function* () {
    const api = { customers: yield* Customers, users: yield* CustomerUsers }
    if (row.before !== undefined) yield* asTimePasses(row.before(api), undefined)
    const already = sent.length
    const start = yield* Clock.currentTimeMillis
    const fibers = yield* Supervisor.track
    const [exit, end] = yield* asTimePasses(Effect.supervised(row.call.run(api), fibers), row.interruptAt)
    yield* TestClock.adjust(longerThanAll)
    const requests = sent.slice(already)
    expectResult(exit, row.result, row.requests)
    assert.equal(requests.length, row.requests, "requests")
    if (row.at !== undefined)
      assert.deepEqual(
        requests.map(({ at }) => Math.round(at - start)),
        row.at
      )
    if (row.ends !== undefined) assert.equal(end - start, row.ends, "the end of the call")
    assert.equal((yield* fibers.value).length, 0, "fibers")
  }).pipe(
    Effect.provide(layerOf(row, client)),
    Effect.withRandom(Random.fixed([0.5])),
    Effect.provide(TestContext.TestContext)
  )
}

/** A row over a scripted transport and a clock that the test moves. */
export const clockRow = (row: ClockRow): Row => ({
  fault: row.fault,
  call: row.call.text,
  result: row.result,
  requests: row.requests,
  note: row.note,
  check: expectNothingLeft(runRow(row))
})
