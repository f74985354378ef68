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

/** The options that name the jobs database. */
export interface DatabaseOptions {
  readonly database?: string
  readonly to?: string
}

const variable = "AVARA_JOBS_DATABASE"

const defaultDatabase = "sqlite:avara-jobs.db"

/** Returns the jobs database, from the command line or the environment. */
export const databaseOf = ({ database, to }: DatabaseOptions): Effect.Effect<string, CommandFailed> => {
  const given = database ?? to ?? (process.env[variable] ?? "").trim()
  if (given === "") return Effect.succeed(defaultDatabase)
  if (isDatabase(given)) return Effect.succeed(given)
  const message = `${variable}: expected sqlite:FILE or postgres://USER@HOST/NAME`
  return Effect.fail(new CommandFailed({ code: ExitCode.notAllowed, message }))
}

/** Returns the file of an SQLite database. */
export const fileOf = (to: string): string => resolve(to.slice("sqlite:".length))

/** Fails if the file of an SQLite database is missing: a mistyped name would otherwise create a new, empty database. */
export const assertExists = (to: string): Effect.Effect<void, CommandFailed> => {
  if (!isSqlite(to) || existsSync(fileOf(to))) return Effect.void
  const message = `${to} does not exist; submit a job to create it, or name another database with --database or ${variable}`
  return Effect.fail(new CommandFailed({ code: ExitCode.storage, message }))
}

/** Returns a command line of this program on the same database. */
export const jobsCommand = (words: ReadonlyArray<string>, { database, to }: DatabaseOptions): SafeText => {
  const given = database ?? to
  return commandOf(["jobs", ...words, ...(given === undefined ? [] : ["--database", given])])
}

/** Removes the password of the database from a failure, and names the database. */
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
          hint: safe`To list the jobs of ${Database.nameOf(to)}:\n  ${jobsCommand(["list"], options)}`
        })
      default:
        return failure
    }
  }

export interface Use<R> {
  /** Whether the database must already exist. */
  readonly isExisting: boolean
  readonly run: (to: string) => Effect.Effect<void, Failure, R>
}

/** Uses the jobs database, and names that database in failures. */
export const onDatabase = <R>(options: DatabaseOptions, { isExisting, run }: Use<R>): Effect.Effect<void, Failure, R> =>
  Effect.gen(function* () {
    const to = yield* databaseOf(options)
    if (isExisting) yield* assertExists(to)
    yield* Effect.mapError(run(to), explain(to, options))
  })

const sqlLayer = (to: string): Layer.Layer<SqlClient, CommandFailed | JobsDatabaseFailed> =>
  isSqlite(to) ? SqliteClient.layer({ file: fileOf(to) }) : Database.layer(to)

/** Provides the jobs and their database to a client. */
export const clientLayer = (to: string) => Layer.provideMerge(layerClient, sqlLayer(to))

/** Uses the jobs of an existing database. */
export const withJobs = <R>(
  options: DatabaseOptions,
  use: (to: string) => Effect.Effect<void, Failure, R | Jobs | SqlClient>
) =>
  onDatabase<Exclude<R, Jobs | SqlClient>>(options, {
    isExisting: true,
    run: (to) => Effect.provide(use(to), clientLayer(to))
  })
