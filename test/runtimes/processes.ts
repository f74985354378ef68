/** Runs the smoke programs in processes of a runtime. */
import { execFile } from "node:child_process"
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { env } from "node:process"
import * as Effect from "effect/Effect"
import { folderOf } from "./install.js"
import { problemsOf } from "./result.js"
import { type Column, columns, type ProcessRuntime } from "./runtimes.js"
import { serve } from "./servers.js"
import type { Servers } from "./smoke/operations.js"

const timeout = 60_000

interface Ended {
  readonly hasFailed: boolean
  readonly output: string
}

/** No setting of this machine, such as a proxy, reaches the process. */
const environment = (folder: string, more: Readonly<Record<string, string>>) => ({
  PATH: env["PATH"],
  HOME: folder,
  DENO_NO_UPDATE_CHECK: "1",
  ...more
})

const start = (command: ReadonlyArray<string>, cwd: string, variables: Readonly<Record<string, string>>) =>
  Effect.async<Ended>((resume) => {
    const [file = "", ...args] = command
    const options = { cwd, env: environment(cwd, variables), timeout, killSignal: "SIGKILL" } as const
    execFile(file, args, options, (error, stdout, stderr) =>
      resume(Effect.succeed({ hasFailed: error !== null, output: `${stderr}${stdout}` || String(error ?? "") }))
    )
  })

const main = "node_modules/@effect-avara/cli/dist/main.js"

/** The exports of the command: to a file, with a result in JSON, and to a table. */
const runCommand = (prefix: ReadonlyArray<string>, app: string, { customers, folder, url }: Servers) =>
  Effect.gen(function* () {
    const variables = { AVARA_BASE_URL: url, AVARA_API_KEY: "sk_live_1234567890abcdef1234567890abcdef" }
    for (const target of [
      ["--out", join(folder, "customers.ndjson")],
      ["--to", `sqlite:${join(folder, "command.db")}`]
    ]) {
      const ended = yield* start([...prefix, main, "export", "customers", "--json", ...target], app, variables)
      if (ended.hasFailed) return ended
      if (!ended.output.includes(`"rows":${customers},`)) return { ...ended, hasFailed: true }
    }
    return { hasFailed: false, output: "" }
  })

const runColumn = (prefix: ReadonlyArray<string>, app: string, column: Column, servers: Servers) =>
  column === "command"
    ? runCommand(prefix, app, servers)
    : start([...prefix, "smoke/process.js", column, JSON.stringify(servers)], app, {})

/** Runs every smoke program on a runtime, and returns the results that differ from its row. */
export const tryProcesses = (folder: string, { args, cells, download, program, title }: ProcessRuntime) =>
  Effect.forEach(columns, (column) =>
    Effect.gen(function* () {
      const prefix = [join(folderOf(folder, download), program), ...args]
      const files = join(folder, `${title}-${column}`)
      mkdirSync(files, { recursive: true })
      const ended = yield* runColumn(prefix, join(folder, "app"), column, yield* serve(files))
      return problemsOf(title, column, cells[column], ended)
    }).pipe(Effect.scoped)
  ).pipe(Effect.map((problems) => problems.flat()))
