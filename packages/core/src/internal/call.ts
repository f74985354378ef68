import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as Headers from "@effect/platform/Headers"
import * as HttpBody from "@effect/platform/HttpBody"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpTraceContext from "@effect/platform/HttpTraceContext"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { constTrue } from "effect/Function"
import * as MutableRef from "effect/MutableRef"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type * as Tracer from "effect/Tracer"
import type { CallOptions, ResponseInfo } from "../AvaraClient.js"
import * as AvaraError from "../AvaraError.js"
import type * as Issue from "../Issue.js"
import { RateLimiter } from "../RateLimiter.js"
import type { RetryPolicy } from "../RetryPolicy.js"
import { makeRetryBudget } from "./budget.js"
import { type Exchange, type Failure, type ScopedClient, send } from "./exchange.js"
import type { Operation, OperationError, Refusal, Replay } from "./operation.js"
import { checkDuration, headerIssues, plainHeaders, type ResolvedOptions } from "./options.js"
import { expandPath, pathIssues } from "./path.js"
import { textsOf } from "./redaction.js"
import { monotonicMillis, type RetrySettings, withRetries } from "./retry.js"
import { countAttempt, countCall, outcomeOf } from "./telemetry.js"

/** @internal */
export class CurrentCallOptions extends Context.Reference<CurrentCallOptions>()(
  "@effect-avara/core/AvaraClient/CurrentCallOptions",
  { defaultValue: (): CallOptions => ({}) }
) {}

/** @internal */
export class CurrentResponseRef extends Context.Reference<CurrentResponseRef>()(
  "@effect-avara/core/AvaraClient/CurrentResponseRef",
  { defaultValue: () => Option.none<MutableRef.MutableRef<Option.Option<ResponseInfo>>>() }
) {}

const isSet = ([, value]: readonly [string, unknown]) => value !== undefined

/** @internal */
export const mergeCallOptions = (outer: CallOptions, inner: CallOptions): CallOptions => ({
  ...outer,
  ...Object.fromEntries(Object.entries(inner).filter(isSet)),
  headers: { ...outer.headers, ...inner.headers },
  query: { ...outer.query, ...inner.query }
})

/** The options of one call: those of the client under those of `withOptions`. */
interface CallSettings {
  readonly timeout: Duration.Duration
  readonly deadline: Duration.Duration
  readonly retry: RetryPolicy
  readonly headers: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  /** The values of extra headers, which may be secret. */
  readonly headerValues: ReadonlyArray<string>
}

const durationIssues = (name: "timeout" | "deadline", input: Duration.DurationInput | undefined): ReadonlyArray<Issue.Issue> =>
  input === undefined ? [] : Option.toArray(Either.getLeft(checkDuration(input))).map((message) => ({ path: [name], message }))

const callIssues = (operation: AnyOperation, options: CallOptions): ReadonlyArray<Issue.Issue> => [
  ...pathIssues(operation.path),
  ...headerIssues(options.headers ?? {}),
  ...durationIssues("timeout", options.timeout),
  ...durationIssues("deadline", options.deadline)
]

const settingsOf = (client: ResolvedOptions, call: CallOptions): CallSettings => {
  const headers = plainHeaders(call.headers ?? {})
  return {
  timeout: call.timeout === undefined ? client.timeout : Duration.decode(call.timeout),
  deadline: call.deadline === undefined ? client.deadline : Duration.decode(call.deadline),
  retry: call.retry ?? client.retry,
  headers: { ...client.headers, ...headers },
  query: { ...client.query, ...call.query },
  headerValues: [...client.headerSecrets, ...Object.values(headers)]
}
}

type AnyOperation = Operation<unknown, Refusal, Replay>

const invalid = (operation: AnyOperation, issues: ReadonlyArray<Issue.Issue>) =>
  new AvaraError.Validation({ operation: operation.name, attempts: 0, source: "client", issues })

const encodeBody = (operation: AnyOperation): Either.Either<HttpBody.HttpBody, AvaraError.Validation> =>
  operation.body === undefined
    ? Either.right(HttpBody.empty)
    : Either.try((): string | undefined => JSON.stringify(operation.body)).pipe(
      Either.flatMap(Either.fromNullable(() => undefined)),
      Either.mapBoth({
        onLeft: () => invalid(operation, [{ path: ["body"], message: "expected a value that JSON can hold" }]),
        onRight: (json) => HttpBody.text(json, "application/json")
      })
    )

const urlOf = (client: ResolvedOptions, operation: AnyOperation, query: Readonly<Record<string, string>>): string => {
  const search = new URLSearchParams({ ...query, ...operation.query }).toString()
  return `${client.baseUrl}${expandPath(operation.path)}${search === "" ? "" : `?${search}`}`
}

const exchangeOf = <A>(
  client: ResolvedOptions,
  operation: Operation<A, Refusal, Replay>,
  settings: CallSettings,
  body: HttpBody.HttpBody,
  span: Tracer.AnySpan | undefined
): Exchange<A> => {
  const apiKey = Redacted.value(client.apiKey)
  const idempotency = operation.replay === "unsafe" && client.idempotencyHeader !== undefined
    ? { [client.idempotencyHeader]: globalThis.crypto.randomUUID() }
    : {}
  const trace = client.tracePropagation && span?._tag === "Span" && span.traceId !== "noop" ? HttpTraceContext.toHeaders(span) : {}
  return {
    operation,
    request: HttpClientRequest.make(operation.method)(urlOf(client, operation, settings.query), {
      body,
      headers: {
        accept: "application/json",
        ...settings.headers,
        ...trace,
        ...idempotency,
        authorization: `Bearer ${apiKey}`
      }
    }),
    origin: client.origin.origin,
    sent: [apiKey, ...settings.headerValues, ...textsOf(operation.body)],
    maxBodySize: client.maxBodySize
  }
}

const spanAttributes = (client: ResolvedOptions, operation: AnyOperation) => ({
  "http.request.method": operation.method,
  "url.template": operation.path.template,
  "server.address": client.origin.hostname,
  "server.port": client.origin.port === "" ? (client.origin.protocol === "https:" ? 443 : 80) : Number(client.origin.port),
  ...(operation.subject?.resource === "customer" ? { "avara.customer.id": operation.subject.id } : {})
})

const annotateSpan = (span: Tracer.Span, attempts: number, status: Option.Option<number>, errorType: string | undefined) => {
  span.attribute("avara.attempts", attempts)
  if (attempts > 1) span.attribute("http.request.resend_count", attempts - 1)
  if (Option.isSome(status)) span.attribute("http.response.status_code", status.value)
  if (errorType !== undefined) span.attribute("error.type", errorType)
}

/** A client that follows no redirect, sends no trace headers of its own, and closes what it opened with the scope. */
const prepareClient = (http: HttpClient.HttpClient, init: Option.Option<RequestInit>): ScopedClient =>
  http.pipe(
    HttpClient.transformResponse(
      Effect.provideService(FetchHttpClient.RequestInit, { ...Option.getOrUndefined(init), redirect: "manual" })
    ),
    HttpClient.withTracerDisabledWhen(constTrue),
    HttpClient.withTracerPropagation(false),
    HttpClient.withScope
  )

const runExchange = <A>(
  http: ScopedClient,
  exchange: Exchange<A>,
  settings: Omit<RetrySettings, "operation" | "safe" | "onRetry">,
  span: Tracer.Span
) => {
  const { name, replay } = exchange.operation
  const attempt = (number: number) =>
    Effect.zipRight(
      countAttempt(name),
      Effect.map(send(http, exchange, number), (answer) => ({ ...answer, attempts: number }))
    )
  const onRetry = ({ error }: Failure, number: number, delay: Duration.Duration) =>
    Effect.gen(function*() {
      const delayMillis = Math.round(Duration.toMillis(delay))
      span.event("retry", yield* Clock.currentTimeNanos, { attempt: number, "error.type": error._tag, delay_ms: delayMillis })
      yield* Effect.logDebug("attempt failed, waiting for the next").pipe(
        Effect.annotateLogs({ operation: name, attempt: number, error: error._tag, delayMillis })
      )
    })
  return withRetries({ ...settings, operation: name, safe: replay === "safe", onRetry }, attempt)
}

const counted = <A>(
  operation: string,
  call: Effect.Effect<A, AvaraError.AvaraError>
): Effect.Effect<A, AvaraError.AvaraError> =>
  Effect.flatMap(monotonicMillis, (start) =>
    Effect.onExit(call, (exit) =>
      Effect.flatMap(monotonicMillis, (end) => countCall(operation, outcomeOf(exit), Duration.millis(end - start)))))

/** Loggers and spans of this library's users print headers too: a custom one may be a secret. */
const redactHeaders = (client: ResolvedOptions) =>
  Effect.locallyScopedWith(Headers.currentRedactedNames, (names) => [
    ...names,
    ...client.headerNames,
    ...(client.idempotencyHeader === undefined ? [] : [client.idempotencyHeader])
  ])

/** The executor: from an operation to its value, or to one of the errors that the operation's type names. @internal */
export const make = (client: ResolvedOptions) =>
  Effect.gen(function*() {
    const http = prepareClient(yield* HttpClient.HttpClient, yield* Effect.serviceOption(FetchHttpClient.RequestInit))
    const limiter = Option.getOrUndefined(yield* Effect.serviceOption(RateLimiter))
    const budget = makeRetryBudget(client.retryBudget)
    yield* redactHeaders(client)

    const exchanged = <A>(operation: Operation<A, Refusal, Replay>, context: Context.Context<never>, span: Tracer.Span) =>
      Effect.gen(function*() {
        const settings = settingsOf(client, Context.get(context, CurrentCallOptions))
        const exchange = exchangeOf(client, operation, settings, yield* encodeBody(operation), span)
        const replayable = operation.replay === "safe" || client.idempotencyHeader !== undefined
        const [elapsed, { value, ...answer }] = yield* Effect.timed(
          runExchange(http, exchange, { ...settings, replayable, budget, limiter }, span)
        )
        annotateSpan(span, answer.attempts, Option.some(answer.status), undefined)
        Option.map(Context.get(context, CurrentResponseRef), MutableRef.set(Option.some({ ...answer, elapsed })))
        return value
      })

    const run = <A>(operation: Operation<A, Refusal, Replay>): Effect.Effect<A, AvaraError.AvaraError> =>
      Effect.contextWithEffect((context: Context.Context<never>) => {
        const issues = callIssues(operation, Context.get(context, CurrentCallOptions))
        if (issues.length > 0) return Effect.fail(invalid(operation, issues))
        return Effect.flatMap(Effect.orDie(Effect.currentSpan), (span) =>
          Effect.catchAll(exchanged(operation, context, span), (failure) => {
            if (failure instanceof AvaraError.Validation) return Effect.fail(failure)
            const { afterAmbiguous, error, status } = failure
            annotateSpan(span, error.attempts, status, error._tag)
            return operation.recover === undefined
              ? Effect.fail(error)
              : operation.recover(error as OperationError<Refusal, Replay>, afterAmbiguous)
          }))
      })

    const execute = <A>(operation: Operation<A, Refusal, Replay>) =>
      Effect.withSpan(counted(operation.name, run(operation)), operation.name, {
        kind: "client",
        captureStackTrace: false,
        attributes: spanAttributes(client, operation)
      })

    // What an operation fails with follows from its `refusals` and `replay`, which no type of the executor can follow.
    return execute as unknown as <A, R extends Refusal, P extends Replay>(
      operation: Operation<A, R, P>
    ) => Effect.Effect<A, OperationError<R, P>>
  })
