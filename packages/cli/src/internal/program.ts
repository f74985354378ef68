import { CommanderError } from "@commander-js/extra-typings"
import { ExitCode } from "../ExitCode.js"
import { makeProgram } from "./commands/root.js"
import type { Execute } from "./services.js"
import { columnsOf, styleOf } from "./style.js"
import { usageError } from "./syntax/usage.js"
import { render } from "./text.js"

const maxColumns = 100

const helpWidthOf = (stream: NodeJS.WriteStream) => () => Math.min(maxColumns, columnsOf(stream))

const writeTo = (stream: NodeJS.WriteStream) => (text: string) => {
  stream.once("error", () => process.exit(ExitCode.readerLeft)).write(text)
}

const outputFor = (argv: ReadonlyArray<string>) => ({
  writeOut: writeTo(process.stdout),
  writeErr: writeTo(process.stderr),
  outputError: (text: string, write: (text: string) => void) =>
    write(usageError(argv, text).replace(/^error:/, render(styleOf(process.stderr).red("avara:")))),
  getOutHelpWidth: helpWidthOf(process.stdout),
  getErrHelpWidth: helpWidthOf(process.stderr)
})

const executeFor =
  (argv: ReadonlyArray<string>): Execute =>
  async (load, settings) => {
    const [{ runTask }, task] = await Promise.all([import("./runTask.js"), load()])
    return runTask(task, settings, argv)
  }

/** Runs a command line and ends the process. */
export const main = async (argv: ReadonlyArray<string>): Promise<void> => {
  try {
    await makeProgram(executeFor(argv), outputFor(argv)).parseAsync(argv.length === 0 ? ["--help"] : argv, {
      from: "user"
    })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    process.exitCode = error.exitCode === 0 ? ExitCode.ok : ExitCode.usage
  }
}
