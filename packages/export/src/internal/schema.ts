import * as Schema from "effect/Schema"

/** Creates a field that may be absent, but not `undefined`. */
export const exactOptional = <A, I>(schema: Schema.Schema<A, I>) => Schema.optionalWith(schema, { exact: true })
