/**
 * The metrics of the workers of this process.
 *
 * @since 0.1.0
 */
import * as Metric from "effect/Metric"

/**
 * Jobs in the database that wait for a worker. Each worker measures it every 5 seconds.
 *
 * @since 0.1.0
 * @category metrics
 */
export const queued = Metric.gauge("avara_jobs_queued", { description: "Jobs that wait for a worker" })

/**
 * Jobs in the database that workers are doing or ending. Each worker measures it every 5 seconds.
 *
 * @since 0.1.0
 * @category metrics
 */
export const running = Metric.gauge("avara_jobs_running", { description: "Jobs that workers are doing or ending" })

/**
 * How long the oldest queued job has waited, in milliseconds; 0 if none waits. Each worker measures it every 5 seconds.
 *
 * @since 0.1.0
 * @category metrics
 */
export const lag = Metric.gauge("avara_jobs_lag", {
  description: "How long the oldest queued job has waited, in milliseconds"
})

/**
 * Rows that came to their end on this worker, tagged with `outcome`: `done` or `rejected`.
 *
 * @since 0.1.0
 * @category metrics
 */
export const rows = Metric.counter("avara_jobs_rows", {
  description: "Rows that came to their end, by outcome: done or rejected",
  incremental: true
})
