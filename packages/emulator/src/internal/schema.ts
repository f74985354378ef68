import * as Schema from "effect/Schema"

/** The maximum number of customers that an emulator can generate. */
export const maxCustomers = 10_000_000

/** Returns the annotations of a rule whose description becomes the message of an issue. */
export const rule = (description: string) => ({ description, message: () => description })

/** A field that may be missing, but must not be `undefined`. */
export const optional = <A, I>(schema: Schema.Schema<A, I>) => Schema.optionalWith(schema, { exact: true })

export const integer = (min: number, max: number) =>
  Schema.Int.pipe(Schema.between(min, max, rule(`an integer from ${min} to ${max}`)))
