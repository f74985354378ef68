import * as Either from "effect/Either"
import { ExitCode, meanings } from "../ExitCode.js"
import { root } from "./commands/root.js"
import { columnsOf, styleOf } from "./output.js"
import type { Run } from "./services.js"
import { globals, readSettings } from "./settings.js"
import { help, type Page, type Section } from "./syntax/help.js"
import { type Misuse, nameOf, type Parsed, type Path, parse } from "./syntax/parse.js"
import { version } from "./version.js"

export const sections: ReadonlyArray<Section> = [
  {
    title: "Settings from the environment",
    entries: [
      ["AVARA_API_KEY", "the API key; there is no option for it, as every user of a machine can read command lines"],
      ["AVARA_BASE_URL", "where the API is; https://api.avarasoftware.com if not set"],
      ["AVARA_TIMEOUT", 'how long one attempt may take, such as "30 seconds"; 60 seconds if not set'],
      ["AVARA_MAX_RETRIES", "how often a failed request is sent again, 0 to 20; 2 if not set"],
      ["AVARA_CUSTOM_HEADERS", 'extra headers of every request, a line each: "Name: value"'],
      ["HTTPS_PROXY, NO_PROXY", "the proxy to the API, and the hosts that are reached without it"],
      ["NO_COLOR", "no colour if set; there is none where the output is not a terminal"]
    ]
  },
  { title: "Exit codes", entries: meanings.map(([code, meaning]) => [String(code), meaning]) }
]

const maxColumns = 100

const pageFor = (stream: NodeJS.WriteStream): Page => ({
  globals,
  sections,
  style: styleOf(stream),
  columns: Math.min(maxColumns, Math.max(40, columnsOf(stream)))
})

const end = (stream: NodeJS.WriteStream, text: string, code: ExitCode): Promise<void> =>
  new Promise(() => {
    stream.on("error", () => {})
    stream.write(`${text}\n`, (error) => process.exit(error ? ExitCode.readerLeft : code))
  })

const endMisused = ({ message, path }: Misuse<Run>): Promise<void> => {
  const name = nameOf(path)
  const lines = [`${styleOf(process.stderr).red(`${name}:`)} ${message}`, `Try ${name} --help`]
  return end(process.stderr, lines.join("\n"), ExitCode.usage)
}

const endWithHelp = (path: Path<Run>, stream: NodeJS.WriteStream, code: ExitCode): Promise<void> =>
  end(stream, help(path, pageFor(stream)), code)

const run = async ({ global, leaf, own, path }: Parsed<Run>, argv: ReadonlyArray<string>): Promise<void> => {
  if (Object.hasOwn(global, "help")) return endWithHelp(path, process.stdout, ExitCode.ok)
  if (Object.hasOwn(global, "version")) return end(process.stdout, version, ExitCode.ok)
  if (leaf === undefined) {
    return argv.length === 0
      ? endWithHelp(path, process.stdout, ExitCode.ok)
      : endWithHelp(path, process.stderr, ExitCode.usage)
  }
  const prepared = Either.all({ settings: readSettings(global), load: leaf.prepare(own) })
  if (Either.isLeft(prepared)) return endMisused({ path, message: prepared.left })
  const { load, settings } = prepared.right
  const [{ runTask }, task] = await Promise.all([import("./runTask.js"), load()])
  return runTask(task, settings, argv)
}

/** Runs a command line, and ends the process. */
export const main = (argv: ReadonlyArray<string>): Promise<void> =>
  Either.match(parse(root, globals, argv), { onLeft: endMisused, onRight: (parsed) => run(parsed, argv) })
