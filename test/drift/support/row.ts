/** The placeholder for a missing field. */
export const absent: unique symbol = Symbol("absent")

/** A client's reading of a field: its value, with times as ISO text and `absent` for none, or the reason why it refuses the response. */
export type Outcome =
  | { readonly _tag: "Reads"; readonly value: unknown }
  | { readonly _tag: "Refuses"; readonly message: string }

export const reads = (value: unknown): Outcome => ({ _tag: "Reads", value })

export const refuses = (message: string): Outcome => ({ _tag: "Refuses", message })

/** A response whose field has this value, and how a strict and a lenient client read it. */
export interface Row {
  readonly field: string
  readonly sent: unknown
  readonly strict: Outcome
  readonly lenient: Outcome
}

/** How the official SDKs declare a field. */
export interface Declared {
  readonly typescript: string
  readonly python: string
  readonly javaAndCsharp: string
}

/** The responses that differ in one field. */
export interface Theme {
  readonly field: string
  /** The object that the field belongs to. */
  readonly place: "customer" | "page" | "success"
  readonly declared: Declared
  readonly rows: ReadonlyArray<Row>
}

type Value = readonly [sent: unknown, strict: Outcome, lenient?: Outcome]

/** A lenient client reads a response like a strict one unless `lenient` says otherwise. */
export const theme = (
  place: Theme["place"],
  field: string,
  declared: Declared,
  values: ReadonlyArray<Value>
): Theme => ({
  field,
  place,
  declared,
  rows: values.map(([sent, strict, lenient = strict]) => ({ field, sent, strict, lenient }))
})

/** An object with this field, or without it. */
export const withField = (object: object, { field, sent }: Row): Readonly<Record<string, unknown>> => {
  const others = Object.entries(object).filter(([name]) => name !== field)
  return Object.fromEntries(sent === absent ? others : [...others, [field, sent]])
}
