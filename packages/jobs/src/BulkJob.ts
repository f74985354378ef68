/**
 * One operation on every customer of a file, as a durable job.
 *
 * @since 0.1.0
 */

import { BulkPayload } from "./internal/database/payload.js"
import * as jobWorkflow from "./internal/run/jobWorkflow.js"

/**
 * What a bulk operation has beside its rows.
 *
 * @since 0.1.0
 * @category models
 */
export const Payload = BulkPayload

/**
 * @since 0.1.0
 * @category models
 */
export type Payload = typeof Payload.Type

/**
 * The workflow of one run of the job, by its id and the number of the run. The workers execute it: to have work done, submit it with `Jobs`.
 *
 * @since 0.1.0
 * @category workflows
 */
export const workflow = jobWorkflow.make("Avara/BulkJob", Payload)
