/** Many changes that PostgreSQL's statistics do not reflect yet are found without comparing every customer with every other. */
import * as PgClient from "@effect/sql-pg/PgClient"
import { expect, layer } from "@effect/vitest"
import { Changes } from "@effect-avara/jobs"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { type Database, open, transaction } from "../../packages/jobs/src/internal/database/database.js"
import { record } from "../../packages/jobs/src/internal/mirror/changes.js"
import { addJob, jobId, mirrorOnce } from "../../packages/jobs/test/mirrors.js"
import { postgres } from "../export/postgres.js"
import { scaled } from "../support/scale.js"

const customers = scaled(200_000)

const Server = Layer.unwrapScoped(Effect.map(postgres, (url) => PgClient.layer({ url: Redacted.make(url) })))

const passes = ["2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z", "2026-01-03T00:00:00.000Z"] as const

const fill = ({ sql }: Database) =>
  sql`INSERT INTO clinics ("expressCustomerId", "expressCustomerName", "isActive", received, "lastSeenAt")
    SELECT 'cus_' || md5(number::text), 'Clinic', true, json_build_object('number', number, 'filler', repeat('x', 450)), ${passes[0]}::timestamptz
    FROM generate_series(1, ${customers}::int) AS number`

/** Nine of ten are seen again, and all of those are changed. */
const seeAgain = ({ sql }: Database) =>
  sql`UPDATE clinics SET "lastSeenAt" = ${passes[2]}::timestamptz, received = json_build_object('number', received->>'number', 'filler', repeat('y', 450))
    WHERE (received->>'number')::int % 10 <> 0`

const recordPass = (database: Database, job: number, lastSeenAt: string) =>
  Effect.zipRight(
    addJob(jobId(job)),
    transaction(database, record(database, { table: "clinics", jobId: jobId(job), lastSeenAt }))
  )

layer(Server, { excludeTestServices: true, timeout: 60_000 })("PostgreSQL", (it) => {
  it.effect("finds the changes in a large table", () =>
    Effect.gen(function* () {
      const database = yield* open
      yield* mirrorOnce(1, [])
      yield* fill(database)
      yield* recordPass(database, 2, passes[0])
      yield* database.sql`ANALYZE`
      yield* database.sql`UPDATE clinics SET "lastSeenAt" = ${passes[1]}::timestamptz`
      yield* recordPass(database, 3, passes[1])
      yield* seeAgain(database)
      yield* Effect.timeoutFail(Effect.disconnect(recordPass(database, 4, passes[2])), {
        duration: "2 minutes",
        onTimeout: () => `${customers} customers were not compared within 2 minutes`
      })
      const [run] = yield* Changes.runs({ table: "clinics" })
      const changed = (customers / 10) * 9
      expect(run).toMatchObject({ gone: customers / 10, changed, created: 0, customers: changed })
    })
  )
})
