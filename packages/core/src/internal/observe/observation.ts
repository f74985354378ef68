import type * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as MutableRef from "effect/MutableRef"
import * as Option from "effect/Option"
import type * as Tracer from "effect/Tracer"
import type { AvaraError } from "../../AvaraError.js"
import { monotonicMillis } from "../platform/clock.js"
import { type AnyFiber, clockOf, metricLabelsOf } from "../platform/fiber.js"
import type { AnyOperation } from "../request/operation.js"
import type { Prepared } from "../request/request.js"
import { jsonIn, looseText } from "../response/body.js"
import { requestIdOf } from "../response/failure.js"
import { knownStatus } from "../transport/page.js"
import type { Received } from "../transport/transport.js"
import type { CallLog } from "./callLog.js"
import { countAttempt, countCall, outcomeOf } from "./metrics.js"
import { CurrentResponseRefs } from "./responses.js"
import { type CallFacts, makeCallSpan } from "./span.js"

/** A response, with its request. @internal */
export interface CallResponse extends Received {
  readonly prepared: Prepared<unknown>
  /** The number of the attempt that received it, from 1. */
  readonly attempts: number
}

/** The observation of a running call, for its span, the metrics, the log and `withResponse`. @internal */
export interface Observation {
  readonly clock: Clock.Clock
  /** The start of the call in the clock's monotonic time. */
  readonly startMillis: number
  readonly span: () => Tracer.Span
  readonly sending: (attempt: number) => Effect.Effect<void>
  /** Records a response when its head arrives, and again when its body is complete. */
  readonly received: (response: CallResponse) => void
  readonly retrying: (error: AvaraError, attempt: number, delay: Duration.Duration) => Effect.Effect<void>
  /** Counts and logs the exit, and then returns it. */
  readonly end: <A, E extends AvaraError>(
    exit: Exit.Exit<A, E>,
    facts?: CallFacts,
    last?: CallResponse
  ) => Effect.Effect<A, E>
}

/** Writes the log line of a call that ended with a value or an error. */
const endLine = (
  log: CallLog,
  operation: AnyOperation,
  exit: Exit.Exit<unknown, AvaraError>,
  last: CallResponse | undefined,
  elapsedMillis: number
): Effect.Effect<void> => {
  const onSuccess = () => {
    const { attempts, head, prepared } = last ?? {}
    const requestId = head && prepared && Option.getOrUndefined(requestIdOf(head, prepared))
    const facts = { status: head?.status, attempts, requestId, elapsedMillis }
    return log.write("info", "call succeeded", operation, facts)
  }
  const onFailure = (error: AvaraError) => {
    const { _tag, attempts, requestId } = error
    const status = "status" in error ? knownStatus(error.status) : undefined
    return log.write("error", "call failed", operation, { error: _tag, status, attempts, requestId, elapsedMillis })
  }
  return Effect.ignore(Effect.matchEffect(exit, { onSuccess, onFailure }))
}

/** Writes the log line of a failed attempt that is retried. */
const retryLine = (log: CallLog, operation: AnyOperation, error: AvaraError, attempt: number, delayMillis: number) => {
  const message = "attempt failed, waiting before the next one"
  const facts = { attempt, error: error._tag, delayMillis }
  return log.isOn("warn")
    ? log.write("warn", message, operation, facts)
    : Effect.annotateLogs(Effect.logDebug(message), { operation: operation.name, ...facts })
}

/** Starts to observe a call on its fiber. @internal */
export const observe = (log: CallLog, operation: AnyOperation, fiber: AnyFiber, baseUrl: () => URL): Observation => {
  const clock = clockOf(fiber)
  const labels = metricLabelsOf(fiber)
  const refs = Context.get(fiber.currentContext, CurrentResponseRefs)
  const startMillis = monotonicMillis(clock)
  const span = makeCallSpan({ operation, baseUrl, fiber, clock, startMillis })
  const elapsed = () => Duration.millis(monotonicMillis(clock) - startMillis)

  return {
    clock,
    startMillis,
    span: span.get,
    sending: (attempt) => {
      countAttempt(labels, operation.name)
      return log.write("debug", "sending a request", operation, { attempt })
    },
    received: ({ attempts, body, head, prepared }) => {
      if (refs.length === 0) return
      const requestId = requestIdOf(head, prepared)
      const info = { ...head, requestId, text: looseText(body), json: jsonIn(body), attempts, elapsed: elapsed() }
      for (const ref of refs) MutableRef.set(ref, Option.some(info))
    },
    retrying: (error, attempt, delay) => {
      const delayMillis = Math.round(Duration.toMillis(delay))
      const attributes = { attempt, "error.type": error._tag, delay_ms: delayMillis }
      span.get().event("retry", clock.unsafeCurrentTimeNanos(), attributes)
      return Effect.withParentSpan(retryLine(log, operation, error, attempt, delayMillis), span.get())
    },
    end: (exit, facts, last) => {
      countCall(labels, operation.name, outcomeOf(exit), elapsed())
      span.end(exit, facts)
      if (!log.isOn("error")) return exit
      const elapsedMillis = Math.round(Duration.toMillis(elapsed()))
      return Effect.zipRight(endLine(log, operation, exit, last, elapsedMillis), exit)
    }
  }
}
