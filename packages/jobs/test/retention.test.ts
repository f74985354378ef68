import * as SqlClient from "@effect/sql/SqlClient"
import { expect, it } from "@effect/vitest"
import { Jobs } from "@effect-avara/jobs"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { open } from "../src/internal/database/database.js"
import { removeOld } from "../src/internal/worker/retention.js"
import { clinics, ended, fileOf, Platform, worked } from "./support.js"

const tables = ["avara_jobs", "avara_job_rows", "avara_job_samples", "avara_engine_messages", "avara_engine_replies"]

/** Counts the remaining rows of each table. */
const left = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const counts = yield* Effect.forEach(tables, (table) => sql<{ n: number }>`SELECT count(*) AS n FROM ${sql(table)}`)
  return counts.map(([row]) => row?.n ?? 0)
})

const day = 24 * 3_600_000

it.scopedLive("a job that ended long ago is removed, with the messages of the engine; its import is remembered", () =>
  Effect.gen(function* () {
    const jobs = yield* Jobs.Jobs
    const sql = yield* SqlClient.SqlClient
    const database = yield* open
    const submit = (first: number) =>
      Effect.flatMap(fileOf("clinics.csv", clinics(3, first)), (file) => jobs.submitImport({ file }))
    const remove = removeOld(database, Duration.days(30))
    const kept = yield* submit(10)
    yield* ended(kept)
    const before = yield* left
    const removed = yield* submit(20)
    yield* ended(removed)
    const waiting = yield* sql`UPDATE avara_jobs SET ended_at = ended_at - ${29 * day} RETURNING id`
    expect(waiting).toHaveLength(2)
    yield* remove
    expect(yield* jobs.status(removed)).toMatchObject({ state: "done" })
    yield* sql`UPDATE avara_jobs SET ended_at = ended_at - ${2 * day} WHERE id = ${removed}`
    yield* removeOld(database, Duration.infinity)
    expect(yield* jobs.status(removed)).toMatchObject({ state: "done" })
    yield* remove
    expect((yield* Effect.flip(jobs.status(removed)))._tag).toBe("JobNotFound")
    expect(yield* jobs.status(kept)).toMatchObject({ state: "done" })
    expect(yield* left).toEqual(before)
    expect(yield* Effect.flip(submit(20))).toMatchObject({ _tag: "AlreadySubmitted", id: removed })
  }).pipe(Effect.provide(worked()))
)

it.scopedLive("a submission that was abandoned long ago is removed, and its file may be submitted again", () =>
  Effect.gen(function* () {
    const jobs = yield* Jobs.Jobs
    const sql = yield* SqlClient.SqlClient
    const database = yield* open
    const file = yield* fileOf("clinics.csv", clinics(3))
    const id = yield* jobs.submitImport({ file })
    yield* sql`UPDATE avara_jobs SET state = 'preparing', total = NULL, changed_at = changed_at - ${31 * day}`
    yield* removeOld(database, Duration.days(30))
    expect((yield* Effect.flip(jobs.status(id)))._tag).toBe("JobNotFound")
    expect(yield* jobs.submitImport({ file })).not.toBe(id)
  }).pipe(Effect.provide([Jobs.layerMemory(), Platform]))
)

it.scopedLive("an import that ended before its rows were done is kept, so that it can be retried", () =>
  Effect.gen(function* () {
    const jobs = yield* Jobs.Jobs
    const sql = yield* SqlClient.SqlClient
    const database = yield* open
    const file = yield* fileOf("clinics.csv", clinics(3))
    const id = yield* jobs.submitImport({ file })
    yield* sql`UPDATE avara_jobs SET state = 'failed', started_at = submitted_at, ended_at = submitted_at - ${31 * day}`
    yield* sql`UPDATE avara_job_rows SET state = 'done' WHERE line > 2`
    yield* removeOld(database, Duration.days(30))
    expect(yield* jobs.status(id)).toMatchObject({ state: "failed", progress: { pending: 1, done: 2 } })
  }).pipe(Effect.provide([Jobs.layerMemory(), Platform]))
)

it.scopedLive("a worker sends at the rate that all workers share", () =>
  Effect.gen(function* () {
    const jobs = yield* Jobs.Jobs
    const file = yield* fileOf("clinics.csv", clinics(8))
    const { endedAt, startedAt } = yield* ended(yield* jobs.submitImport({ file }))
    expect(Number(endedAt?.epochMillis) - Number(startedAt?.epochMillis)).toBeGreaterThanOrEqual(340)
  }).pipe(Effect.provide(worked({}, { rate: "20/s" })))
)

for (const [option, values] of Object.entries({
  rate: [0, -1, Number.NaN, Infinity, "50", "50/min", "0/s", "", null, {}],
  keep: [0, "59 seconds", "month", -1, null, {}]
})) {
  it.effect(`${option} cannot be ${values.map((value) => JSON.stringify(value)).join(" or ")}`, () =>
    Effect.forEach(values, (value) =>
      Effect.gen(function* () {
        const options: Jobs.WorkerOptions = JSON.parse("{}")
        const error = yield* Effect.flip(
          Effect.provide(Effect.void, Jobs.layerMemory(Object.assign(options, { [option]: value })))
        )
        expect(String(error)).toContain(`(Invalid data at ${option}: "expected `)
      })
    )
  )
}
