import { existsSync } from "node:fs"
import { resolve } from "node:path"
import type { SqlClient } from "@effect/sql/SqlClient"
import { JobsDatabaseFailed } from "@effect-avara/jobs/JobError"
import { type Jobs, layerClient } from "@effect-avara/jobs/Jobs"
import * as SqliteClient from "@effect-avara/jobs/SqliteClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { ExitCode } from "../../ExitCode.js"
import * as Database from "../database.js"
import { CommandFailed, type Failure, Hinted } from "../failure.js"
import { commandOf } from "../resume.js"
import { type SafeText, safe } from "../text.js"
import { isDatabase, isSqlite } from "./export.target.js"

/** How the command line names the database of the jobs. */
export interface DatabaseOptions {
  readonly database?: string
  readonly to?: string
}

const variable = "AVARA_JOBS_DATABASE"

const defaultDatabase = "sqlite:avara-jobs.db"

/** The database of the jobs, from the command line or the environment. */
export const databaseOf = ({ database, to }: DatabaseOptions): Effect.Effect<string, CommandFailed> => {
  const given = database ?? to ?? (process.env[variable] ?? "").trim()
  if (given === "") return Effect.succeed(defaultDatabase)
  if (isDatabase(given)) return Effect.succeed(given)
  const message = `${variable}: expected sqlite:FILE or postgres://USER@HOST/NAME`
  return Effect.fail(new CommandFailed({ code: ExitCode.notAllowed, message }))
}

/** The file of an SQLite database. */
export const fileOf = (to: string): string => resolve(to.slice("sqlite:".length))

/** Fails where the file of an SQLite database is missing: a mistyped name would be a new and empty one. */
export const assertExists = (to: string): Effect.Effect<void, CommandFailed> => {
  if (!isSqlite(to) || existsSync(fileOf(to))) return Effect.void
  const message = `${to} does not exist; submit a job to create it, or name another database with --database or ${variable}`
  return Effect.fail(new CommandFailed({ code: ExitCode.storage, message }))
}

/** A command of this program on the same database. */
export const jobsCommand = (words: ReadonlyArray<string>, { database, to }: DatabaseOptions): SafeText => {
  const given = database ?? to
  return commandOf(["jobs", ...words, ...(given === undefined ? [] : ["--database", given])])
}

/** The failure without the password of the database, with the database that it is about. */
const explain =
  (to: string, options: DatabaseOptions) =>
  (failure: Failure): Failure => {
    switch (failure._tag) {
      case "JobsDatabaseFailed": {
        const own = new JobsDatabaseFailed({ ...failure, detail: Database.withoutSecrets(failure.detail, to) })
        return new Hinted({ failure: own, hint: safe`The database is ${Database.nameOf(to)}.` })
      }
      case "JobNotFound":
        return new Hinted({
          failure,
          hint: safe`The jobs of ${Database.nameOf(to)}:\n  ${jobsCommand(["list"], options)}`
        })
      default:
        return failure
    }
  }

export interface Use<R> {
  /** Whether the database must be there already. */
  readonly isExisting: boolean
  readonly run: (to: string) => Effect.Effect<void, Failure, R>
}

/** Does something with the database of the jobs, and says of what fails which database that is. */
export const onDatabase = <R>(options: DatabaseOptions, { isExisting, run }: Use<R>): Effect.Effect<void, Failure, R> =>
  Effect.gen(function* () {
    const to = yield* databaseOf(options)
    if (isExisting) yield* assertExists(to)
    yield* Effect.mapError(run(to), explain(to, options))
  })

const sqlLayer = (to: string): Layer.Layer<SqlClient, CommandFailed | JobsDatabaseFailed> =>
  isSqlite(to) ? SqliteClient.layer({ file: fileOf(to) }) : Database.layer(to)

/** The jobs of the database and the database itself, for a client. */
export const clientLayer = (to: string) => Layer.provideMerge(layerClient, sqlLayer(to))

/** Does something with the jobs of a database that is there. */
export const withJobs = <R>(
  options: DatabaseOptions,
  use: (to: string) => Effect.Effect<void, Failure, R | Jobs | SqlClient>
) =>
  onDatabase<Exclude<R, Jobs | SqlClient>>(options, {
    isExisting: true,
    run: (to) => Effect.provide(use(to), clientLayer(to))
  })
