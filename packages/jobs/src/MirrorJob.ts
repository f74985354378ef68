/**
 * A copy of the list of customers in a table, kept by a durable job.
 *
 * @since 0.1.0
 */
import * as jobWorkflow from "./internal/jobWorkflow.js"
import { MirrorPayload } from "./internal/payload.js"

/**
 * What a mirror is.
 *
 * @since 0.1.0
 * @category models
 */
export const Payload = MirrorPayload

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
export const workflow = jobWorkflow.make("Avara/MirrorJob", Payload)
