/**
 * The metrics of the client, for all clients of the process.
 *
 * @since 0.1.0
 */
import * as Metric from "effect/Metric"

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
 * How long calls take in milliseconds, retries and waits included, tagged with `operation`.
 *
 * @since 0.1.0
 * @category metrics
 */
export const duration = Metric.timer("avara_client_call_duration", "How long calls take, retries and waits included")
