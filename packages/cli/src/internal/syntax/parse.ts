import * as Either from "effect/Either"
import { argumentsOf, type Command, type Leaf, optionsOf, type Raw } from "./command.js"
import { type Param, type Params, spelling } from "./param.js"
import { nearest } from "./suggestion.js"

/** Where the command line led: the commands from the root to the one that is meant. */
export type Path<Run> = readonly [Command<Run>, ...ReadonlyArray<Command<Run>>]

export interface Parsed<Run> {
  readonly path: Path<Run>
  /** The one that the path leads to, unless it ends at a group. */
  readonly leaf: Leaf<Run> | undefined
  readonly own: Raw
  readonly global: Raw
}

export interface Misuse<Run> {
  readonly path: Path<Run>
  readonly message: string
}

interface State<Run> {
  path: Path<Run>
  readonly own: Record<string, Array<string>>
  readonly global: Record<string, Array<string>>
  readonly positionals: Array<string>
}

interface Found {
  readonly key: string
  readonly param: Param<unknown>
  readonly into: Record<string, Array<string>>
}

export const lastOf = <Run>(path: Path<Run>): Command<Run> => path.at(-1) ?? path[0]

export const nameOf = <Run>(path: Path<Run>): string => path.map(({ name }) => name).join(" ")

const ownParams = <Run>(path: Path<Run>): Params => {
  const command = lastOf(path)
  return command._tag === "Leaf" ? command.params : {}
}

const findOption = <Run>(state: State<Run>, globals: Params, written: string): Found | undefined => {
  const matches = ([, { name, short }]: readonly [string, Param<unknown>]) =>
    written === `--${name}` || written === `-${short}`
  const places = [
    [ownParams(state.path), state.own],
    [globals, state.global]
  ] as const
  for (const [params, into] of places) {
    const [key, param] = optionsOf(params).find(matches) ?? []
    if (key !== undefined && param !== undefined) return { key, param, into }
  }
  return undefined
}

const unknownOption = <Run>(state: State<Run>, globals: Params, written: string): string => {
  const known = [...optionsOf(ownParams(state.path)), ...optionsOf(globals)].map(([, { name }]) => `--${name}`)
  const close = nearest(written, known)
  return `there is no option ${written}${close === undefined ? "" : `, did you mean ${close}?`}`
}

/** Takes the option at the front of `rest`, and its value; answers what is wrong, if anything. */
const takeOption = <Run>(state: State<Run>, globals: Params, text: string, rest: Array<string>): string | undefined => {
  const at = text.startsWith("--") ? text.indexOf("=") : -1
  const written = at === -1 ? text : text.slice(0, at)
  const found = findOption(state, globals, written)
  if (found === undefined) return unknownOption(state, globals, written)
  const { into, key, param } = found
  if (param.kind === "flag" && at !== -1) return `--${param.name} takes no value`
  const value = param.kind === "flag" ? "" : at === -1 ? rest.shift() : text.slice(at + 1)
  if (value === undefined || (at === -1 && value.startsWith("--"))) return `${spelling(param)} needs its value`
  const given = into[key] ?? []
  if (given.length > 0 && param.kind === "option" && !param.isRepeatable) return `--${param.name} is given twice`
  into[key] = [...given, value]
  return undefined
}

const takeWord = <Run>(state: State<Run>, word: string): string | undefined => {
  const command = lastOf(state.path)
  if (command._tag === "Leaf") {
    state.positionals.push(word)
    return undefined
  }
  const next = command.commands.find(({ name }) => name === word)
  if (next !== undefined) {
    state.path = [...state.path, next]
    return undefined
  }
  const names = command.commands.map(({ name }) => name)
  const close = nearest(word, names)
  return `there is no command "${word}", ${close === undefined ? `but ${names.join(", ")}` : `did you mean ${close}?`}`
}

const placeArguments = <Run>(state: State<Run>): string | undefined => {
  const expected = argumentsOf(ownParams(state.path))
  const extra = state.positionals[expected.length]
  if (extra !== undefined) return `"${extra}" is one argument too many`
  for (const [index, [key, param]] of expected.entries()) {
    const text = state.positionals[index]
    if (text === undefined) return `${param.name} is missing`
    state.own[key] = [text]
  }
  return undefined
}

/** The command that a command line names, with what it gave for each parameter. Options may stand anywhere; `--` ends them. */
export const parse = <Run>(
  root: Command<Run>,
  globals: Params,
  argv: ReadonlyArray<string>
): Either.Either<Parsed<Run>, Misuse<Run>> => {
  const state: State<Run> = { path: [root], own: {}, global: {}, positionals: [] }
  const rest = [...argv]
  let wrong: string | undefined
  let isOnlyWords = false
  for (let text = rest.shift(); text !== undefined && wrong === undefined; text = rest.shift()) {
    if (isOnlyWords || text === "-" || !text.startsWith("-")) wrong = takeWord(state, text)
    else if (text === "--") isOnlyWords = true
    else wrong = takeOption(state, globals, text, rest)
  }
  const { global, own, path } = state
  const asksForHelp = Object.hasOwn(global, "help") || Object.hasOwn(global, "version")
  const last = lastOf(path)
  if (wrong === undefined && !asksForHelp) wrong = placeArguments(state)
  if (wrong !== undefined) return Either.left({ path, message: wrong })
  return Either.right({ path, leaf: last._tag === "Leaf" ? last : undefined, own, global })
}
