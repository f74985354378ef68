/**
 * The metrics that all clients of the process share.
 *
 * Manual: https://github.com/effect-avara/effect-avara/blob/main/docs/telemetry.md
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"
import * as Metric from "effect/Metric"
import * as MetricBoundaries from "effect/MetricBoundaries"
import * as MetricKey from "effect/MetricKey"
import type * as MetricKeyType from "effect/MetricKeyType"
import * as MetricLabel from "effect/MetricLabel"
import type * as MetricState from "effect/MetricState"

/**
 * The number of calls, tagged with `operation` and `outcome`: `success`, `interrupted`, `defect`, or the tag of the error.
 *
 * @since 0.1.0
 * @category metrics
 */
export const calls = Metric.counter("avara_client_calls", {
  description: "Calls by operation and outcome: success, interrupted, defect, or the tag of the error",
  incremental: true
})

/**
 * The number of requests sent, including retries, tagged with `operation`.
 *
 * @example
 * ```ts
 * import { Telemetry } from "@effect-avara/core"
 * import * as Effect from "effect/Effect"
 * import * as Metric from "effect/Metric"
 *
 * const sent = Metric.value(Metric.tagged(Telemetry.attempts, "operation", "customers.list")).pipe(
 *   Effect.map(({ count }) => count)
 * )
 * ```
 *
 * @since 0.1.0
 * @category metrics
 */
export const attempts = Metric.counter("avara_client_attempts", {
  description: "Requests sent by operation, including retries",
  incremental: true
})

/**
 * The number of fields that a lenient client reads as absent because they do not have their documented shape, tagged with `operation` and
 * `path`.
 *
 * @since 0.1.0
 * @category metrics
 */
export const drift = Metric.counter("avara_client_drift", {
  description: "Fields read as absent because they do not have their documented shape, by operation and path",
  incremental: true
})

/**
 * The duration of calls in milliseconds, including retries and waits, tagged with `operation`.
 *
 * @since 0.1.0
 * @category metrics
 */
export const duration: Metric.Metric<
  MetricKeyType.MetricKeyType.Histogram,
  Duration.Duration,
  MetricState.MetricState.Histogram
> = Metric.mapInput(
  Metric.fromMetricKey(
    // Like `Metric.timer`, but with the label in the key, which saves a lookup at every update.
    MetricKey.taggedWithLabels(
      MetricKey.histogram(
        "avara_client_call_duration",
        MetricBoundaries.exponential({ start: 0.5, factor: 2, count: 35 }),
        "The duration of calls, including retries and waits"
      ),
      [MetricLabel.make("time_unit", "milliseconds")]
    )
  ),
  Duration.toMillis
)
