/** Uses an SQLite file of jobs from another process: keeps other workers away, or adds to a counter. */
import * as SqlClient from "@effect/sql/SqlClient"
import * as Effect from "effect/Effect"
import { layer } from "../src/internal/database/sqlite.js"
import { lockWorker } from "../src/internal/database/sqliteFile.js"

const [file = "", command = "", times = "0"] = process.argv.slice(2)

const keepLocked = Effect.scoped(
  Effect.gen(function* () {
    yield* lockWorker(file)
    console.log("locked")
    return yield* Effect.never
  })
)

/** Reads the counter, pauses for other processes, and writes the counter plus one. */
const addOne = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const [row] = yield* sql<{ readonly n: number }>`SELECT n FROM counter`
  yield* Effect.sleep("1 millis")
  yield* sql`UPDATE counter SET n = ${(row?.n ?? 0) + 1}`
})

const count = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* Effect.repeatN(sql.withTransaction(addOne), Number(times) - 1)
}).pipe(Effect.provide(layer({ file })))

await Effect.runPromise(command === "lock" ? keepLocked : count)
