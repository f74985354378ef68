import * as SqlClient from "@effect/sql/SqlClient"
import { describe, expect, it } from "@effect/vitest"
import { Changes } from "@effect-avara/jobs"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as sqlite from "../src/internal/database/sqlite.js"
import { jobId, mirrorOnce, sent } from "./mirrors.js"

const short = ({ id, kind }: Changes.Change): string => `${kind} ${Number(id.slice(4))}`

const collect = (changes: ReturnType<typeof Changes.latest>) =>
  Effect.map(Stream.runCollect(changes), (chunk) => Array.from(chunk, short))

const latest = collect(Changes.latest({ table: "clinics" }))

const inMemory = <A, E>(name: string, effect: Effect.Effect<A, E, SqlClient.SqlClient>) =>
  it.live(name, () => Effect.provide(effect, sqlite.layer({ file: ":memory:" })))

const none = { created: 0, changed: 0, deactivated: 0, reactivated: 0, gone: 0 }

describe("changes", () => {
  inMemory(
    "every customer of the first mirror is created, and the next mirror finds no change",
    Effect.gen(function* () {
      expect(yield* latest).toEqual([])
      const rows = [1, 2, 3].map((number) => sent(number, { isActive: number !== 3 }))
      const first = yield* mirrorOnce(1, rows)
      expect(first).toMatchObject({
        ...none,
        table: "clinics",
        jobId: jobId(1),
        isFirst: true,
        customers: 3,
        created: 3
      })
      expect(yield* latest).toEqual(["created 1", "created 2", "created 3"])
      const second = yield* mirrorOnce(2, rows)
      expect(second).toMatchObject({ ...none, jobId: jobId(2), isFirst: false, customers: 3 })
      expect(yield* latest).toEqual([])
    })
  )

  inMemory(
    "a mirror finds the kind of each change",
    Effect.gen(function* () {
      const before = [1, 2, 3, 4, 5, 6, 7].map((number) => sent(number, { isActive: number !== 3 }))
      yield* mirrorOnce(1, before)
      const after = [
        sent(1, { laterField: { of: "the API" } }),
        sent(2, { isActive: false, updatedAt: "2026-01-01T00:00:00.000Z" }),
        sent(3),
        sent(4, { userCount: 2 }),
        sent(6, { metadata: { region: "north" } }),
        sent(7),
        sent(8, { isActive: false })
      ]
      const run = yield* mirrorOnce(2, after)
      expect(run).toMatchObject({ customers: 7, created: 1, changed: 3, deactivated: 1, reactivated: 1, gone: 1 })
      const expected = ["changed 1", "deactivated 2", "reactivated 3", "changed 4", "gone 5", "changed 6", "created 8"]
      expect(yield* latest).toEqual(expected)
    })
  )

  inMemory(
    "a customer that is gone is reported once, and is created when it is listed again",
    Effect.gen(function* () {
      const both = [sent(1), sent(2)]
      yield* mirrorOnce(1, both)
      yield* mirrorOnce(2, [sent(1)])
      expect(yield* latest).toEqual(["gone 2"])
      yield* mirrorOnce(3, [sent(1)])
      expect(yield* latest).toEqual([])
      yield* mirrorOnce(4, both)
      expect(yield* latest).toEqual(["created 2"])
      yield* mirrorOnce(5, [])
      expect(yield* latest).toEqual(["gone 1", "gone 2"])
    })
  )

  inMemory(
    "changes are read oldest first, after a time, and of one mirror; other tables have no effect",
    Effect.gen(function* () {
      const first = yield* mirrorOnce(1, [sent(1)])
      yield* mirrorOnce(2, [sent(1), sent(9)], { table: "others" })
      const second = yield* mirrorOnce(3, [sent(1, { userCount: 5 }), sent(2)])
      const third = yield* mirrorOnce(4, [sent(2)])
      const all = yield* Stream.runCollect(Changes.stream({ table: "clinics" }))
      expect(Array.from(all, short)).toEqual(["created 1", "changed 1", "created 2", "gone 1"])
      expect(Array.from(all, ({ at, jobId }) => [DateTime.toEpochMillis(at), jobId])).toEqual(
        [first, second, second, third].map(({ at, jobId }) => [DateTime.toEpochMillis(at), jobId])
      )
      const later = Changes.stream({ table: "clinics", since: first.at })
      expect(yield* collect(later)).toEqual(["changed 1", "created 2", "gone 1"])
      expect(yield* collect(Changes.ofRun(second))).toEqual(["changed 1", "created 2"])
      expect((yield* Changes.runs({ table: "clinics" })).map(({ jobId }) => jobId)).toEqual([4, 3, 1].map(jobId))
      expect((yield* Changes.runs()).length).toBe(4)
      expect(yield* Changes.runs({ jobId: jobId(3) })).toEqual([second])
    })
  )

  inMemory(
    "more changes than a page holds are read in order, and are deleted with their job",
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const rows = Array.from({ length: 2500 }, (_, index) => sent(index))
      yield* mirrorOnce(1, rows, { limit: 2500 })
      expect(yield* latest).toEqual(rows.map((_, index) => `created ${index}`))
      yield* sql`DELETE FROM avara_jobs`
      expect(yield* collect(Changes.stream({ table: "clinics" }))).toEqual([])
      expect(yield* sql`SELECT * FROM avara_mirror_changes`).toEqual([])
      expect(yield* mirrorOnce(2, rows.slice(1), { limit: 2500 })).toMatchObject({ ...none, isFirst: false, gone: 1 })
    })
  )

  inMemory(
    "a mirror is later than earlier ones even if the clock was set back",
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const first = yield* mirrorOnce(1, [sent(1)])
      const ahead = DateTime.add(first.at, { hours: 2 })
      yield* sql.withTransaction(
        sql`PRAGMA defer_foreign_keys = 1`.pipe(
          Effect.zipRight(sql`UPDATE avara_mirror_runs SET at = ${DateTime.toEpochMillis(ahead)}`),
          Effect.zipRight(sql`UPDATE avara_mirror_changes SET at = ${DateTime.toEpochMillis(ahead)}`)
        )
      )
      const second = yield* mirrorOnce(2, [])
      expect(DateTime.toEpochMillis(second.at)).toBe(DateTime.toEpochMillis(ahead) + 1)
    })
  )
})
