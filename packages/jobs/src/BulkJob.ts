/**
 * One operation on every customer of a file, as a durable job.
 *
 * @since 0.1.0
 */
import { BulkPayload } from "./internal/payload.js"

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
