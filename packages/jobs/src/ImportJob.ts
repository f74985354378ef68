/**
 * An import of customers as a durable job.
 *
 * @since 0.1.0
 */

import { ImportPayload } from "./internal/database/payload.js"
import * as jobWorkflow from "./internal/run/jobWorkflow.js"

/**
 * What an import has beside its rows. It is stored, so that any worker can go on with it.
 *
 * @since 0.1.0
 * @category models
 */
export const Payload = ImportPayload

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
export const workflow = jobWorkflow.make("Avara/ImportJob", Payload)
