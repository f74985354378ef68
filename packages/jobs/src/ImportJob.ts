/**
 * Import jobs: an import of customers as a durable job.
 *
 * @since 0.1.0
 */

import { ImportPayload } from "./internal/database/payload.js"
import * as jobWorkflow from "./internal/run/jobWorkflow.js"

/**
 * The schema of the options of an import job, which are stored with the job so that any worker can continue it.
 *
 * @since 0.1.0
 * @category models
 */
export const Payload = ImportPayload

/**
 * The options of an import job, which are stored with the job so that any worker can continue it.
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
export const workflow = jobWorkflow.make("Avara/ImportJob", Payload)
