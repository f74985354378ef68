import * as SqlClient from "@effect/sql/SqlClient"
import { describe, expect, it } from "@effect/vitest"
import { Changes } from "@effect-avara/jobs"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import * as sqlite from "../src/internal/database/sqlite.js"
import { jobId, mirrorOnce, outage, refusedCursor, sent, tableOf } from "./mirrors.js"

const inMemory = <A, E>(name: string, effect: Effect.Effect<A, E, SqlClient.SqlClient>) =>
  it.live(name, () => Effect.provide(effect, sqlite.layer({ file: ":memory:" })))

const rows = [1, 2, 3, 4, 5].map((number) => sent(number))

const names = rows.map((_, index) => `${index + 1} Clinic ${index + 1}`)

const renamed = rows.map((row, index) => ({ ...row, expressCustomerName: `New ${index + 1}` }))

const newNames = rows.map((_, index) => `${index + 1} New ${index + 1}`)

const changes = Effect.map(Stream.runCollect(Changes.stream({ table: "clinics" })), (all) =>
  Array.from(all, ({ id, kind }) => `${kind} ${Number(id.slice(4))}`)
)

const created = [1, 2, 3, 4, 5].map((number) => `created ${number}`)

const changed = [1, 2, 3, 4, 5].map((number) => `changed ${number}`)

/** Makes the server fail for the page at this offset. */
const downAt = (page: number) => (offset: number) => (offset === page ? Effect.fail(outage) : Effect.void)

/** Records the requested pages. */
const asked = () => {
  const offsets: Array<number> = []
  return { offsets, before: (offset: number) => Effect.sync(() => void offsets.push(offset)) }
}

describe("a mirror", () => {
  inMemory(
    "a run that an outage ends keeps its pages, records nothing, and resumes at the next page",
    Effect.gen(function* () {
      expect(yield* Effect.flip(mirrorOnce(1, rows, { before: downAt(2) }))).toMatchObject({ _tag: "ServerError" })
      expect(yield* tableOf()).toEqual(names.slice(0, 2))
      expect(yield* Changes.runs()).toEqual([])
      const { before, offsets } = asked()
      expect(yield* mirrorOnce(1, rows, { before })).toMatchObject({ customers: 5, created: 5 })
      expect(offsets).toEqual([2, 4])
      expect(yield* tableOf()).toEqual(names)
      expect(yield* changes).toEqual(created)
    })
  )

  inMemory(
    "a run that is interrupted halfway resumes, and only the complete pass counts",
    Effect.gen(function* () {
      yield* mirrorOnce(1, rows)
      const reached = yield* Deferred.make<void>()
      const before = (offset: number) =>
        offset === 2 ? Effect.zipRight(Deferred.succeed(reached, undefined), Effect.never) : Effect.void
      const fiber = yield* Effect.fork(mirrorOnce(2, renamed, { before }))
      yield* Deferred.await(reached)
      yield* Fiber.interrupt(fiber)
      expect(yield* tableOf()).toEqual([...newNames.slice(0, 2), ...names.slice(2)])
      expect(yield* changes).toEqual(created)
      yield* mirrorOnce(2, renamed)
      expect(yield* changes).toEqual([...created, ...changed])
    })
  )

  inMemory(
    "a new job starts at the beginning, even if an earlier job left a checkpoint",
    Effect.gen(function* () {
      yield* Effect.flip(mirrorOnce(1, rows, { before: downAt(4) }))
      const { before, offsets } = asked()
      expect(yield* mirrorOnce(2, renamed, { before })).toMatchObject({ isFirst: true, created: 5 })
      expect(offsets).toEqual([0, 2, 4])
      expect(yield* tableOf()).toEqual(newNames)
      // The failed job runs again after that.
      expect(yield* mirrorOnce(1, rows)).toMatchObject({ isFirst: false, changed: 5 })
    })
  )

  inMemory(
    "a job that runs again after its end does nothing",
    Effect.gen(function* () {
      const first = yield* mirrorOnce(1, rows)
      const { before, offsets } = asked()
      expect(yield* mirrorOnce(1, renamed, { before })).toEqual(first)
      expect(offsets).toEqual([])
    })
  )

  inMemory(
    "a job that died between its last page and its end does not read a page again",
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* mirrorOnce(1, rows)
      yield* sql`DELETE FROM avara_mirror_runs`
      yield* sql`DELETE FROM avara_mirror_snapshot`
      const { before, offsets } = asked()
      expect(yield* mirrorOnce(1, rows, { before })).toMatchObject({ created: 5 })
      expect(offsets).toEqual([])
    })
  )

  inMemory(
    "the list starts over if the server no longer accepts the cursor",
    Effect.gen(function* () {
      yield* Effect.flip(mirrorOnce(1, rows, { before: downAt(2) }))
      const { before: note, offsets } = asked()
      let isFirst = true
      const before = (offset: number) =>
        Effect.zipRight(
          note(offset),
          Effect.suspend(() => {
            if (!isFirst) return Effect.void
            isFirst = false
            return Effect.fail(refusedCursor(offset))
          })
        )
      expect(yield* mirrorOnce(1, rows, { before })).toMatchObject({ created: 5 })
      expect(offsets).toEqual([2, 0, 2, 4])
    })
  )

  it.effect("a run stops a second after it was cancelled, and continues when it is started again", () =>
    Effect.gen(function* () {
      const reached = yield* Deferred.make<void>()
      const before = (offset: number) =>
        offset === 2 ? Effect.zipRight(Deferred.succeed(reached, undefined), Effect.never) : Effect.void
      const isCancelled = Deferred.isDone(reached)
      const fiber = yield* Effect.fork(Effect.flip(mirrorOnce(1, rows, { before, isCancelled })))
      yield* Deferred.await(reached)
      yield* TestClock.adjust("1 second")
      expect(yield* Fiber.join(fiber)).toMatchObject({ _tag: "Stopped", rows: 2 })
      expect(yield* Changes.runs()).toEqual([])
      const { before: note, offsets } = asked()
      yield* mirrorOnce(1, rows, { before: note })
      expect(offsets).toEqual([2, 4])
    }).pipe(Effect.provide(sqlite.layer({ file: ":memory:" })))
  )

  inMemory(
    "a run ends if another job took its table, even after it has read the complete list",
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const other = Effect.provideService(mirrorOnce(2, renamed, { before: downAt(2) }), SqlClient.SqlClient, sql)
      const take = (when: number) => (offset: number) => (offset === when ? Effect.ignore(other) : Effect.void)
      expect(yield* Effect.flip(mirrorOnce(1, rows, { before: take(2) }))).toMatchObject({ _tag: "Locked" })
      const onProgress = ({ phase }: { readonly phase: string }) =>
        phase === "finishing" ? Effect.ignore(other) : Effect.void
      expect(yield* Effect.flip(mirrorOnce(3, rows, { onProgress }))).toMatchObject({ _tag: "Locked" })
      expect(yield* Changes.runs()).toEqual([])
      expect(yield* mirrorOnce(2, renamed)).toMatchObject({ jobId: jobId(2), created: 5 })
    })
  )

  inMemory(
    "a table that cannot be a mirror fails with the reason",
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* sql`CREATE TABLE mine (id TEXT)`
      const error = yield* Effect.flip(mirrorOnce(1, rows, { table: "mine" }))
      expect(error).toMatchObject({
        _tag: "DatabaseFailed",
        unusable: true,
        detail: expect.stringMatching(/exists, but/)
      })
    })
  )
})
