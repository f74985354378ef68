import * as Schema from "effect/Schema"

/** @internal */
export const ImportPayload = Schema.Struct({
  /** The metadata entry that holds the key of a row. */
  keyName: Schema.String,
  /** The time in milliseconds after which the list of customers surely contains a create whose response was lost. */
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
