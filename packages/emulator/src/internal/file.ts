import * as fs from "node:fs"
import * as path from "node:path"
import * as url from "node:url"
import type { SqlError } from "@effect/sql/SqlError"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"

/** The reason why a file cannot store the emulator's customers. */
export class Unusable extends Data.TaggedError("Unusable")<{ readonly reason: string }> {}

const held = "another program, such as a second emulator, has locked it; stop that program or choose another file"

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "its directory does not exist",
  EEXIST: "it is a link to a missing file",
  ENOTDIR: "a part of its path is a file",
  EACCES: "this user is not allowed to read and write it",
  EPERM: "this user is not allowed to read and write it",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  SQLITE_NOTADB: "it is not an SQLite database; choose another file",
  SQLITE_BUSY: held,
  SQLITE_LOCKED: held,
  SQLITE_CANTOPEN: "this user is not allowed to read and write it or its directory",
  SQLITE_READONLY: "this user is not allowed to write to it or its directory",
  SQLITE_FULL: "the disk is full"
}

const codeOf = (cause: unknown): string =>
  cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : ""

const unusable = (cause: unknown): Unusable =>
  new Unusable({ reason: reasons[codeOf(cause)] ?? (cause instanceof Error ? cause.message : String(cause)) })

export const fromSqlError = ({ cause }: SqlError): Unusable => unusable(cause)

const fileOnly = "it is not a regular file; choose the path of a file"

const assertRegular = (stats: fs.Stats): Effect.Effect<void, Unusable> => {
  if (stats.isFile()) return Effect.void
  return new Unusable({ reason: stats.isDirectory() ? "it is a directory; choose the path of a file" : fileOnly })
}

/** Checks the file without opening it: closing a file that SQLite has open in this process would release its lock. */
const assertUsable = (file: string, stats: fs.Stats) =>
  Effect.zipRight(
    assertRegular(stats),
    Effect.try({ try: () => fs.accessSync(file, fs.constants.R_OK | fs.constants.W_OK), catch: unusable })
  )

const create = (file: string) =>
  Effect.try({ try: () => fs.closeSync(fs.openSync(file, "wx", 0o600)), catch: unusable })

/** Checks that SQLite can open the file, or creates it so that only this user can read it. Returns its URL. */
export const prepare = (file: string): Effect.Effect<string, Unusable> =>
  Effect.gen(function* () {
    const stats = yield* Effect.try({ try: () => fs.statSync(file, { throwIfNoEntry: false }), catch: unusable })
    yield* stats === undefined ? create(file) : assertUsable(file, stats)
    return url.pathToFileURL(path.resolve(file)).href
  })
