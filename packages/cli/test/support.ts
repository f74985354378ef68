import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { Emulator } from "@effect-avara/emulator"
import * as Effect from "effect/Effect"
import { program } from "../../../test/support/programs.js"

export const apiKey = "sk_live_0123456789abcdef0123456789abcdef"

const root = fileURLToPath(new URL("../../..", import.meta.url))

const source = path.join(root, "packages/cli/src/main.ts")

/** The command, bundled from its sources. */
export const command = (): ReadonlyArray<string> => [process.execPath, program("avara")]

/** The command as the repository runs it. */
export const fromSource: ReadonlyArray<string> = [
  process.execPath,
  "--conditions=@effect-avara/source",
  "--import",
  pathToFileURL(path.join(root, "node_modules/tsx/dist/loader.mjs")).href,
  source
]

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Settings {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
}

export interface Running {
  readonly child: ChildProcessWithoutNullStreams
  readonly ended: Effect.Effect<Ended>
  /** Completes when the output matches; dies if the process ends first. */
  readonly until: (pattern: RegExp) => Effect.Effect<void>
}

/** A directory that is removed at the end of the scope. */
export const temporaryDirectory = Effect.acquireRelease(
  Effect.sync(() => fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "avara-cli-")))),
  (directory) => Effect.sync(() => fs.rmSync(directory, { recursive: true }))
)

const watch = (child: ChildProcessWithoutNullStreams): Running => {
  const output = { stdout: "", stderr: "" }
  const listeners = new Set<() => void>()
  const notify = () => {
    for (const listener of listeners) listener()
  }
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text
      notify()
    })
  }
  let code: number | null | undefined
  child.once("close", (exitCode) => {
    code = exitCode
    notify()
  })
  const when = (isReady: () => boolean) =>
    Effect.async<void>((resume) => {
      const check = () => {
        if (!isReady()) return
        listeners.delete(check)
        resume(Effect.void)
      }
      listeners.add(check)
      check()
    })
  const text = () => output.stdout + output.stderr
  return {
    child,
    ended: Effect.map(
      when(() => code !== undefined),
      () => ({ code: code ?? null, ...output })
    ),
    until: (pattern) =>
      when(() => pattern.test(text()) || code !== undefined).pipe(
        Effect.filterOrDieMessage(() => pattern.test(text()), `the command ended before ${pattern}`)
      )
  }
}

const launch = (file: string, args: ReadonlyArray<string>, { cwd = os.tmpdir(), env = {} }: Settings) =>
  Effect.acquireRelease(
    Effect.sync(() => watch(spawn(file, args, { cwd, env: { PATH: process.env["PATH"], HOME: os.tmpdir(), ...env } }))),
    ({ child }) => Effect.sync(() => child.kill("SIGKILL"))
  )

/** Starts the command with its output in pipes and only the given environment. It ends with the scope. */
export const start = (args: ReadonlyArray<string>, settings: Settings = {}, program = command()) => {
  const [file = "", ...first] = program
  return launch(file, [...first, ...args], settings)
}

export const run = (args: ReadonlyArray<string>, settings: Settings = {}, program = command()): Effect.Effect<Ended> =>
  Effect.scoped(Effect.flatMap(start(args, settings, program), ({ ended }) => ended))

export const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`

export const commandLine = (args: ReadonlyArray<string>): string => [...command(), ...args].map(quoted).join(" ")

/** Whether util-linux's `script`, which runs a program in a terminal, is installed. */
export const hasTerminal = process.platform === "linux" && fs.existsSync("/usr/bin/script")

/** Starts a shell's command line in a terminal of this width. Everything on the terminal is `stdout`, with `\n` for line ends. */
export const startInTerminal = (line: string, columns: number, settings: Settings = {}) =>
  Effect.map(
    launch("/usr/bin/script", ["-qec", `stty cols ${columns} rows 40; exec ${line}`, "/dev/null"], {
      ...settings,
      env: { TERM: "xterm", SHELL: "/bin/sh", ...settings.env }
    }),
    (running): Running => ({
      ...running,
      ended: Effect.map(running.ended, (ended) => ({ ...ended, stdout: ended.stdout.replaceAll("\r\n", "\n") }))
    })
  )

/** The environment of a client of a server. */
export const envOf = (url: string) => ({ AVARA_API_KEY: apiKey, AVARA_BASE_URL: url, AVARA_MAX_RETRIES: "0" })

/** The environment of a client of the emulator in the context. */
export const emulatorEnv = Effect.map(Emulator.Emulator, ({ url }) => envOf(url))

/** Runs the command against the emulator in the context. */
export const runHere = (args: ReadonlyArray<string>, settings: Settings = {}) =>
  Effect.flatMap(emulatorEnv, (env) => run(args, { ...settings, env: { ...env, ...settings.env } }))

export const linesOf = (text: string): ReadonlyArray<string> => text.split("\n").filter((line) => line !== "")

export const jsonLinesOf = (text: string): ReadonlyArray<Record<string, unknown>> =>
  linesOf(text).map((line): Record<string, unknown> => JSON.parse(line))

/** Tests that wait for processes run side by side. */
export const concurrent = { concurrent: true, timeout: 30_000 }
