/**
 * Bulk jobs: one operation on every customer in a file, as a durable job.
 *
 * @since 0.1.0
 */

import { BulkPayload } from "./internal/database/payload.js"
import * as jobWorkflow from "./internal/run/jobWorkflow.js"

/**
 * The schema of the options of a bulk job, which are stored with the job.
 *
 * @since 0.1.0
 * @category models
 */
export const Payload = BulkPayload

/**
 * The options of a bulk job, which are stored with the job.
 *
 * @since 0.1.0
 * @category models
 */
export type Payload = typeof Payload.Type

/**
 * The workflow of one run of the job, identified by the id of the job and the number of the run. Workers execute it. Do not execute it
 * yourself; submit a job with `Jobs`.
 *
 * @since 0.1.0
 * @category workflows
 */
export const workflow = jobWorkflow.make("Avara/BulkJob", Payload)
