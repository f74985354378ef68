import * as Reactivity from "@effect/experimental/Reactivity"
import * as SqlClient from "@effect/sql/SqlClient"
import { SqlError } from "@effect/sql/SqlError"
import * as Statement from "@effect/sql/Statement"
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { open, orRefused, refused } from "../../src/internal/database/database.js"

const compiler = Statement.makeCompiler({
  dialect: "mysql",
  placeholder: () => "?",
  onIdentifier: (name) => name,
  onCustom: () => ["", []],
  onRecordUpdate: () => ["", []]
})

it.effect("a database other than SQLite and PostgreSQL is refused before any statement", () =>
  Effect.gen(function* () {
    const mysql = yield* SqlClient.make({ acquirer: Effect.dieMessage("asked"), compiler, spanAttributes: [] })
    const error = yield* Effect.flip(Effect.provideService(open, SqlClient.SqlClient, mysql))
    expect(error.message).toMatch(/neither SQLite nor PostgreSQL/)
  }).pipe(Effect.provide(Reactivity.layer))
)

it.effect("an error of a database becomes a reason and one line without a password", () =>
  Effect.gen(function* () {
    const said = (message: string, code?: string) =>
      refused(new SqlError({ cause: Object.assign(new Error(message), { code }), message: "Failed" }))
    expect(said("database is locked", "SQLITE_BUSY_SNAPSHOT")).toMatchObject({ reason: "busy" })
    expect(said("attempt to write a readonly database", "SQLITE_READONLY")).toMatchObject({ reason: "denied" })
    expect(said("database disk image is malformed", "SQLITE_CORRUPT")).toMatchObject({ reason: "damaged" })
    expect(said("no such table: avara_jobs", "SQLITE_ERROR")).toMatchObject({ reason: "missing" })
    expect(said("canceling statement due to lock timeout", "55P03")).toMatchObject({ reason: "busy" })
    expect(said("password authentication failed", "28P01")).toMatchObject({ reason: "denied" })
    expect(said("no postgres://me:secret@host/jobs\nat line 1")).toMatchObject({
      reason: "other",
      detail: "no postgres://***@host/jobs"
    })
    const cause = new AggregateError([new Error("connect ECONNREFUSED ::1:5432"), new Error("and again")])
    expect(refused(new SqlError({ cause, message: "Failed" })).detail).toBe("connect ECONNREFUSED ::1:5432")
    expect(refused(new SqlError({ cause: "secret", message: "Failed to acquire connection" })).detail).toBe(
      "Failed to acquire connection"
    )
    // The client reports a failed commit as a defect.
    const commit = orRefused(Effect.die(new SqlError({ cause: new Error("disk I/O error"), message: "Failed" })))
    expect(yield* Effect.flip(commit)).toMatchObject({ _tag: "JobsDatabaseFailed", reason: "other" })
  })
)
