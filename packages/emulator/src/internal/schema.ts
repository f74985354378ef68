import * as Schema from "effect/Schema"

/** How many customers an emulator can generate. */
export const maxCustomers = 10_000_000

/** Annotations of a rule that an issue names by its description. */
export const rule = (description: string) => ({ description, message: () => description })

/** A field that may be missing, but is not `undefined`. */
export const optional = <A, I>(schema: Schema.Schema<A, I>) => Schema.optionalWith(schema, { exact: true })

export const integer = (min: number, max: number) =>
  Schema.Int.pipe(Schema.between(min, max, rule(`an integer from ${min} to ${max}`)))
