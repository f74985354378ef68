/**
 * One operation on every customer of a file, as a durable job.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"

/**
 * What a bulk operation has beside its rows.
 *
 * @since 0.1.0
 * @category models
 */
export const Payload = Schema.Struct({
  operation: Schema.Literal("deactivate", "reactivate", "addUsers", "removeUsers")
})

/**
 * @since 0.1.0
 * @category models
 */
export type Payload = typeof Payload.Type
