/** Takes turns of the shared rate for some seconds, and records the time of each by the database's clock. */
import * as SqlClient from "@effect/sql/SqlClient"
import * as PgClient from "@effect/sql-pg/PgClient"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { open } from "../../packages/jobs/src/internal/database/database.js"
import { makeRate } from "../../packages/jobs/src/internal/worker/rate.js"

const [url = "", rate = "", seconds = ""] = process.argv.slice(2)

const program = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const { limit } = yield* makeRate(yield* open, Number(rate))
  const take = limit(sql`INSERT INTO taken DEFAULT VALUES`)
  yield* Effect.all(
    Array.from({ length: 8 }, () => Effect.forever(take)),
    { concurrency: "unbounded" }
  ).pipe(Effect.timeoutOption(`${Number(seconds)} seconds`))
})

await Effect.runPromise(Effect.provide(program, PgClient.layer({ url: Redacted.make(url), maxConnections: 4 })))
