/**
 * An import of customers as a durable job.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"

/**
 * What an import has beside its rows. It is stored, so that any worker can go on with it.
 *
 * @since 0.1.0
 * @category models
 */
export const Payload = Schema.Struct({
  /** The metadata entry that holds the key of a row. */
  keyName: Schema.String,
  /** How long after a create whose answer was lost the list of customers is sure to have it, in milliseconds. */
  settleMillis: Schema.NonNegativeInt
})

/**
 * @since 0.1.0
 * @category models
 */
export type Payload = typeof Payload.Type
