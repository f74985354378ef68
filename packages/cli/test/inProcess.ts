/** Runs commands in this process: as a process of its own, a command spends most of its time starting. */
import { Emulator } from "@effect-avara/emulator"
import * as Effect from "effect/Effect"
import { makeProgram } from "../src/internal/commands/root.js"
import type { OutputService } from "../src/internal/output.js"
import { execute } from "../src/internal/runTask.js"
import type { Task } from "../src/internal/services.js"
import type { Settings } from "../src/internal/settings.js"
import { plain, type Style } from "../src/internal/style.js"
import { render, safe } from "../src/internal/text.js"
import type { Ended } from "./support.js"

export interface Shown extends Ended {
  readonly code: number
}

const clearLine = "\r\u001b[K"

const mark: Style["bold"] = (text) => safe`<${text}>`

/** A mark for every style, so that any escape sequence in the output is not from a style. */
const marks: Style = { bold: mark, dim: mark, red: mark, green: mark, yellow: mark }

const sinkTo = (shown: Array<string>, isTerminal: boolean, style: Style) => ({
  isTerminal,
  style,
  write: (text: Parameters<OutputService["out"]["write"]>[0]) =>
    Effect.sync(() => void shown.push(render(text).replaceAll(clearLine, "")))
})

/** Runs a command in this process, and returns its output, by default with marks for styles. */
export const runInProcess = async (argv: ReadonlyArray<string>, isTerminal: boolean, style = marks): Promise<Shown> => {
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
  const output = { out: sinkTo(out, isTerminal, style), err: sinkTo(err, isTerminal, style), columns: () => 80 }
  const code = await Effect.runPromise(execute(loaded[0], { settings: loaded[1], argv, output }))
  return { code, stdout: out.join(""), stderr: err.join("") }
}

/** Runs a command in this process, with its output in pipes. */
export const runPiped = (args: ReadonlyArray<string>): Effect.Effect<Shown> =>
  Effect.promise(() => runInProcess(args, false, plain))

/** Runs a command in this process against a server, with its output in pipes. */
export const runAgainst = (url: string, args: ReadonlyArray<string>): Effect.Effect<Shown> =>
  runPiped(["--base-url", url, ...args])

/** Runs a command in this process against the emulator in the context, with its output in pipes. */
export const runAgainstEmulator = (args: ReadonlyArray<string>): Effect.Effect<Shown, never, Emulator.Emulator> =>
  Effect.flatMap(Emulator.Emulator, ({ url }) => runAgainst(url, args))
