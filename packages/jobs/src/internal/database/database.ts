import * as SqlClient from "@effect/sql/SqlClient"
import { SqlError } from "@effect/sql/SqlError"
import type { Fragment } from "@effect/sql/Statement"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { JobsDatabaseFailed } from "../../JobError.js"
import { codeOf } from "./errorCode.js"
import { indexes, nowMillis, rateTable, tables, tablesVersion } from "./tables.js"

/** The database of the jobs, whose tables exist and have this version. @internal */
export interface Database {
  /** A client without transforms, so that the names of columns are those in the tables. */
  readonly sql: SqlClient.SqlClient
  readonly dialect: "sqlite" | "pg"
  readonly now: Fragment
}

type Reason = JobsDatabaseFailed["reason"]

/** Returns the first line of the database's message, without a password in a URL. */
const messageOf = ({ cause, message }: SqlError): string => {
  const [first = cause] = cause instanceof AggregateError ? cause.errors : [cause]
  const text = first instanceof Error && first.message !== "" ? first.message : message
  return text
    .split("\n", 1)
    .join()
    .replaceAll(/\/\/[^/@\s]*@/g, "//***@")
}

const reasons: ReadonlyArray<readonly [Reason, RegExp]> = [
  ["busy", /^SQLITE_(?:BUSY|LOCKED)|^(?:55P03|40P01|40001)$/],
  ["denied", /^SQLITE_(?:READONLY|PERM|AUTH)|^(?:42501|25006|28\w{3})$/],
  ["missing", /^SQLITE_CANTOPEN|^(?:3D000|3F000|42P01)$/],
  ["damaged", /^SQLITE_(?:CORRUPT|NOTADB)|^XX00[12]$/]
]

const reasonOf = (error: SqlError): Reason => {
  const code = codeOf(error.cause)
  const known = reasons.find(([, pattern]) => pattern.test(code))
  if (known !== undefined) return known[0]
  if (/is locked/.test(messageOf(error))) return "busy"
  return /no such table/.test(messageOf(error)) ? "missing" : "other"
}

/** Converts an error of the database. @internal */
export const refused = (error: SqlError): JobsDatabaseFailed =>
  new JobsDatabaseFailed({ reason: reasonOf(error), detail: messageOf(error) })

/** Converts errors of the database to `JobsDatabaseFailed`, and those that a client reports as defects too, such as a failed commit. @internal */
export const orRefused = <A, E, R>(
  effect: Effect.Effect<A, E, R>
): Effect.Effect<A, Exclude<E, SqlError> | JobsDatabaseFailed, R> =>
  Effect.catchSomeDefect(effect, (defect) =>
    defect instanceof SqlError ? Option.some(Effect.fail(defect)) : Option.none()
  ).pipe(Effect.catchIf(isSqlError, (error) => Effect.fail(refused(error))))

const isSqlError = (error: unknown): error is SqlError => error instanceof SqlError

/** Runs an effect in a transaction. @internal */
export const transaction = <A, E, R>({ sql }: Database, effect: Effect.Effect<A, E, R>) =>
  orRefused(sql.withTransaction(effect))

const dialectOf = (sql: SqlClient.SqlClient): Database["dialect"] | undefined =>
  sql.onDialectOrElse({ sqlite: () => "sqlite" as const, pg: () => "pg" as const, orElse: () => undefined })

/** A user who may not use any schema of the search path has no current schema, and PostgreSQL only reports that nothing exists. */
const checkSchema = ({ dialect, sql }: Database) =>
  Effect.gen(function* () {
    if (dialect === "sqlite") return
    const [row] = yield* sql<{ schema: string | null; path: string; name: string }>`
      SELECT current_schema() AS schema, current_setting('search_path') AS path, current_user AS name`
    if (row === undefined || row.schema !== null) return
    const detail = `the user ${row.name} may not use any schema of the search path ${row.path}; GRANT USAGE on one of them`
    return yield* new JobsDatabaseFailed({ reason: "denied", detail })
  })

const readVersion = ({ sql }: Database) =>
  Effect.map(
    sql<{ value: string }>`SELECT value FROM avara_jobs_meta WHERE name = 'version'`,
    ([row]) => row?.value ?? "none"
  )

/** In PostgreSQL, two programs that create the tables at the same time would fail. */
const oneAtATime = ({ dialect, sql }: Database) =>
  dialect === "pg" ? sql`SELECT pg_advisory_xact_lock(hashtext('avara_jobs'))` : Effect.void

const makeTables = (database: Database) => {
  const { sql } = database
  const made = Effect.gen(function* () {
    yield* oneAtATime(database)
    for (const table of tables) yield* sql`CREATE TABLE IF NOT EXISTS ${sql.literal(table)}`
    if (database.dialect === "pg") yield* sql`CREATE UNLOGGED TABLE IF NOT EXISTS ${sql.literal(rateTable)}`
    for (const index of indexes) yield* sql`CREATE INDEX IF NOT EXISTS ${sql.literal(index)}`
    yield* sql`INSERT INTO avara_jobs_meta (name, value) VALUES ('version', ${String(tablesVersion)})
      ON CONFLICT (name) DO NOTHING`
  })
  return Effect.mapError(transaction(database, made), (error) =>
    error.reason === "denied"
      ? new JobsDatabaseFailed({
          reason: "denied",
          detail: `${error.detail}; the tables of the jobs do not exist in it yet; GRANT CREATE on it, or let a user who has this right create them once`
        })
      : error
  )
}

const checkVersion = (found: string) =>
  found === String(tablesVersion)
    ? Effect.void
    : new JobsDatabaseFailed({
        reason: "version",
        detail: `its tables have version ${found.slice(0, 20)}, but this version of @effect-avara/jobs uses version ${tablesVersion}; use the same version everywhere, or another database`
      })

/** Creates the tables that do not exist. A user who may not create tables can use existing ones. @internal */
export const open: Effect.Effect<Database, JobsDatabaseFailed, SqlClient.SqlClient> = Effect.gen(function* () {
  const sql = (yield* SqlClient.SqlClient).withoutTransforms()
  const dialect = dialectOf(sql)
  if (dialect === undefined) {
    return yield* new JobsDatabaseFailed({ reason: "dialect", detail: "use one of them" })
  }
  const database: Database = { sql, dialect, now: nowMillis(sql) }
  yield* orRefused(checkSchema(database))
  const version = orRefused(readVersion(database))
  const found = yield* Effect.catchIf(
    version,
    ({ reason }) => reason === "missing",
    () => Effect.zipRight(makeTables(database), version)
  )
  yield* checkVersion(found)
  return database
})
