import { spawn } from "node:child_process"
import * as fs from "node:fs"
import { createRequire } from "node:module"
import * as os from "node:os"
import * as path from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import * as Effect from "effect/Effect"

const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href

const source = (program: string) => fileURLToPath(new URL(`../../src/${program}`, import.meta.url))

/** A directory that is removed when the scope closes. */
export const temporaryDirectory = Effect.acquireRelease(
  Effect.sync(() => fs.mkdtempSync(path.join(os.tmpdir(), "avara-examples-"))),
  (directory) => Effect.sync(() => fs.rmSync(directory, { recursive: true }))
)

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

interface Settings {
  readonly args?: ReadonlyArray<string>
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
}

/** Runs Node in a separate process with only the given environment. The process ends with the scope. */
export const node = ({ args = [], cwd = os.tmpdir(), env = {} }: Settings) =>
  Effect.gen(function* () {
    const child = yield* Effect.acquireRelease(
      Effect.sync(() =>
        spawn(process.execPath, args, {
          cwd,
          env: { PATH: process.env["PATH"], ...env },
          stdio: ["ignore", "pipe", "pipe"]
        })
      ),
      (child) => Effect.sync(() => child.kill("SIGKILL"))
    )
    const output = { stdout: "", stderr: "" }
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text))
    child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text))
    const closed = new Promise<number | null>((resolve) => child.once("close", resolve))
    return {
      kill: (signal: NodeJS.Signals) => Effect.sync(() => child.kill(signal)),
      ended: Effect.map(
        Effect.promise(() => closed),
        (code): Ended => ({ code, ...output })
      )
    }
  })

/** A program of `examples/src`. */
export const start = (program: string, { args = [], ...settings }: Settings = {}) =>
  node({ ...settings, args: ["--conditions=@effect-avara/source", "--import", tsx, source(program), ...args] })
