/** Opens the SQLite file of the jobs, and keeps other workers away from it. */
import * as fs from "node:fs"
import { basename, dirname, join, resolve } from "node:path"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import Libsql from "libsql"
import { JobsDatabaseFailed } from "../../JobError.js"
import { codeOf } from "./errorCode.js"

/** The name of a database that exists only as long as its client. @internal */
export const memory = ":memory:"

type Reason = JobsDatabaseFailed["reason"]

const reasons: ReadonlyArray<readonly [RegExp, Reason, string]> = [
  [/^SQLITE_NOTADB/, "foreign", "is not an SQLite database; choose another path"],
  [/^SQLITE_CORRUPT/, "damaged", "is a damaged SQLite database; restore it from a backup"],
  [
    /^(?:SQLITE_BUSY|SQLITE_LOCKED)/,
    "busy",
    "stayed locked for 5 seconds; try again after the other program has finished"
  ],
  [/^(?:EACCES|EPERM|EROFS|SQLITE_READONLY|SQLITE_PERM|SQLITE_CANTOPEN)/, "denied", "cannot be opened for writing"],
  [/^(?:ENOENT|ENOTDIR)$/, "missing", "is in a directory that does not exist; create the directory first"]
]

const refuse = (reason: Reason, detail: string) => new JobsDatabaseFailed({ reason, detail })

const failedWith = (file: string, error: unknown): JobsDatabaseFailed => {
  if (error instanceof JobsDatabaseFailed) return error
  const code = codeOf(error)
  const known = reasons.find(([pattern]) => pattern.test(code))
  return known === undefined
    ? refuse("other", `${file} cannot be opened${code === "" ? "" : `: ${code}`}`)
    : refuse(known[1], `${file} ${known[2]}`)
}

const kindOf = (stats: fs.Stats): string => {
  if (stats.isDirectory()) return "a directory"
  if (stats.isFIFO()) return "a named pipe"
  return stats.isSocket() ? "a socket" : "a device"
}

/** Creates a file that only its owner can read. It does not open an existing file, because closing it would drop the locks of this process on it. */
const create = (file: string): void => {
  const found = fs.statSync(file, { throwIfNoEntry: false })
  if (found === undefined) {
    try {
      fs.closeSync(fs.openSync(file, "wx", 0o600))
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error
    }
  } else if (!found.isFile()) {
    throw refuse("foreign", `${file} is ${kindOf(found)}; choose the path of a file`)
  }
}

/** Moves the write-ahead log into the file, unless another program uses it. */
const checkpoint = (database: Libsql.Database): void => {
  try {
    database.exec("PRAGMA busy_timeout = 0")
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)")
  } catch {
    // The next program that opens the file reads the log.
  }
}

// Until its statements are garbage-collected, a closed database stays open, and with it the lock of a transaction and the log.
const close = (database: Libsql.Database): void => {
  if (database.inTransaction) database.exec("ROLLBACK")
  checkpoint(database)
  database.close()
}

const openWith = (file: string, statements: ReadonlyArray<string>): Libsql.Database => {
  if (file !== memory) create(file)
  const database = new Libsql(file === memory ? memory : resolve(file))
  try {
    for (const statement of statements) database.exec(statement)
    return database
  } catch (error) {
    close(database)
    throw error
  }
}

// The timeout comes first, because another process may already hold a lock when the journal mode changes.
const pragmas = [
  "PRAGMA busy_timeout = 5000",
  "PRAGMA journal_mode = WAL",
  "PRAGMA synchronous = FULL",
  "PRAGMA foreign_keys = ON"
]

const acquire = (file: string, statements: ReadonlyArray<string>, onError: (error: unknown) => JobsDatabaseFailed) =>
  Effect.acquireRelease(Effect.try({ try: () => openWith(file, statements), catch: onError }), (database) =>
    Effect.sync(() => close(database))
  )

// If several processes change the journal mode of a new file at the same time, SQLite refuses some of them without waiting.
const whileBusy = {
  while: ({ reason }: JobsDatabaseFailed) => reason === "busy",
  schedule: Schedule.upTo(Schedule.spaced("50 millis"), "5 seconds")
}

/** Opens a file, or creates it so that only its owner can read it. It is closed with the scope. @internal */
export const open = (file: string): Effect.Effect<Libsql.Database, JobsDatabaseFailed, Scope.Scope> =>
  Effect.retry(
    acquire(file, pragmas, (error) => failedWith(file, error)),
    whileBusy
  )

const realPath = (file: string): string => {
  create(file)
  const real = fs.realpathSync(file)
  return join(dirname(real), `${basename(real)}-worker`)
}

const heldBy = (file: string) =>
  refuse(
    "busy",
    `a worker already runs on ${file}, and an SQLite file can have only one; stop that worker, or use PostgreSQL to run several`
  )

/**
 * Keeps every other worker away from an SQLite file until the scope closes. The kernel holds the lock, on a file next to the database, and
 * releases it when the process dies.
 *
 * @internal
 */
export const lockWorker = (file: string): Effect.Effect<void, JobsDatabaseFailed, Scope.Scope> => {
  if (file === memory) return Effect.void
  const onError = (error: unknown) => (codeOf(error).startsWith("SQLITE_BUSY") ? heldBy(file) : failedWith(file, error))
  return Effect.try({ try: () => realPath(file), catch: onError }).pipe(
    Effect.flatMap((path) => acquire(path, ["BEGIN EXCLUSIVE"], onError)),
    Effect.asVoid
  )
}
