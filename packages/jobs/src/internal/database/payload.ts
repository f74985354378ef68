import * as Schema from "effect/Schema"

/** @internal */
export const ImportPayload = Schema.Struct({
  /** The metadata entry that holds the key of a row. */
  keyName: Schema.String,
  /** How long after a create whose response was lost the list of customers is sure to have it, in milliseconds. */
  settleMillis: Schema.NonNegativeInt
})

export const BulkPayload = Schema.Struct({
  operation: Schema.Literal("deactivate", "reactivate", "addUsers", "removeUsers")
})

export const MirrorPayload = Schema.Struct({
  /** The table, in the database of the jobs. */
  table: Schema.String,
  /** As in `Export.Options`. */
  verify: Schema.Literal("none", "overlap")
})
