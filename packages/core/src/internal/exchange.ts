import type * as HttpClient from "@effect/platform/HttpClient"
import type * as HttpClientError from "@effect/platform/HttpClientError"
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Clock from "effect/Clock"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as AvaraError from "../AvaraError.js"
import { type BodyTooLarge, decodeBody, looseText, readBody } from "./answer.js"
import { type Connection, connectionOf, isDecompressionError, isTooLargeError } from "./connection.js"
import { detailOf } from "./detail.js"
import type { Operation, Refusal, Replay } from "./operation.js"
import { redact } from "./redaction.js"
import { refusalOf } from "./refusal.js"
import { retryAfter } from "./retryAfter.js"

/** A request that is ready to be sent any number of times. @internal */
export interface Exchange<A> {
  readonly operation: Operation<A, Refusal, Replay>
  readonly request: HttpClientRequest.HttpClientRequest
  readonly origin: string
  /** Every text that the request holds and no error may repeat. */
  readonly sent: ReadonlyArray<string>
  readonly maxBodySize: number
}

/** @internal */
export interface Answer<A> {
  readonly value: A
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly requestId: Option.Option<string>
}

/** A failed attempt, and what the server says of another one. @internal */
export interface Failure {
  readonly error: AvaraError.AvaraError
  readonly status: Option.Option<number>
  readonly retryAfter: Option.Option<Duration.Duration>
  readonly shouldRetry: Option.Option<boolean>
}

/** @internal */
export type ScopedClient = HttpClient.HttpClient.With<HttpClientError.HttpClientError, Scope.Scope>

const withoutAnswer = (error: AvaraError.AvaraError): Failure => ({
  error,
  status: Option.none(),
  retryAfter: Option.none(),
  shouldRetry: Option.none()
})

/** @internal */
export const timedOut = (operation: string, attempts: number, scope: "attempt" | "call", limit: Duration.Duration) =>
  withoutAnswer(new AvaraError.TimedOut({ operation, attempts, scope, limit }))

const requestIdOf = (headers: Readonly<Record<string, string | undefined>>, sent: ReadonlyArray<string>) =>
  Option.fromNullable(headers["x-request-id"] ?? headers["request-id"] ?? headers["cf-ray"]).pipe(
    Option.map((id) => redact(id, sent)),
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

const interpret = <A>(
  { operation, sent }: Exchange<A>,
  attempts: number,
  response: HttpClientResponse.HttpClientResponse,
  body: Uint8Array,
  nowMillis: number
): Either.Either<Answer<A>, Failure> => {
  const { headers, status } = response
  const requestId = requestIdOf(headers, sent)
  const context = {
    operation: operation.name,
    attempts,
    ...Option.match(requestId, { onNone: () => ({}), onSome: (requestId) => ({ requestId }) })
  }
  const failure = (error: AvaraError.AvaraError): Failure => ({
    error,
    status: Option.some(status),
    retryAfter: retryAfter(headers, nowMillis),
    shouldRetry: shouldRetryOf(headers)
  })
  if (!isSuccess(status)) {
    const detail = detailOf(looseText(body), sent)
    return Either.left(
      failure(refusalOf(operation, { context, status, detail, retryAfter: retryAfter(headers, nowMillis) }))
    )
  }
  return Either.mapBoth(decodeBody(operation.decode, body, sent), {
    onLeft: (unreadable) => failure(new AvaraError.InvalidResponse({ ...context, status, ...unreadable })),
    onRight: (value) => ({
      value: operation.clean === undefined ? value : operation.clean(value, (text) => redact(text, sent)),
      status,
      headers,
      requestId
    })
  })
}

const unreadable = (exchange: Exchange<unknown>, attempts: number, status: number, message: string): Failure => ({
  ...withoutAnswer(
    new AvaraError.InvalidResponse({
      operation: exchange.operation.name,
      attempts,
      status,
      issues: [{ path: [], message }],
      snippet: ""
    })
  ),
  status: Option.some(status)
})

/** The answer to a body that could not be read to its end. */
const lostBody =
  (exchange: Exchange<unknown>, attempts: number, status: number) =>
  (error: HttpClientError.ResponseError | BodyTooLarge): Failure => {
    if (error._tag === "BodyTooLarge" || isTooLargeError(error.cause)) {
      return unreadable(exchange, attempts, status, `expected a body of at most ${exchange.maxBodySize} bytes`)
    }
    return isDecompressionError(error.cause)
      ? unreadable(exchange, attempts, status, "expected a body that is compressed as its content-encoding says")
      : withoutAnswer(connectionFailed(exchange, attempts, { ...connectionOf(error.cause), sent: "maybe" }))
  }

const maxRefusalSize = 1024 * 1024

const refusalTimeout = "5 seconds"

/** The status decides what a refusal is, so that a body which is lost, late or endless changes nothing. */
const readRefusal = (response: HttpClientResponse.HttpClientResponse): Effect.Effect<Uint8Array> =>
  readBody(response, maxRefusalSize).pipe(
    Effect.timeout(refusalTimeout),
    Effect.orElseSucceed(() => new Uint8Array())
  )

/**
 * One attempt, from the connection to the decoded value; whatever ends it, nothing of it stays open.
 * `onRefusal` hears what a refusal's status alone says, before its body is read.
 *
 * @internal
 */
export const send = <A>(
  client: ScopedClient,
  exchange: Exchange<A>,
  attempts: number,
  onRefusal: (failure: Failure) => void
): Effect.Effect<Answer<A>, Failure> =>
  Effect.gen(function* () {
    const lost = (error: HttpClientError.HttpClientError) =>
      withoutAnswer(connectionFailed(exchange, attempts, connectionOf(error.cause)))
    const response = yield* Effect.mapError(client.execute(exchange.request), lost)
    const read = (body: Uint8Array) =>
      Effect.map(Clock.currentTimeMillis, (now) => interpret(exchange, attempts, response, body, now))
    if (isSuccess(response.status)) {
      const body = readBody(response, exchange.maxBodySize)
      const lostAnswer = lostBody(exchange, attempts, response.status)
      return yield* yield* read(yield* Effect.mapError(body, lostAnswer))
    }
    Either.mapLeft(yield* read(new Uint8Array()), onRefusal)
    return yield* yield* read(yield* readRefusal(response))
  }).pipe(Effect.scoped)
