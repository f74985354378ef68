/** Stands for a field that is not there. */
export const absent: unique symbol = Symbol("absent")

/** What a client makes of a field: its value, with times as ISO text and `absent` where it has none, or the reason why it refuses the answer. */
export type Outcome =
  | { readonly _tag: "Reads"; readonly value: unknown }
  | { readonly _tag: "Refuses"; readonly message: string }

export const reads = (value: unknown): Outcome => ({ _tag: "Reads", value })

export const refuses = (message: string): Outcome => ({ _tag: "Refuses", message })

/** An answer whose field has this value, and what a strict and a lenient client make of it. */
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

/** The answers that differ in one field. */
export interface Theme {
  readonly field: string
  /** What the field is a part of. */
  readonly place: "customer" | "page" | "success"
  readonly declared: Declared
  readonly rows: ReadonlyArray<Row>
}

type Value = readonly [sent: unknown, strict: Outcome, lenient?: Outcome]

/** A lenient client makes the same of an answer unless a value says otherwise. */
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
