import * as Either from "effect/Either"
import { type Param, type Params, spelling, type ValuesOf } from "./param.js"

/** The texts that the command line gave, by the key of the parameter. */
export type Raw = Readonly<Record<string, ReadonlyArray<string>>>

export interface Leaf<Run> {
  readonly _tag: "Leaf"
  readonly name: string
  readonly summary: string
  /** Paragraphs below the summary in the command's own help. */
  readonly details: ReadonlyArray<string>
  readonly examples: ReadonlyArray<string>
  readonly params: Params
  readonly prepare: (raw: Raw) => Either.Either<Run, string>
}

export interface Group<Run> {
  readonly _tag: "Group"
  readonly name: string
  readonly summary: string
  readonly commands: ReadonlyArray<Command<Run>>
}

export type Command<Run> = Leaf<Run> | Group<Run>

/** Reads the value of every parameter, or says which one is wrong. */
export const readParams = <P extends Params>(params: P, raw: Raw): Either.Either<ValuesOf<P>, string> => {
  const entries: Array<readonly [string, unknown]> = []
  for (const [key, param] of Object.entries(params)) {
    const value = param.read(raw[key] ?? [])
    if (Either.isLeft(value)) return Either.left(`${spelling(param)} ${value.left}`)
    entries.push([key, value.right])
  }
  return Either.right(Object.fromEntries(entries) as ValuesOf<P>)
}

export const leaf =
  <Run>() =>
  <P extends Params>(options: {
    readonly name: string
    readonly summary: string
    readonly details?: ReadonlyArray<string>
    readonly examples?: ReadonlyArray<string>
    readonly params: P
    /** What is wrong with values that are right alone but not together. */
    readonly check?: (values: ValuesOf<P>) => string | undefined
    readonly run: (values: ValuesOf<P>) => Run
  }): Leaf<Run> => ({
    _tag: "Leaf",
    name: options.name,
    summary: options.summary,
    details: options.details ?? [],
    examples: options.examples ?? [],
    params: options.params,
    prepare: (raw) =>
      Either.flatMap(readParams(options.params, raw), (values) => {
        const wrong = options.check?.(values)
        return wrong === undefined ? Either.right(options.run(values)) : Either.left(wrong)
      })
  })

export const argumentsOf = (params: Params): ReadonlyArray<readonly [key: string, Param<unknown>]> =>
  Object.entries(params).filter(([, { kind }]) => kind === "argument")

export const optionsOf = (params: Params): ReadonlyArray<readonly [key: string, Param<unknown>]> =>
  Object.entries(params).filter(([, { kind }]) => kind !== "argument")
