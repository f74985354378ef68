/**
 * An import of customers as a durable job.
 *
 * @since 0.1.0
 */
import { ImportPayload } from "./internal/payload.js"

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
