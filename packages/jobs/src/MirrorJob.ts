/**
 * A copy of the list of customers in a table, kept by a durable job.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"

/**
 * What a mirror is.
 *
 * @since 0.1.0
 * @category models
 */
export const Payload = Schema.Struct({
  /** The table, in the database of the jobs. */
  table: Schema.String,
  /** As in `Export.Options`. */
  verify: Schema.Literal("none", "overlap")
})

/**
 * @since 0.1.0
 * @category models
 */
export type Payload = typeof Payload.Type
