/**
 * The metrics of the client, for all clients of the process.
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
 * Calls, tagged with `operation` and `outcome`: `success`, `interrupted`, `defect`, or the tag of the failure.
 *
 * @since 0.1.0
 * @category metrics
 */
export const calls = Metric.counter("avara_client_calls", {
  description: "Calls by operation and outcome: success, interrupted, defect, or the tag of the failure",
  incremental: true
})

/**
 * Requests sent, retries included, tagged with `operation`.
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
  description: "Requests sent by operation, retries included",
  incremental: true
})

/**
 * Fields that a lenient client reads as absent because they have another shape than documented, tagged with `operation` and `path`.
 *
 * @since 0.1.0
 * @category metrics
 */
export const drift = Metric.counter("avara_client_drift", {
  description: "Fields read as absent because they have another shape than documented, by operation and path",
  incremental: true
})

/**
 * How long calls take in milliseconds, retries and waits included, tagged with `operation`.
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
    // What `Metric.timer` makes, but with its label in the key: a label on top of a metric is looked up at every update.
    MetricKey.taggedWithLabels(
      MetricKey.histogram(
        "avara_client_call_duration",
        MetricBoundaries.exponential({ start: 0.5, factor: 2, count: 35 }),
        "How long calls take, retries and waits included"
      ),
      [MetricLabel.make("time_unit", "milliseconds")]
    )
  ),
  Duration.toMillis
)
