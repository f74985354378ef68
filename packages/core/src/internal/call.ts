import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as Headers from "@effect/platform/Headers"
import * as HttpClient from "@effect/platform/HttpClient"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { constTrue } from "effect/Function"
import * as MutableRef from "effect/MutableRef"
import * as Option from "effect/Option"
import type * as Tracer from "effect/Tracer"
import * as AvaraError from "../AvaraError.js"
import { RateLimiter } from "../RateLimiter.js"
import { makeRetryBudget } from "./budget.js"
import { CurrentCallOptions, CurrentResponseRef, callIssues, settingsOf } from "./callOptions.js"
import { type Exchange, type Failure, type ScopedClient, send } from "./exchange.js"
import type { Operation, OperationError, Refusal, Replay } from "./operation.js"
import type { ResolvedOptions } from "./options.js"
import { makeExchange, notSent } from "./request.js"
import { monotonicMillis, type RetrySettings, withRetries } from "./retry.js"
import { annotateSpan, countAttempt, countCall, outcomeOf, spanAttributes } from "./telemetry.js"

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
  const attempt = (number: number, onRefusal: (failure: Failure) => void) =>
    Effect.zipRight(
      countAttempt(name),
      Effect.map(send(http, exchange, number, onRefusal), (answer) => ({ ...answer, attempts: number }))
    )
  const onRetry = ({ error }: Failure, number: number, delay: Duration.Duration) =>
    Effect.gen(function* () {
      const delayMillis = Math.round(Duration.toMillis(delay))
      span.event("retry", yield* Clock.currentTimeNanos, {
        attempt: number,
        "error.type": error._tag,
        delay_ms: delayMillis
      })
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
      Effect.flatMap(monotonicMillis, (end) => countCall(operation, outcomeOf(exit), Duration.millis(end - start)))
    )
  )

/** Loggers and spans of this library's users print headers too: a custom one may be a secret. */
const redactHeaders = (client: ResolvedOptions) =>
  Effect.locallyScopedWith(Headers.currentRedactedNames, (names) => [
    ...names,
    ...client.headerNames,
    ...(client.idempotencyHeader === undefined ? [] : [client.idempotencyHeader])
  ])

/** The executor: from an operation to its value, or to one of the errors that the operation's type names. @internal */
export const make = (client: ResolvedOptions) =>
  Effect.gen(function* () {
    const http = prepareClient(yield* HttpClient.HttpClient, yield* Effect.serviceOption(FetchHttpClient.RequestInit))
    const limiter = Option.getOrUndefined(yield* Effect.serviceOption(RateLimiter))
    const budget = makeRetryBudget(client.retryBudget)
    yield* redactHeaders(client)

    const exchanged = <A>(
      operation: Operation<A, Refusal, Replay>,
      context: Context.Context<never>,
      span: Tracer.Span
    ) =>
      Effect.gen(function* () {
        const settings = settingsOf(client, Context.get(context, CurrentCallOptions))
        const exchange = yield* makeExchange(client, operation, settings, span)
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
        if (issues.length > 0) return Effect.fail(notSent(operation, issues))
        return Effect.flatMap(Effect.orDie(Effect.currentSpan), (span) =>
          Effect.catchAll(exchanged(operation, context, span), (failure) => {
            if (failure instanceof AvaraError.Validation) return Effect.fail(failure)
            const { afterAmbiguous, error, status } = failure
            annotateSpan(span, error.attempts, status, error._tag)
            if (operation.recover === undefined) return Effect.fail(error)
            // @effect-diagnostics-next-line unsafeEffectTypeAssertion:off
            return operation.recover(error as OperationError<Refusal, Replay>, afterAmbiguous)
          })
        )
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
