import { closeSync, openSync, statSync } from "node:fs"
import { resolve } from "node:path"
import { pathToFileURL } from "node:url"
import type { SqlClient } from "@effect/sql/SqlClient"
import { DatabaseFailed } from "@effect-avara/export/ExportError"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { ExitCode } from "../ExitCode.js"
import { isSqlite } from "./commands/export.target.js"
import { makeDirectoryOf } from "./directory.js"
import { CommandFailed } from "./failure.js"
import { shownUrl, withoutUrl } from "./url.js"

/** Creates a missing file that only this user can read. Refuses anything that is not a file: SQLite would hang on a FIFO and write to a device. */
const prepare = (file: string): void => {
  makeDirectoryOf(file)
  const stats = statSync(file, { throwIfNoEntry: false })
  if (stats === undefined) closeSync(openSync(file, "wx", 0o600))
  else if (!stats.isFile()) throw new Error(`it is ${stats.isDirectory() ? "a directory" : "not a regular file"}`)
}

/** Opens a file with the driver's entry for files, because its general entry cannot open files on Deno. */
const sqlite = async (to: string): Promise<Layer.Layer<SqlClient, CommandFailed>> => {
  const [LibsqlClient, { createClient }] = await Promise.all([
    import("@effect/sql-libsql/LibsqlClient"),
    import("@libsql/client/sqlite3")
  ])
  const file = resolve(to.slice("sqlite:".length))
  prepare(file)
  const client = Effect.acquireRelease(
    Effect.sync(() => createClient({ url: pathToFileURL(file).href })),
    (client) => Effect.sync(() => client.close())
  )
  const layer = Layer.unwrapScoped(Effect.map(client, (liveClient) => LibsqlClient.layer({ liveClient })))
  return Layer.catchAllCause(layer, (cause) => unusable(to, Cause.squash(cause)))
}

const postgres = async (to: string): Promise<Layer.Layer<SqlClient, CommandFailed>> => {
  const PgClient = await import("@effect/sql-pg/PgClient")
  const layer = PgClient.layer({ url: Redacted.make(to), connectTimeout: "10 seconds", applicationName: "avara" })
  return Layer.catchAll(layer, ({ cause }) => unusable(to, cause))
}

const hasPassword = (to: string): boolean => new URL(to).password !== "" || (process.env["PGPASSWORD"] ?? "") !== ""

/** The driver refuses to sign in by SCRAM without a password; for other methods, the server refuses with 28P01. */
const isPasswordMissing = (to: string, cause: Error): boolean =>
  (cause.message.includes("password must be a string") || ("code" in cause && cause.code === "28P01")) &&
  !isSqlite(to) &&
  !hasPassword(to)

const reasonOf = (to: string, cause: unknown): string => {
  if (!(cause instanceof Error) || cause.message === "") return ""
  return isPasswordMissing(to, cause)
    ? ": the server requires a password; set PGPASSWORD to it"
    : `: ${withoutSecrets(cause.message, to)}`
}

/** Returns the name of a database without a password. */
export const nameOf = (to: string): string => (isSqlite(to) ? to : shownUrl(to))

/** Returns a message of the database without the password in it. */
export const withoutSecrets = (message: string, to: string): string =>
  isSqlite(to) ? message : withoutUrl(message, to)

const unusable = (to: string, cause?: unknown) => {
  const message = `${nameOf(to)} cannot be used${reasonOf(to, cause)}`
  return Layer.fail(new CommandFailed({ code: ExitCode.storage, message }))
}

/** Returns an error with the password removed from the message of the database. */
export const withoutPassword =
  (to: string) =>
  <E extends { readonly _tag: string }>(error: E | DatabaseFailed): E | DatabaseFailed =>
    error instanceof DatabaseFailed ? new DatabaseFailed({ ...error, detail: withoutSecrets(error.detail, to) }) : error

/** Opens the database that `--to` names. */
export const layer = (to: string): Layer.Layer<SqlClient, CommandFailed> =>
  Layer.unwrapEffect(
    Effect.catchAll(
      Effect.tryPromise(() => (isSqlite(to) ? sqlite(to) : postgres(to))),
      ({ error }) => Effect.succeed(unusable(to, error))
    )
  )
