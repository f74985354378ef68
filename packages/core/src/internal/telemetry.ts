import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Cause from "effect/Cause"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import type { AvaraError } from "../AvaraError.js"

const calls = Metric.counter("avara_client_calls", {
  description: "Calls by operation and outcome: success, interrupted, defect, or the tag of the failure",
  incremental: true
})

const attempts = Metric.counter("avara_client_attempts", {
  description: "Requests sent by operation, retries included",
  incremental: true
})

const duration = Metric.timer("avara_client_call_duration", "How long calls take, retries and waits included")

const memoize = <A>(make: (key: string) => A): ((key: string) => A) => {
  const known = new Map<string, A>()
  return (key) => {
    const value = known.get(key) ?? make(key)
    known.set(key, value)
    return value
  }
}

// Tagging a metric costs more than counting with it, and there are few operations and outcomes.
const callsOf = memoize((operation) =>
  memoize((outcome) => calls.pipe(Metric.tagged("operation", operation), Metric.tagged("outcome", outcome)))
)
const attemptsOf = memoize((operation) => Metric.tagged(attempts, "operation", operation))
const durationOf = memoize((operation) => Metric.tagged(duration, "operation", operation))

/** @internal */
export const outcomeOf = (exit: Exit.Exit<unknown, AvaraError>): string =>
  Exit.match(exit, {
    onSuccess: () => "success",
    onFailure: (cause) =>
      Option.match(Cause.failureOption(cause), {
        onSome: (error) => error._tag,
        onNone: () => Cause.isInterruptedOnly(cause) ? "interrupted" : "defect"
      })
  })

/** @internal */
export const countAttempt = (operation: string): Effect.Effect<void> => Metric.increment(attemptsOf(operation))

/** @internal */
export const countCall = (operation: string, outcome: string, elapsed: Duration.Duration): Effect.Effect<void> =>
  Effect.zipRight(Metric.increment(callsOf(operation)(outcome)), Metric.update(durationOf(operation), elapsed))
