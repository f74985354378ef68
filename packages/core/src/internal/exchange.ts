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
import { connectionOf } from "./connection.js"
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

const connectionFailed = (exchange: Exchange<unknown>, attempts: number, cause: unknown) =>
  new AvaraError.ConnectionFailed({
    operation: exchange.operation.name,
    attempts,
    origin: exchange.origin,
    ...connectionOf(cause)
  })

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
  if (status < 200 || status > 299) {
    const detail = detailOf(looseText(body), sent)
    return Either.left(
      failure(refusalOf(operation, { context, status, detail, retryAfter: retryAfter(headers, nowMillis) }))
    )
  }
  return Either.mapBoth(decodeBody(operation.decode, body, sent), {
    onLeft: (unreadable) => failure(new AvaraError.InvalidResponse({ ...context, status, ...unreadable })),
    onRight: (value) => ({ value, status, headers, requestId })
  })
}

const tooLarge = (exchange: Exchange<unknown>, attempts: number, status: number, { limit }: BodyTooLarge) => ({
  ...withoutAnswer(
    new AvaraError.InvalidResponse({
      operation: exchange.operation.name,
      attempts,
      status,
      issues: [{ path: [], message: `expected a body of at most ${limit} bytes` }],
      snippet: ""
    })
  ),
  status: Option.some(status)
})

/** One attempt, from the connection to the decoded value; whatever ends it, nothing of it stays open. @internal */
export const send = <A>(client: ScopedClient, exchange: Exchange<A>, attempts: number): Effect.Effect<Answer<A>, Failure> =>
  client.execute(exchange.request).pipe(
    Effect.flatMap((response) =>
      readBody(response, exchange.maxBodySize).pipe(
        Effect.zip(Clock.currentTimeMillis),
        Effect.flatMap(([body, now]) => interpret(exchange, attempts, response, body, now)),
        Effect.catchTag("BodyTooLarge", (error) => Effect.fail(tooLarge(exchange, attempts, response.status, error)))
      )
    ),
    Effect.catchTags({
      RequestError: (error) => Effect.fail(withoutAnswer(connectionFailed(exchange, attempts, error.cause))),
      ResponseError: (error) => Effect.fail(withoutAnswer(connectionFailed(exchange, attempts, error.cause)))
    }),
    Effect.scoped
  )
