import * as Effect from "effect/Effect"
import { makeProgram } from "../src/internal/commands/root.js"
import type { OutputService } from "../src/internal/output.js"
import { execute } from "../src/internal/runTask.js"
import type { Task } from "../src/internal/services.js"
import type { Settings } from "../src/internal/settings.js"
import { render, safe } from "../src/internal/text.js"

export interface Shown {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const clearLine = "\r\u001b[K"

/** Creates a sink with a mark for every style, so that any escape sequence in it is not from a style. */
const sinkTo = (shown: Array<string>, isTerminal: boolean) => {
  const marked = (text: Parameters<OutputService["out"]["style"]["red"]>[0]) => safe`<${text}>`
  return {
    isTerminal,
    style: { bold: marked, dim: marked, red: marked, green: marked, yellow: marked },
    write: (text: Parameters<OutputService["out"]["write"]>[0]) =>
      Effect.sync(() => void shown.push(render(text).replaceAll(clearLine, "")))
  }
}

/** Runs a command in this process, and returns its output. */
export const runInProcess = async (argv: ReadonlyArray<string>, isTerminal: boolean): Promise<Shown> => {
  let loaded: readonly [Task, Settings] | undefined
  const fail = (text: string) => {
    throw new Error(text)
  }
  const program = makeProgram(
    async (load, settings) => {
      loaded = [await load(), settings]
    },
    { writeOut: fail, writeErr: fail }
  )
  await program.parseAsync([...argv], { from: "user" })
  if (loaded === undefined) throw new Error("the command did not run")
  const [out, err]: [Array<string>, Array<string>] = [[], []]
  const output = { out: sinkTo(out, isTerminal), err: sinkTo(err, isTerminal), columns: () => 80 }
  const code = await Effect.runPromise(execute(loaded[0], { settings: loaded[1], argv, output }))
  return { code, stdout: out.join(""), stderr: err.join("") }
}
