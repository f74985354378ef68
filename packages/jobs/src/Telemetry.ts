/**
 * Metrics of the workers in this process.
 *
 * @since 0.1.0
 */
import * as Metric from "effect/Metric"

/**
 * The number of jobs in the database that wait for a worker. Each worker measures it every 5 seconds.
 *
 * @since 0.1.0
 * @category metrics
 */
export const queued = Metric.gauge("avara_jobs_queued", { description: "Jobs that wait for a worker" })

/**
 * The number of jobs in the database that workers run or are cancelling. Each worker measures it every 5 seconds.
 *
 * @since 0.1.0
 * @category metrics
 */
export const running = Metric.gauge("avara_jobs_running", { description: "Jobs that workers run or are cancelling" })

/**
 * The time that the oldest queued job has waited, in milliseconds; 0 if none waits. Each worker measures it every 5 seconds.
 *
 * @since 0.1.0
 * @category metrics
 */
export const lag = Metric.gauge("avara_jobs_lag", {
  description: "The time that the oldest queued job has waited, in milliseconds"
})

/**
 * The number of rows that this worker has finished, tagged with `outcome`: `done` or `rejected`.
 *
 * @since 0.1.0
 * @category metrics
 */
export const rows = Metric.counter("avara_jobs_rows", {
  description: "Finished rows, by outcome: done or rejected",
  incremental: true
})
