import { type CommandUnknownOpts, Help, type HelpConfiguration } from "@commander-js/extra-typings"
import { meanings } from "../../ExitCode.js"
import { colored } from "../style.js"
import { render } from "../text.js"

/** The description of a command in a list of commands. */
export const summaryOf = (command: CommandUnknownOpts): string => command.summary() || command.description()

export const rootOf = (command: CommandUnknownOpts): CommandUnknownOpts =>
  command.parent === null ? command : rootOf(command.parent)

type Entries = ReadonlyArray<readonly [term: string, meaning: string]>

const settings: Entries = [
  ["AVARA_API_KEY", "the API key; there is no option for it, because every user of a machine can read command lines"],
  ["AVARA_BASE_URL", "the URL of the API; https://api.avarasoftware.com if not set"],
  ["AVARA_TIMEOUT", 'how long one attempt may take, such as "30 seconds"; 60 seconds if not set'],
  ["AVARA_MAX_RETRIES", "how often to retry a failed request, 0 to 20; 2 if not set"],
  ["AVARA_CUSTOM_HEADERS", 'extra headers for every request, one per line: "Name: value"'],
  ["AVARA_LOG", 'log each call to standard error: "error", "warn", "info" or "debug"; "off" if not set'],
  ["AVARA_VALIDATION", '"strict", or "lenient" for the same as --lenient; "strict" if not set'],
  ["AVARA_JOBS_DATABASE", "the database of avara jobs; sqlite:avara-jobs.db if not set"],
  ["AVARA_JOBS_TOKEN", "the token that a browser must present to avara jobs page"],
  ["HTTPS_PROXY, NO_PROXY", "the proxy to use for the API, and the hosts to reach without it"],
  ["NO_COLOR", "disables color if set; output that is not a terminal never has color"]
]

const exitCodes: Entries = meanings.map(([code, meaning]) => [String(code), meaning])

const section = (title: string, entries: Entries, helper: Help): ReadonlyArray<string> => {
  const width = Math.max(...entries.map(([term]) => term.length))
  const items = entries.map(([term, meaning]) => helper.formatItem(term, width, meaning, helper))
  return helper.formatItemList(title, items, helper)
}

/** The sections of the root's help after its commands and options. */
const rootSections = (helper: Help): ReadonlyArray<string> => [
  ...section("Environment variables:", settings, helper),
  ...section("Exit codes:", exitCodes, helper)
]

/** The names of the root's options, which its own help describes. */
const globalOptions = (root: CommandUnknownOpts, helper: Help): ReadonlyArray<string> => {
  const names = root.options.map(({ long }) => long).join(", ")
  const text = helper.boxWrap(`${names} (see ${root.name()} --help)`, (helper.helpWidth ?? 80) - 2)
  return helper.formatItemList("Options of every command:", [text.replaceAll(/^/gm, "  ")], helper)
}

const format = (command: CommandUnknownOpts, helper: Help): string => {
  const page = Help.prototype.formatHelp.call(helper, command, helper)
  const root = rootOf(command)
  return [page, ...(root === command ? rootSections(helper) : globalOptions(root, helper))].join("\n")
}

const describe = (command: CommandUnknownOpts): string => {
  const names = command.commands.map((child) => child.name())
  return names.length === 0 ? summaryOf(command) : `${summaryOf(command).replace(/\.$/, "")}: ${names.join(", ")}`
}

export const helpConfiguration: HelpConfiguration = {
  minWidthToWrap: 20,
  styleTitle: (title) => render(colored.bold(title)),
  subcommandTerm: (command) => command.name(),
  subcommandDescription: describe,
  formatHelp: format
}

export const examples = (...lines: ReadonlyArray<string>): string =>
  [`\n${render(colored.bold("Examples:"))}`, ...lines.map((line) => `  ${line}`)].join("\n")
