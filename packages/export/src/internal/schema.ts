import * as Schema from "effect/Schema"

/** A field that may be absent, but not `undefined`. */
export const exactOptional = <A, I>(schema: Schema.Schema<A, I>) => Schema.optionalWith(schema, { exact: true })
