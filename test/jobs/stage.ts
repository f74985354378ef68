/** The setting of a moment of the matrix: a server, a database, and runners with a link to each. */
import * as fs from "node:fs"
import * as path from "node:path"
import * as SqlClient from "@effect/sql/SqlClient"
import * as LibsqlClient from "@effect/sql-libsql/LibsqlClient"
import * as PgClient from "@effect/sql-pg/PgClient"
import type { Fault } from "@effect-avara/emulator/Fault"
import type { JobsDatabaseFailed } from "@effect-avara/jobs/JobError"
import * as Jobs from "@effect-avara/jobs/Jobs"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import type { PostgresServer } from "../export/postgres.js"
import { directory } from "../export/support.js"
import { type Link, link } from "./link.js"
import { type Running, started } from "./processes.js"
import { emulator, type Server } from "./server.js"

export interface Runner {
  /** The links to the server and the database; none to a file, or if the runners are connected directly. */
  readonly toServer: Link | undefined
  readonly toDatabase: Link | undefined
  readonly signal: (signal: NodeJS.Signals) => Effect.Effect<void>
  /** Stops it with a signal; returns when it has ended. */
  readonly end: (signal: NodeJS.Signals) => Effect.Effect<void>
  readonly start: Effect.Effect<void>
  /** The current or last process. */
  readonly running: () => Running
  /** Whether it should be running: it was started and not stopped. */
  readonly isWanted: () => boolean
}

export type Client = Jobs.Jobs | SqlClient.SqlClient

export interface Stage {
  readonly folder: string
  /** A folder for its processes' temporary files. */
  readonly temporary: string
  readonly server: Server
  readonly postgres: PostgresServer | undefined
  readonly runners: ReadonlyArray<Runner>
  readonly client: Context.Context<Client>
}

export interface Options {
  readonly runners: number
  readonly customers: number
  readonly faults: ReadonlyArray<Fault>
  /** Whether the runners connect to the servers directly, for measurements; `false` by default. */
  readonly isNear?: boolean
  /** The program of a runner, and the options of its layer. */
  readonly program?: "worker" | "naive"
  readonly settings?: Readonly<Record<string, unknown>>
}

const urlAt = (url: string, change: Partial<Record<"port" | "pathname", string>>): string =>
  Object.assign(new URL(url), change).toString()

/** The URL of a server through its own link. */
const linked = (url: string) =>
  Effect.map(link(Number(new URL(url).port)), (made) => ({ made, url: urlAt(url, { port: String(made.port) }) }))

const runner = (
  { isNear = false, program = "worker", settings = {} }: Options,
  { database, server, temporary }: { readonly database: string; readonly server: Server; readonly temporary: string }
): Effect.Effect<Runner, never, Scope.Scope> =>
  Effect.gen(function* () {
    const scope = yield* Effect.scope
    const direct = (url: string) => ({ made: undefined, url })
    const toServer = isNear ? direct(server.url) : yield* linked(server.url)
    const toDatabase = isNear || !isPostgres(database) ? direct(database) : yield* linked(database)
    const args = [toDatabase.url, toServer.url.replace(/\/$/, ""), JSON.stringify(settings)]
    const start = Scope.extend(started(program, args, /started/, { TMPDIR: temporary }), scope)
    let running = yield* start
    let isWanted = true
    return {
      toServer: toServer.made,
      toDatabase: toDatabase.made,
      running: () => running,
      isWanted: () => isWanted,
      signal: (signal) => Effect.suspend(() => running.signal(signal)),
      end: (signal) =>
        Effect.suspend(() => {
          isWanted = false
          return Effect.zipRight(running.signal(signal), running.ended)
        }),
      start: Effect.map(start, (again) => {
        running = again
        isWanted = true
      })
    }
  })

const isPostgres = (database: string): boolean => database.startsWith("postgres:")

const clientOf = (database: string): Layer.Layer<Client, JobsDatabaseFailed> => {
  const Sql = isPostgres(database)
    ? Layer.orDie(PgClient.layer({ url: Redacted.make(database), maxConnections: 3 }))
    : Layer.orDie(LibsqlClient.layer({ url: `file:${database}` }))
  return Layer.provideMerge(Jobs.layerClient, Sql)
}

export const createDatabase = (url: string, name: string) =>
  Effect.flatMap(SqlClient.SqlClient, (sql) => sql`CREATE DATABASE ${sql(name)}`).pipe(
    Effect.provide(PgClient.layer({ url: Redacted.make(url), maxConnections: 1 })),
    Effect.as(urlAt(url, { pathname: `/${name}` })),
    Effect.orDie
  )

/** On the PostgreSQL server in a database of this name, or on SQLite. */
export const make = (postgres: PostgresServer | undefined, name: string, options: Options) =>
  Effect.gen(function* () {
    const folder = yield* directory
    const temporary = path.join(folder, "tmp")
    fs.mkdirSync(temporary)
    const server = yield* emulator({ ...options, folder })
    const database = postgres === undefined ? path.join(folder, "jobs.db") : yield* createDatabase(postgres.url, name)
    const client = yield* Layer.build(clientOf(database))
    const runners = yield* Effect.forEach(
      Array.from({ length: options.runners }),
      () => runner(options, { database, server, temporary }),
      { concurrency: "unbounded" }
    )
    return { client, folder, postgres, runners, server, temporary } satisfies Stage
  })
