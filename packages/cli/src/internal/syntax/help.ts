import type { Style } from "../style.js"
import { wrap } from "../text.js"
import { argumentsOf, type Command, optionsOf } from "./command.js"
import { type Param, type Params, spelling } from "./param.js"
import { lastOf, nameOf, type Path } from "./parse.js"

/** What the help of the root says beside its commands: pairs of a term and what it means, under a title. */
export interface Section {
  readonly title: string
  readonly entries: ReadonlyArray<readonly [term: string, meaning: string]>
}

export interface Page {
  readonly globals: Params
  readonly sections: ReadonlyArray<Section>
  readonly style: Style
  readonly columns: number
}

const gap = 2

const widestTerm = 30

/** Terms on the left, what they mean on the right; a long term has a line of its own. */
const list = (entries: Section["entries"], columns: number): ReadonlyArray<string> => {
  const left = Math.min(widestTerm, Math.max(...entries.map(([term]) => term.length))) + 2 * gap
  return entries.flatMap(([term, meaning]) => {
    const lines = wrap(meaning, Math.max(20, columns - left)).map((line) => " ".repeat(left) + line)
    const [first = "", ...others] = lines
    const start = " ".repeat(gap) + term
    return start.length + gap > left ? [start, ...lines] : [start.padEnd(left) + first.slice(left), ...others]
  })
}

const section = ({ columns, style }: Page, title: string, entries: Section["entries"]): ReadonlyArray<string> =>
  entries.length === 0 ? [] : ["", style.bold(`${title}:`), ...list(entries, columns)]

const term = (param: Param<unknown>): string =>
  `${param.short === undefined ? "" : `-${param.short}, `}${spelling(param)}`

const meaning = ({ isRepeatable, isRequired, kind, summary }: Param<unknown>): string =>
  `${summary}${isRequired && kind === "option" ? " (required)" : ""}${isRepeatable ? " (repeatable)" : ""}`

const described = (params: ReadonlyArray<readonly [string, Param<unknown>]>): Section["entries"] =>
  params.map(([, param]) => [term(param), meaning(param)])

const usage = <Run>(path: Path<Run>): string => {
  const command = lastOf(path)
  if (command._tag === "Group") return `${nameOf(path)} <command>`
  const required = optionsOf(command.params).filter(([, { isRequired }]) => isRequired)
  const words = [...argumentsOf(command.params), ...required].map(([, param]) => spelling(param))
  const others = optionsOf(command.params).length > required.length ? ["[options]"] : []
  return [nameOf(path), ...words, ...others].join(" ")
}

/** Every command below a group, by its words after the group. */
export const leavesOf = <Run>(command: Command<Run>, words: ReadonlyArray<string> = []): Section["entries"] =>
  command._tag === "Leaf"
    ? [[words.join(" "), command.summary]]
    : command.commands.flatMap((child) => leavesOf(child, [...words, child.name]))

const globalsInShort = (page: Page, root: string): ReadonlyArray<string> => {
  const names = optionsOf(page.globals).map(([, { name }]) => `--${name}`)
  const lines = wrap(`${names.join(", ")} (see ${root} --help)`, page.columns - gap)
  return ["", page.style.bold("Options of every command:"), ...lines.map((line) => " ".repeat(gap) + line)]
}

const paragraphs = (texts: ReadonlyArray<string>, columns: number): ReadonlyArray<string> =>
  texts.flatMap((text, index) => [...(index === 0 ? [] : [""]), ...wrap(text, columns)])

const examplesOf = (page: Page, examples: ReadonlyArray<string>): ReadonlyArray<string> =>
  examples.length === 0 ? [] : ["", page.style.bold("Examples:"), ...examples.map((example) => `  ${example}`)]

/** The help of the command that a path leads to. */
export const help = <Run>(path: Path<Run>, page: Page): string => {
  const command = lastOf(path)
  const { columns, style } = page
  const details = command._tag === "Leaf" ? command.details : []
  const isRoot = path.length === 1
  return [
    ...paragraphs([command.summary, ...details], columns),
    "",
    `${style.bold("Usage:")} ${usage(path)}`,
    ...(command._tag === "Leaf"
      ? [
          ...section(page, "Arguments", described(argumentsOf(command.params))),
          ...section(page, "Options", described(optionsOf(command.params)))
        ]
      : section(page, "Commands", leavesOf(command))),
    ...(isRoot ? section(page, "Options of every command", described(optionsOf(page.globals))) : []),
    ...(isRoot ? page.sections.flatMap(({ entries, title }) => section(page, title, entries)) : []),
    ...(isRoot ? [] : globalsInShort(page, path[0].name)),
    ...(command._tag === "Leaf" ? examplesOf(page, command.examples) : [])
  ].join("\n")
}
