import * as Either from "effect/Either"

/** Reads the text that was given, or says what is allowed instead. */
export type Reader<A> = (text: string) => Either.Either<A, string>

/** What a shell may offer for a value: nothing, files, or one of these words. */
export type Completion = "none" | "file" | ReadonlyArray<string>

export interface Param<A> {
  readonly kind: "flag" | "option" | "argument"
  /** `dry-run` of `--dry-run`, `FILE` of an argument. */
  readonly name: string
  readonly short?: string
  /** What stands for the value in help, empty for a flag. */
  readonly placeholder: string
  readonly summary: string
  readonly completion: Completion
  readonly isRequired: boolean
  readonly isRepeatable: boolean
  readonly read: (texts: ReadonlyArray<string>) => Either.Either<A, string>
}

export type Params = Readonly<Record<string, Param<unknown>>>

export type ValuesOf<P extends Params> = { readonly [K in keyof P]: P[K] extends Param<infer A> ? A : never }

export const flag = (name: string, summary: string, short?: string): Param<boolean> => ({
  kind: "flag",
  name,
  ...(short === undefined ? {} : { short }),
  placeholder: "",
  summary,
  completion: "none",
  isRequired: false,
  isRepeatable: false,
  read: (texts) => Either.right(texts.length > 0)
})

interface Value<A> {
  readonly name: string
  readonly placeholder: string
  readonly summary: string
  readonly reader: Reader<A>
  readonly completion?: Completion
}

const base = <A>({ completion = "none", name, placeholder, summary }: Value<A>) => ({
  kind: "option" as const,
  name,
  placeholder,
  summary,
  completion,
  isRequired: false,
  isRepeatable: false
})

export const option = <A>(value: Value<A>): Param<A | undefined> => ({
  ...base(value),
  read: ([text]) => (text === undefined ? Either.right(undefined) : value.reader(text))
})

export const withDefault = <A>(param: Param<A | undefined>, fallback: A): Param<A> => ({
  ...param,
  read: (texts) => Either.map(param.read(texts), (value) => value ?? fallback)
})

export const required = <A>(param: Param<A | undefined>): Param<A> => ({
  ...param,
  isRequired: true,
  read: (texts) =>
    Either.flatMap(param.read(texts), (value) =>
      value === undefined ? Either.left("is required") : Either.right(value)
    )
})

export const repeated = <A>(value: Value<A>): Param<ReadonlyArray<A>> => ({
  ...base(value),
  isRepeatable: true,
  read: (texts) => Either.all(texts.map(value.reader))
})

export const argument = <A>(
  name: string,
  summary: string,
  reader: Reader<A>,
  completion: Completion = "none"
): Param<A> => ({
  ...required(option({ name, placeholder: name, summary, reader, completion })),
  kind: "argument"
})

/** How an option is written in help and errors: `--limit N`. */
export const spelling = ({ kind, name, placeholder }: Param<unknown>): string =>
  kind === "argument" ? name : `--${name}${placeholder === "" ? "" : ` ${placeholder}`}`
