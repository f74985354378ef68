import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as Headers from "@effect/platform/Headers"
import * as HttpClient from "@effect/platform/HttpClient"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as FiberRef from "effect/FiberRef"
import type { LazyArg } from "effect/Function"
import type * as MetricLabel from "effect/MetricLabel"
import * as MutableRef from "effect/MutableRef"
import * as Option from "effect/Option"
import * as Tracer from "effect/Tracer"
import type * as AvaraError from "../../AvaraError.js"
import { RateLimiter } from "../../RateLimiter.js"
import { jsonIn, looseText } from "../answer/answer.js"
import {
  type Answer,
  type Exchange,
  type Failure,
  type Received,
  requestIdOf,
  send,
  startsWithoutFiber
} from "../answer/exchange.js"
import { type CallLog, makeCallLog } from "../observe/callLog.js"
import { countAttempt, countCall, outcomeOf } from "../observe/metrics.js"
import {
  type AnyFiber,
  annotateSpan,
  type Beginning,
  endSpan,
  isTraced,
  makeLateSpan,
  spanAttributes
} from "../observe/span.js"
import { monotonicMillis } from "../platform/clock.js"
import { handOver } from "../platform/handOver.js"
import type { AnyOperation, Operation, OperationError, Refusal, Replay } from "../request/operation.js"
import { makeExchanges, notSent } from "../request/request.js"
import {
  baseUrlOf,
  type CallSettings,
  CurrentCallOptions,
  CurrentResponseRefs,
  callIssues,
  makeSettings
} from "../settings/callOptions.js"
import type { ResolvedOptions } from "../settings/options.js"
import { clockOf, type Limits, type Restore } from "./attempt.js"
import { type LastFailure, type RetrySettings, withRetries } from "./retry.js"

const reportRetry =
  (log: CallLog, operation: AnyOperation, spanOf: LazyArg<Tracer.Span>) =>
  ({ error }: Failure, attempt: number, delay: Duration.Duration): Effect.Effect<void> =>
    Effect.gen(function* () {
      const span = spanOf()
      const delayMillis = Math.round(Duration.toMillis(delay))
      span.event("retry", yield* Clock.currentTimeNanos, {
        attempt,
        "error.type": error._tag,
        delay_ms: delayMillis
      })
      const message = "attempt failed, waiting for the next"
      const facts = { attempt, error: error._tag, delayMillis }
      const line = log.isOn("warn")
        ? log.write("warn", message, operation, facts)
        : Effect.annotateLogs(Effect.logDebug(message), { operation: operation.name, ...facts })
      yield* Effect.withParentSpan(line, span)
    })

/** Loggers and spans of this library's users print headers too: a custom one may be a secret. */
const redactHeaders = (client: ResolvedOptions) =>
  Effect.locallyScopedWith(Headers.currentRedactedNames, (names) => [
    ...names,
    ...Object.keys(client.headers),
    ...(client.idempotencyHeader === undefined ? [] : [client.idempotencyHeader])
  ])

/** One call of an operation, and what it needs from the fiber that makes it. */
interface Call<A> extends Beginning {
  readonly operation: Operation<A, Refusal, Replay>
  readonly labels: ReadonlyArray<MetricLabel.MetricLabel>
  /** None where nobody traces and nobody has looked at it. */
  span: Tracer.Span | undefined
  /** What the log says of the response. */
  answer?: { readonly status: number; readonly attempts: number; readonly requestId: string | undefined }
}

const elapsedOf = ({ clock, startMillis }: Call<unknown>) => Duration.millis(monotonicMillis(clock) - startMillis)

/** The executor: from an operation to its value, or to one of the errors that the operation's type names. @internal */
export const make = (client: ResolvedOptions) =>
  Effect.gen(function* () {
    const http = yield* HttpClient.HttpClient
    const limiter = Option.getOrUndefined(yield* Effect.serviceOption(RateLimiter))
    const requestInit = Option.getOrUndefined(yield* Effect.serviceOption(FetchHttpClient.RequestInit))
    const withoutRedirects = Context.make(FetchHttpClient.RequestInit, { ...requestInit, redirect: "manual" })
    const log = makeCallLog(client.logLevel)
    const settingsOf = makeSettings(client)
    const makeExchange = makeExchanges(client)
    const showsSpans = client.tracePropagation || limiter !== undefined || !startsWithoutFiber(http)
    yield* redactHeaders(client)

    const makeSpan = (operation: AnyOperation, context: Context.Context<never>) =>
      Effect.makeSpan(operation.name, {
        kind: "client",
        captureStackTrace: false,
        attributes: spanAttributes(operation, baseUrlOf(client, Context.get(context, CurrentCallOptions)))
      })

    const spanOf = (call: Call<unknown>): Tracer.Span => {
      call.span ??= makeLateSpan(call, makeSpan(call.operation, call.context))
      return call.span
    }

    const exchanged = <A>(call: Call<A>, exchange: Exchange<A>, settings: CallSettings, restore: Restore) => {
      const { clock, context, fiber, labels, operation, startMillis } = call
      const { name, replay } = operation
      const attempt = (number: number, limits: Limits<Failure>, onRefusal: (failure: Failure) => void) => {
        countAttempt(labels, name)
        const sending = send(http, exchange, number, limits, onRefusal)
        return log.isOn("debug")
          ? Effect.zipRight(log.write("debug", "sending a request", operation, { attempt: number }), sending)
          : sending
      }
      const retrySettings: RetrySettings = {
        operation: name,
        clock,
        startMillis,
        fiber,
        context: () => Context.merge(context, Context.add(withoutRedirects, Tracer.ParentSpan, spanOf(call))),
        restore,
        timeout: settings.timeout,
        deadline: settings.deadline,
        retry: settings.retry,
        budget: settings.account.budget,
        limiter,
        safe: replay === "safe",
        replayable: replay === "safe" || client.idempotencyHeader !== undefined,
        onRetry: reportRetry(log, operation, () => spanOf(call))
      }
      return withRetries(retrySettings, attempt)
    }

    const ended = <A, E extends AvaraError.AvaraError>(call: Call<A>, exit: Exit.Exit<A, E>): Exit.Exit<A, E> => {
      countCall(call.labels, call.operation.name, outcomeOf(exit), elapsedOf(call))
      endSpan(call.span, call, exit)
      return exit
    }

    const answered = <A>(call: Call<A>, exchange: Exchange<A>, { attempts, response, value }: Answer<A>) => {
      const { status } = response
      annotateSpan(call.span, attempts, Option.some(status), undefined)
      if (log.isOn("info")) {
        call.answer = { status, attempts, requestId: Option.getOrUndefined(requestIdOf(response, exchange)) }
      }
      return ended(call, Exit.succeed(value))
    }

    /** Keeps what was received for `withResponse`. */
    const observing = <A>(call: Call<A>, exchange: Exchange<A>): Exchange<A> => {
      const refs = Context.get(call.context, CurrentResponseRefs)
      if (refs.length === 0) return exchange
      const onResponse = ({ body, response }: Received, attempts: number) => {
        const info = {
          status: response.status,
          headers: response.headers,
          requestId: requestIdOf(response, exchange),
          text: looseText(body),
          json: jsonIn(body),
          attempts,
          elapsed: elapsedOf(call)
        }
        for (const ref of refs) MutableRef.set(ref, Option.some(info))
      }
      return { ...exchange, onResponse }
    }

    const failed = <A>(call: Call<A>, { afterAmbiguous, error, status }: LastFailure, restore: Restore) => {
      const { recover } = call.operation
      if (recover === undefined) {
        annotateSpan(call.span, error.attempts, status, error._tag)
        return ended(call, Exit.fail(error))
      }
      const span = spanOf(call)
      annotateSpan(span, error.attempts, status, error._tag)
      // @effect-diagnostics-next-line unsafeEffectTypeAssertion:off
      const recovery = recover(error as OperationError<Refusal, Replay>, afterAmbiguous)
      return Effect.flatMap(Effect.exit(restore(Effect.withParentSpan(recovery, span))), (exit) => ended(call, exit))
    }

    const run = <A>(call: Call<A>, restore: Restore): Effect.Effect<A, AvaraError.AvaraError> => {
      const { context, operation } = call
      const options = Context.get(context, CurrentCallOptions)
      const issues = callIssues(client, operation, options)
      if (issues.length > 0) return ended(call, Exit.fail(notSent(operation, issues)))
      const settings = settingsOf(options)
      const exchange = makeExchange(operation, settings, () => spanOf(call))
      if (Either.isLeft(exchange)) return ended(call, Exit.fail(exchange.left))
      return Effect.matchCauseEffect(exchanged(call, observing(call, exchange.right), settings, restore), {
        onSuccess: (answer) => answered(call, exchange.right, answer),
        onFailure: (cause) =>
          Either.match(Cause.failureOrCause(cause), {
            onLeft: (failure) => failed(call, failure, restore),
            onRight: (cause) => ended(call, Exit.failCause(cause))
          })
      })
    }

    const logged = <A>(call: Call<A>, running: Effect.Effect<A, AvaraError.AvaraError>) => {
      const elapsedMillis = () => Math.round(Duration.toMillis(elapsedOf(call)))
      return Effect.tapBoth(running, {
        onSuccess: () =>
          log.write("info", "call succeeded", call.operation, { ...call.answer, elapsedMillis: elapsedMillis() }),
        onFailure: (error) =>
          log.write("error", "call failed", call.operation, {
            error: error._tag,
            status: "status" in error ? error.status : undefined,
            attempts: error.attempts,
            requestId: error.requestId,
            elapsedMillis: elapsedMillis()
          })
      })
    }

    const runLogged = <A>(call: Call<A>, restore: Restore) => logged(call, run(call, restore))

    /** Only its waits can be interrupted, so that it is observed to its end. */
    const observed = <A>(fiber: AnyFiber, operation: Operation<A, Refusal, Replay>, span?: Tracer.Span) => {
      const clock = clockOf(fiber)
      const call: Call<A> = {
        operation,
        fiber,
        context: fiber.currentContext,
        clock,
        startMillis: monotonicMillis(clock),
        labels: fiber.getFiberRef(FiberRef.currentMetricLabels),
        span
      }
      return Effect.uninterruptibleMask(handOver(call, log.isOn("error") ? runLogged<A> : run<A>))
    }

    const execute = <A>(operation: Operation<A, Refusal, Replay>) =>
      Effect.withFiberRuntime<A, AvaraError.AvaraError>((fiber) =>
        showsSpans || isTraced(fiber)
          ? Effect.flatMap(makeSpan(operation, fiber.currentContext), (span) => observed(fiber, operation, span))
          : observed(fiber, operation)
      )

    // What an operation fails with follows from its `refusals` and `replay`, which no type of the executor can follow.
    return execute as unknown as <A, R extends Refusal, P extends Replay>(
      operation: Operation<A, R, P>
    ) => Effect.Effect<A, OperationError<R, P>>
  })
