/** Runs SQL statements on an SQLite file, keeps their locks for some milliseconds, then commits. */
import * as SqlClient from "@effect/sql/SqlClient"
import * as LibsqlClient from "@effect/sql-libsql/LibsqlClient"
import * as Effect from "effect/Effect"

const [file = "", millis = "0", ...statements] = process.argv.slice(2)

const program = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  for (const statement of statements) yield* sql.unsafe(statement)
  console.log("held")
  yield* Effect.sleep(Number(millis))
  // As any program that shares its file, it waits for a reader that holds the file for a moment.
  yield* sql`PRAGMA busy_timeout = 5000`
  yield* sql`COMMIT`
  console.log("released")
})

await Effect.runPromise(Effect.provide(program, LibsqlClient.layer({ url: `file:${file}` })))
