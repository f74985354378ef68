/**
 * A runner that processes the rows of an import without the rules of the table: it reads pending rows, sends them, and marks them as
 * done. It shows that the matrix detects customers that are created twice.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as SqlClient from "@effect/sql/SqlClient"
import * as PgClient from "@effect/sql-pg/PgClient"
import { Customers } from "@effect-avara/core/Customers"
import * as NodeAvara from "@effect-avara/node/NodeAvara"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"

const [database = "", server = ""] = process.argv.slice(2)

interface Pending {
  readonly job_id: string
  readonly line: number
  readonly row_key: string
}

const pending = Effect.flatMap(
  SqlClient.SqlClient,
  (sql) => sql<Pending>`SELECT job_id, line, row_key FROM avara_job_rows WHERE state = 'pending' ORDER BY line LIMIT 16`
)

const perform = ({ job_id, line, row_key }: Pending) =>
  Effect.gen(function* () {
    const { create } = yield* Customers
    const sql = yield* SqlClient.SqlClient
    const { expressCustomerId } = yield* create({
      expressCustomerName: `Matrix ${row_key}`,
      metadata: { createOnceKey: row_key }
    })
    yield* sql`UPDATE avara_job_rows SET state = 'done', customer_id = ${expressCustomerId}
      WHERE job_id = ${job_id} AND line = ${line}`
  })

const end = Effect.flatMap(
  SqlClient.SqlClient,
  (sql) => sql`UPDATE avara_jobs SET state = 'done' WHERE state IN ('queued', 'running')
    AND EXISTS (SELECT 1 FROM avara_job_rows WHERE job_id = id)`
)

const pass = Effect.gen(function* () {
  const rows = yield* pending
  yield* rows.length === 0 ? end : Effect.forEach(rows, perform, { concurrency: "unbounded", discard: true })
  yield* Effect.sleep("10 millis")
})

const Live = Layer.merge(
  PgClient.layer({ url: Redacted.make(database) }),
  NodeAvara.layer({ apiKey: Redacted.make(`sk_live_${"0".repeat(32)}`), baseUrl: server })
)

Console.log("started").pipe(
  Effect.zipRight(Effect.retry(Effect.forever(pass), { while: () => true })),
  Effect.provide(Live),
  NodeRuntime.runMain
)
