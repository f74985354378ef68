import * as Cause from "effect/Cause"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Metric from "effect/Metric"
import * as MetricLabel from "effect/MetricLabel"
import * as Option from "effect/Option"
import type { AvaraError } from "../../AvaraError.js"
import { attempts, calls, drift, duration } from "../../Telemetry.js"
import { memoize } from "../settings/memoize.js"

type Labels = ReadonlyArray<MetricLabel.MetricLabel>

const operationLabels = memoize((operation): Labels => [MetricLabel.make("operation", operation)])

const outcomeLabels = memoize((operation) =>
  memoize((outcome): Labels => [...operationLabels(operation), MetricLabel.make("outcome", outcome)])
)

/** Reuses the same array of labels if it can: a metric finds it faster than an equal one. */
const withLabels = (own: Labels, others: Labels): Labels => (others.length === 0 ? own : [...own, ...others])

/** @internal */
export const outcomeOf = (exit: Exit.Exit<unknown, AvaraError>): string =>
  Exit.match(exit, {
    onSuccess: () => "success",
    onFailure: (cause) =>
      Option.match(Cause.failureOption(cause), {
        onSome: (error) => error._tag,
        onNone: () => (Cause.isInterruptedOnly(cause) ? "interrupted" : "defect")
      })
  })

/** @internal */
export const countDrift = (operation: string, path: string): Effect.Effect<void> =>
  Metric.increment(Metric.tagged(Metric.tagged(drift, "operation", operation), "path", path))

/** Counts an attempt, with the labels of the fiber. @internal */
export const countAttempt = (labels: Labels, operation: string): void =>
  attempts.unsafeUpdate(1, withLabels(operationLabels(operation), labels))

/** @internal */
export const countCall = (labels: Labels, operation: string, outcome: string, elapsed: Duration.Duration): void => {
  calls.unsafeUpdate(1, withLabels(outcomeLabels(operation)(outcome), labels))
  duration.unsafeUpdate(elapsed, withLabels(operationLabels(operation), labels))
}
