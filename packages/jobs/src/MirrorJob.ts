/**
 * A copy of the list of customers in a table, kept by a durable job.
 *
 * @since 0.1.0
 */
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
