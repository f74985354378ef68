import * as Headers from "@effect/platform/Headers"
import * as HttpClient from "@effect/platform/HttpClient"
import type * as HttpClientError from "@effect/platform/HttpClientError"
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Cause from "effect/Cause"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as FiberRef from "effect/FiberRef"
import { constTrue, identity, type LazyArg } from "effect/Function"
import * as Option from "effect/Option"
import * as AvaraError from "../../AvaraError.js"
import { type Limits, startedWithin, within } from "../call/attempt.js"
import { monotonicMillis } from "../platform/clock.js"
import { handOver } from "../platform/handOver.js"
import type { Operation, Refusal, Replay } from "../request/operation.js"
import type { Redactor } from "../secrets/redaction.js"
import {
  type Connection,
  connectionOf,
  isCutShortError,
  isDecompressionError,
  isTooLargeError
} from "../transport/connection.js"
import { type BodyTooLarge, decodeJson, isThere, looseText, parseBody, readBody, type Unreadable } from "./answer.js"
import { detailOf } from "./detail.js"
import { refusalOf } from "./refusal.js"
import { retryAfter } from "./retryAfter.js"

/** A request that is ready to be sent any number of times. @internal */
export interface Exchange<A> {
  readonly operation: Operation<A, Refusal, Replay>
  readonly request: HttpClientRequest.HttpClientRequest
  readonly origin: string
  /** Headers that only this call has, whose values may be secret. */
  readonly ownHeaders: ReadonlyArray<string>
  /** What takes the texts that the request holds out of the server's. */
  readonly redactor: LazyArg<Redactor>
  readonly maxBodySize: number
  /** Reports the fields that were read as absent, which only a lenient call does. */
  readonly reportDrift: ((paths: ReadonlyArray<string>) => Effect.Effect<void>) | undefined
  /** Is told about each response when its status is there, and again when its body is. */
  readonly onResponse?: (received: Received, attempts: number) => void
}

/** @internal */
export interface Answer<A> {
  readonly value: A
  readonly attempts: number
  readonly response: HttpClientResponse.HttpClientResponse
}

/** A failed attempt, and what the server says of another one. @internal */
export interface Failure {
  readonly error: AvaraError.AvaraError
  readonly status: Option.Option<number>
  readonly retryAfter: Option.Option<Duration.Duration>
  readonly shouldRetry: Option.Option<boolean>
}

const withoutAnswer = (error: AvaraError.AvaraError): Failure => ({
  error,
  status: Option.none(),
  retryAfter: Option.none(),
  shouldRetry: Option.none()
})

/** @internal */
export const timedOut = (operation: string, attempts: number, scope: "attempt" | "call", limit: Duration.Duration) =>
  withoutAnswer(new AvaraError.TimedOut({ operation, attempts, scope, limit }))

/** @internal */
export const requestIdOf = (
  { headers }: HttpClientResponse.HttpClientResponse,
  exchange: Exchange<unknown>
): Option.Option<string> =>
  Option.fromNullable(headers["x-request-id"] ?? headers["request-id"] ?? headers["cf-ray"]).pipe(
    Option.map((id) => exchange.redactor().id(id)),
    Option.filter((id) => id !== "")
  )

const shouldRetryOf = (headers: Readonly<Record<string, string | undefined>>): Option.Option<boolean> => {
  const value = headers["x-should-retry"]
  return value === "true" || value === "false" ? Option.some(value === "true") : Option.none()
}

const connectionFailed = (exchange: Exchange<unknown>, attempts: number, connection: Connection) =>
  new AvaraError.ConnectionFailed({
    operation: exchange.operation.name,
    attempts,
    origin: exchange.origin,
    ...connection
  })

const isSuccess = (status: number) => status >= 200 && status <= 299

/** A response and its body, which is empty as long as it is not there. @internal */
export interface Received {
  readonly response: HttpClientResponse.HttpClientResponse
  readonly body: Uint8Array
}

interface Circumstances {
  readonly operation: string
  readonly attempts: number
  readonly requestId?: string
}

const circumstancesOf = (
  exchange: Exchange<unknown>,
  attempts: number,
  response: HttpClientResponse.HttpClientResponse
): Circumstances =>
  Option.match(requestIdOf(response, exchange), {
    onNone: () => ({ operation: exchange.operation.name, attempts }),
    onSome: (requestId) => ({ operation: exchange.operation.name, attempts, requestId })
  })

const failureOf = (
  { headers, status }: HttpClientResponse.HttpClientResponse,
  error: AvaraError.AvaraError,
  nowMillis: number
): Failure => ({
  error,
  status: Option.some(status),
  retryAfter: retryAfter(headers, nowMillis),
  shouldRetry: shouldRetryOf(headers)
})

/** What a status that is no success means, with the words of its body. */
const refused = (
  exchange: Exchange<unknown>,
  attempts: number,
  { clock }: Limits<Failure>,
  { body, response }: Received
): Failure => {
  const now = clock.unsafeCurrentTimeMillis()
  const error = refusalOf(exchange.operation, {
    context: circumstancesOf(exchange, attempts, response),
    status: response.status,
    detail: detailOf(looseText(body), exchange.redactor),
    retryAfter: retryAfter(response.headers, now)
  })
  return failureOf(response, error, now)
}

/** The value of a success. */
const answerOf = <A>(
  exchange: Exchange<A>,
  attempts: number,
  { clock, restore }: Limits<Failure>,
  { body, response }: Received
): Effect.Effect<Answer<A>, Failure> => {
  const { operation } = exchange
  const unreadableAnswer = (why: Unreadable) => {
    const context = circumstancesOf(exchange, attempts, response)
    const error = new AvaraError.InvalidResponse({ ...context, status: response.status, ...why })
    return Effect.fail(failureOf(response, error, clock.unsafeCurrentTimeMillis()))
  }
  const { reportDrift } = exchange
  const decoded = (json: unknown) => {
    const drifts: Array<string> = []
    const onDrift = reportDrift === undefined ? undefined : (path: string) => drifts.push(path)
    return Either.match(decodeJson(operation, json, body, exchange, onDrift), {
      onLeft: unreadableAnswer,
      onRight: (value) => {
        const answer = Effect.succeed({
          value:
            operation.clean === undefined ? value : operation.clean(value, (text) => exchange.redactor().words(text)),
          attempts,
          response
        })
        return reportDrift === undefined || drifts.length === 0 ? answer : Effect.zipRight(reportDrift(drifts), answer)
      }
    })
  }
  const announced = <B, E>(cursor: string | undefined, next: LazyArg<Effect.Effect<B, E>>) =>
    cursor === undefined || operation.ahead === undefined
      ? next()
      : Effect.flatMap(restore(operation.ahead.announce(cursor)), next)
  const parsed = () =>
    Either.match(parseBody(body, response, exchange), {
      onLeft: unreadableAnswer,
      onRight: (json) => announced(operation.ahead?.inJson(json), () => decoded(json))
    })
  return announced(operation.ahead?.inBody(body), parsed)
}

const tooLarge = ({ maxBodySize, operation }: Exchange<unknown>): string => {
  const fewer = operation.name === "customers.list" ? ", or ask for fewer customers per page (limit)" : ""
  return `expected a body of at most ${maxBodySize} bytes: raise maxBodySize${fewer}`
}

/** What a body means that could not be read to its end. */
const lostBody = (
  exchange: Exchange<unknown>,
  attempts: number,
  { clock }: Limits<Failure>,
  response: HttpClientResponse.HttpClientResponse,
  error: HttpClientError.ResponseError | BodyTooLarge
): Failure => {
  const invalid = (reason: AvaraError.InvalidResponse["reason"], message: string) => {
    const context = circumstancesOf(exchange, attempts, response)
    const issues = [{ path: [], message }]
    const invalidResponse = new AvaraError.InvalidResponse({
      ...context,
      status: response.status,
      reason,
      issues,
      snippet: ""
    })
    return failureOf(response, invalidResponse, clock.unsafeCurrentTimeMillis())
  }
  if (error._tag === "BodyTooLarge" || isTooLargeError(error.cause)) return invalid("tooLarge", tooLarge(exchange))
  if (isCutShortError(error.cause)) return invalid("notJson", "the body ends before its compressed data does")
  return isDecompressionError(error.cause)
    ? invalid("notJson", "expected a body that is compressed as its content-encoding says")
    : withoutAnswer(connectionFailed(exchange, attempts, { ...connectionOf(error.cause), sent: "maybe" }))
}

const readAnswer = (
  exchange: Exchange<unknown>,
  attempts: number,
  limits: Limits<Failure>,
  response: HttpClientResponse.HttpClientResponse
): Effect.Effect<Uint8Array, Failure> => {
  const body = readBody(response, exchange.maxBodySize)
  return isThere(body)
    ? Exit.succeed(body.value)
    : Effect.mapError(body, (error) => lostBody(exchange, attempts, limits, response, error))
}

const noBody = new Uint8Array()

const maxRefusalSize = 1024 * 1024

const refusalTimeout = "5 seconds"

/** The status decides what a refusal is, so that a body which is lost, late or endless changes nothing. */
const readRefusal = (response: HttpClientResponse.HttpClientResponse): Effect.Effect<Uint8Array> =>
  readBody(response, maxRefusalSize).pipe(
    Effect.timeout(refusalTimeout),
    Effect.orElseSucceed(() => noBody)
  )

/** Who begins to read a body and stops lets go of its connection. */
const letGo = ({ arrayBuffer }: HttpClientResponse.HttpClientResponse): Effect.Effect<void> =>
  Effect.forkDaemon(Effect.interruptible(arrayBuffer)).pipe(
    Effect.zipLeft(Effect.yieldNow()),
    Effect.flatMap(Fiber.interrupt),
    Effect.asVoid
  )

type Done = (response: Effect.Effect<HttpClientResponse.HttpClientResponse, HttpClientError.HttpClientError>) => void

/**
 * Starts a request, calls `done` once with its response, and returns a function that aborts it. An urgent request opens a connection
 * rather than wait for one to be free.
 */
type Begin = (request: HttpClientRequest.HttpClientRequest, done: Done, isUrgent: boolean) => () => void

const start: unique symbol = Symbol.for("@effect-avara/core/start")

/** How a client begins a request without a fiber, if it can: one that was changed in any way cannot. */
const beginOf = (client: HttpClient.HttpClient & { readonly [start]?: Begin }): Begin | undefined => client[start]

/** Whether nothing of a user runs with the context of an attempt. @internal */
export const startsWithoutFiber = (client: HttpClient.HttpClient): boolean => beginOf(client) !== undefined

/** The attempt's fiber is its own, so that this has not to be taken back. */
const prepareFiber = ({ ownHeaders }: Exchange<unknown>) =>
  Effect.zipRight(
    FiberRef.set(HttpClient.currentTracerDisabledWhen, constTrue),
    FiberRef.update(Headers.currentRedactedNames, (names) => [...names, ...ownHeaders])
  )

type Executed = Effect.Effect<HttpClientResponse.HttpClientResponse, HttpClientError.HttpClientError | Failure>

/** From the response to the end of its body; whatever ends it, nothing of it stays open. */
const receive = (
  exchange: Exchange<unknown>,
  attempts: number,
  limits: Limits<Failure>,
  onRefusal: (failure: Failure) => void,
  executed: Executed,
  bounded: (reading: Effect.Effect<Uint8Array, Failure>) => Effect.Effect<Uint8Array, Failure>
): Effect.Effect<Received, Failure> => {
  const reading = (response: HttpClientResponse.HttpClientResponse) => {
    exchange.onResponse?.({ response, body: noBody }, attempts)
    if (isSuccess(response.status)) return readAnswer(exchange, attempts, limits, response)
    onRefusal(refused(exchange, attempts, limits, { response, body: noBody }))
    return readRefusal(response)
  }
  return Effect.matchEffect(executed, {
    onFailure: (error) =>
      Effect.fail(
        "_tag" in error ? withoutAnswer(connectionFailed(exchange, attempts, connectionOf(error.cause))) : error
      ),
    onSuccess: (response) => {
      const body = reading(response)
      if (isThere(body)) return Effect.succeed({ response, body: body.value })
      return Effect.matchCauseEffect(limits.restore(Effect.flatMap(Effect.void, handOver(bounded(body), identity))), {
        onFailure: (cause) =>
          Cause.isInterrupted(cause)
            ? Effect.zipRight(letGo(response), Effect.failCause(cause))
            : Effect.failCause(cause),
        onSuccess: (bytes) => Effect.succeed({ response, body: bytes })
      })
    }
  })
}

/** In a fiber of its own, unless the client begins requests without one. */
const received = (
  client: HttpClient.HttpClient,
  exchange: Exchange<unknown>,
  attempts: number,
  limits: Limits<Failure>,
  onRefusal: (failure: Failure) => void
): Effect.Effect<Received, Failure> => {
  const begin = beginOf(client)
  if (begin === undefined) {
    const attempt = Effect.uninterruptibleMask((restore) =>
      receive(
        exchange,
        attempts,
        { ...limits, restore },
        onRefusal,
        restore(client.execute(exchange.request)),
        identity
      )
    )
    return limits.restore(within(limits, Effect.zipRight(prepareFiber(exchange), attempt)))
  }
  let startMillis = 0
  const executed = startedWithin(limits, (done: Done) => {
    startMillis = monotonicMillis(limits.clock)
    return begin(exchange.request, done, exchange.operation.ahead !== undefined)
  })
  return receive(exchange, attempts, limits, onRefusal, executed, (reading) =>
    Effect.suspend(() => {
      const elapsed = monotonicMillis(limits.clock) - startMillis
      return within({ ...limits, millis: limits.millis - elapsed }, reading)
    })
  )
}

/**
 * One attempt within its limits, from the connection to the end of its answer, and what that means.
 * `onRefusal` hears what a refusal's status alone says, before its body is read.
 *
 * @internal
 */
export const send = <A>(
  client: HttpClient.HttpClient,
  exchange: Exchange<A>,
  attempts: number,
  limits: Limits<Failure>,
  onRefusal: (failure: Failure) => void
): Effect.Effect<Answer<A>, Failure> =>
  Effect.flatMap(received(client, exchange, attempts, limits, onRefusal), (answer) => {
    exchange.onResponse?.(answer, attempts)
    return isSuccess(answer.response.status)
      ? answerOf(exchange, attempts, limits, answer)
      : Effect.fail(refused(exchange, attempts, limits, answer))
  })
