/** The differences between PostgreSQL and SQLite: types, digests, locks, and several concurrent workers. */
import * as PgClient from "@effect/sql-pg/PgClient"
import { expect, layer } from "@effect/vitest"
import { Changes } from "@effect-avara/jobs"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { open } from "../../packages/jobs/src/internal/database/database.js"
import * as schedules from "../../packages/jobs/src/internal/store/schedules.js"
import { jobId, mirrorOnce, outage, sent, tableOf } from "../../packages/jobs/test/mirrors.js"
import { postgres } from "../export/postgres.js"

const Database = Layer.merge(
  Layer.unwrapScoped(Effect.map(postgres, (url) => PgClient.layer({ url: Redacted.make(url) }))),
  Logger.minimumLogLevel(LogLevel.Warning)
)

const latest = (table: string) =>
  Effect.map(Stream.runCollect(Changes.latest({ table })), (all) =>
    Array.from(all, ({ id, kind }) => `${kind} ${Number(id.slice(4))}`)
  )

layer(Database, { excludeTestServices: true, timeout: 60_000 })("PostgreSQL", (it) => {
  it.effect("a mirror records the changes of each customer", () =>
    Effect.gen(function* () {
      const table = "clinics"
      const odd = { laterField: { text: "a\u0000b\ud800", of: "the API" } }
      const before = [1, 2, 3, 4, 5].map((number) => sent(number, { isActive: number !== 3, ...odd }))
      const first = yield* mirrorOnce(1, before, { table })
      expect(first).toMatchObject({ table, jobId: jobId(1), isFirst: true, customers: 5, created: 5 })
      const after = [sent(1, odd), sent(2, { isActive: false }), sent(3), sent(4), sent(6)]
      expect(yield* mirrorOnce(2, after, { table })).toMatchObject({
        isFirst: false,
        customers: 5,
        created: 1,
        changed: 1,
        deactivated: 1,
        reactivated: 1,
        gone: 1
      })
      expect(yield* latest(table)).toEqual(["deactivated 2", "reactivated 3", "changed 4", "gone 5", "created 6"])
      expect(yield* mirrorOnce(3, after, { table })).toMatchObject({ created: 0, changed: 0, gone: 0 })
    })
  )

  it.effect("two runs of one job complete it once", () =>
    Effect.gen(function* () {
      const table = "twice"
      const rows = [1, 2, 3].map((number) => sent(number))
      const down = (offset: number) => (offset === 2 ? Effect.fail(outage) : Effect.void)
      yield* Effect.flip(mirrorOnce(11, rows, { table, before: down }))
      const runs = yield* Effect.all(
        [mirrorOnce(11, rows, { table }), mirrorOnce(11, rows, { table })].map(Effect.either),
        { concurrency: 2 }
      )
      expect(runs.filter(({ _tag }) => _tag === "Right").length).toBeGreaterThan(0)
      expect(yield* Changes.runs({ table })).toMatchObject([{ created: 3, jobId: jobId(11) }])
      expect((yield* tableOf(table)).length).toBe(3)
    })
  )

  it.effect("a tick submits one job, however many workers request it at the same time", () =>
    Effect.gen(function* () {
      const database = yield* open
      yield* schedules.put(database, { cron: "0 2 * * *", table: "nightly" })
      for (const ticks of [1, 2, 3]) {
        yield* database.sql`UPDATE avara_job_schedules SET next_at = ${database.now} - 1`
        yield* Effect.all(
          [1, 2, 3].map(() => schedules.fireDue(database)),
          { concurrency: "unbounded" }
        )
        const [row] = yield* database.sql<{ jobs: string }>`
          SELECT count(*) AS jobs FROM avara_jobs WHERE schedule = 'mirror:nightly'`
        expect(Number(row?.jobs)).toBe(ticks)
        yield* database.sql`UPDATE avara_jobs SET state = 'done'`
      }
    })
  )
})
