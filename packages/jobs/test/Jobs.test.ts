import * as SqlClient from "@effect/sql/SqlClient"
import { expect, it } from "@effect/vitest"
import { Emulator } from "@effect-avara/emulator"
import { Jobs } from "@effect-avara/jobs"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { clinics, doubled, ended, fileOf, names, rejected, when, worked } from "./support.js"

const submit = (text: string, options: Omit<Jobs.ImportOptions, "file"> = {}) =>
  Effect.gen(function* () {
    const jobs = yield* Jobs.Jobs
    return yield* jobs.submitImport({ file: yield* fileOf("clinics.csv", text), ...options })
  })

const slow = { faults: [{ type: "delay", millis: 30 }] } as const

it.scopedLive(
  "creates each customer of a file once, and keeps the rows that are invalid or that the server refuses",
  () =>
    Effect.gen(function* () {
      const id = yield* submit(`${clinics(60)}\n""\n`)
      const { add } = yield* Emulator.Faults
      yield* add({
        type: "status",
        operation: "customers.create",
        status: 409,
        body: { message: "no" },
        nth: 7,
        times: 1
      })
      expect(yield* ended(id)).toMatchObject({
        state: "done",
        run: 1,
        progress: { total: 61, done: 59, rejected: 2 }
      })
      expect(yield* names).toHaveLength(59)
      expect(yield* doubled).toEqual([])
      const [first, second] = yield* rejected(id)
      expect(first).toBeLessThan(62)
      expect(second).toBe(62)
    }).pipe(Effect.provide(worked()))
)

it.scopedLive("sends only the refused rows again", () =>
  Effect.gen(function* () {
    const { add, clear } = yield* Emulator.Faults
    yield* add({
      type: "status",
      operation: "customers.create",
      status: 409,
      body: { message: "no" },
      nth: 3,
      times: 4
    })
    const id = yield* submit(clinics(12))
    expect(yield* ended(id)).toMatchObject({ state: "done", progress: { done: 8, rejected: 4 } })
    yield* clear
    const jobs = yield* Jobs.Jobs
    expect(yield* jobs.retry(id)).toMatchObject({ state: "queued", run: 2, progress: { pending: 4 } })
    expect(yield* ended(id)).toMatchObject({ state: "done", run: 2, progress: { done: 12, rejected: 0 } })
    expect(yield* names).toHaveLength(12)
  }).pipe(Effect.provide(worked()))
)

it.scopedLive("runs a bulk operation", () =>
  Effect.gen(function* () {
    const jobs = yield* Jobs.Jobs
    const { customers } = yield* Emulator.Emulator
    const ids = (yield* customers).map(({ expressCustomerId }) => expressCustomerId)
    const missing = `cus_${"0".repeat(32)}`
    const file = yield* fileOf("closed.csv", ["expressCustomerId", ...ids, missing].join("\n"))
    const id = yield* jobs.submitBulk({ file, operation: "deactivate" })
    expect(yield* ended(id)).toMatchObject({ state: "done", progress: { done: 20, rejected: 1 } })
    expect((yield* customers).every(({ isActive }) => !isActive)).toBe(true)
  }).pipe(Effect.provide(worked({ customers: 20 })))
)

it.scopedLive("starts no row of a cancelled job, and continues when it is retried", () =>
  Effect.gen(function* () {
    const jobs = yield* Jobs.Jobs
    const { clear } = yield* Emulator.Faults
    const id = yield* submit(clinics(80))
    yield* when(id, "begun", ({ progress }) => progress.done > 0)
    yield* jobs.cancel(id)
    const { progress } = yield* when(id, "cancelled", ({ state }) => state === "cancelled")
    expect(progress.sent).toBe(0)
    expect(progress.pending).toBeGreaterThan(0)
    expect(yield* names).toHaveLength(progress.done)
    yield* clear
    yield* jobs.retry(id)
    expect(yield* ended(id)).toMatchObject({ state: "done", run: 2, progress: { done: 80 } })
    expect(yield* doubled).toEqual([])
  }).pipe(Effect.provide(worked(slow, { lanes: 2 })))
)

it.scopedLive("waits while the API is down, reports this, and then continues", () =>
  Effect.gen(function* () {
    const { add, clear } = yield* Emulator.Faults
    yield* add({ type: "status", status: 503, headers: { "retry-after": "1" } })
    const id = yield* submit(clinics(20))
    const waiting = yield* when(id, "waiting", ({ waitingFor }) => waitingFor !== undefined)
    expect(waiting).toMatchObject({ state: "running", waitingFor: expect.stringContaining("503") })
    yield* clear
    const job = yield* ended(id)
    expect(job).toMatchObject({ state: "done", progress: { done: 20 } })
    expect(job.waitingFor).toBeUndefined()
    expect(yield* doubled).toEqual([])
  }).pipe(Effect.provide(worked()))
)

it.scopedLive("looks once for all rows whose responses were lost, and creates none of them twice", () =>
  Effect.gen(function* () {
    const { add } = yield* Emulator.Faults
    yield* add({ type: "loseResponse", operation: "customers.create", nth: 2, times: 1 })
    yield* add({ type: "loseResponse", operation: "customers.create", nth: 11, times: 1 })
    yield* add({ type: "reset", operation: "customers.create", nth: 20, times: 1 })
    const id = yield* submit(clinics(30), { settle: "100 millis" })
    expect(yield* ended(id)).toMatchObject({ state: "done", progress: { done: 30 } })
    expect(yield* doubled).toEqual([])
    const { requests } = yield* Emulator.Emulator
    expect((yield* requests).filter(({ method }) => method === "GET")).toHaveLength(1)
  }).pipe(Effect.provide(worked({}, { lease: "2 seconds" })))
)

it.scopedLive("fails with an error that every row would have, and continues when it is retried", () =>
  Effect.gen(function* () {
    const { add, clear } = yield* Emulator.Faults
    const jobs = yield* Jobs.Jobs
    yield* add({ type: "status", status: 403, body: { message: "no" } })
    const id = yield* submit(clinics(10))
    expect(yield* ended(id)).toMatchObject({
      state: "failed",
      failure: { tag: "Forbidden" },
      progress: { pending: 10 }
    })
    yield* clear
    yield* jobs.retry(id)
    expect(yield* ended(id)).toMatchObject({ state: "done", progress: { done: 10 } })
  }).pipe(Effect.provide(worked()))
)

it.scopedLive("mirrors the list, and continues when the API is back", () =>
  Effect.gen(function* () {
    const { add } = yield* Emulator.Faults
    const jobs = yield* Jobs.Jobs
    yield* add({ type: "status", operation: "customers.list", status: 502, nth: 2, times: 1 })
    const id = yield* jobs.submitMirror({ table: "clinics" })
    expect(yield* ended(id)).toMatchObject({ state: "done", progress: { total: 250, done: 250 } })
    const sql = yield* SqlClient.SqlClient
    expect(yield* sql`SELECT count(*) AS rows FROM clinics`).toEqual([{ rows: 250 }])
  }).pipe(Effect.provide(worked({ customers: 250 })))
)

it.scopedLive("fails a job whose payload cannot be read, and reports the place", () =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const id = `job_${"1".repeat(32)}`
    yield* sql`INSERT INTO avara_jobs (id, kind, subject, payload, unique_key, state, run, submitted_at, changed_at)
      VALUES (${id}, 'import', 'clinics.csv', '{"keyName":7}', 'x', 'queued', 1, 0, 0)`
    const failed = Effect.repeat(sql<{ failure: string }>`SELECT failure FROM avara_jobs WHERE state = 'failed'`, {
      until: (rows) => rows.length > 0,
      schedule: Schedule.spaced("20 millis")
    })
    const [row] = yield* Effect.zipRight(failed, sql<{ failure: string }>`SELECT failure FROM avara_jobs`)
    expect(JSON.parse(row?.failure ?? "")).toMatchObject({
      tag: "PayloadRefused",
      message: expect.stringMatching(/cannot be read.*keyName/s)
    })
  }).pipe(Effect.provide(worked()))
)

it.scopedLive("ends a cancelled job although a response may take long, and leaves the row for a later run", () =>
  Effect.gen(function* () {
    const { add } = yield* Emulator.Faults
    const jobs = yield* Jobs.Jobs
    yield* add({ type: "loseResponse", operation: "customers.create", nth: 2, times: 1 })
    const id = yield* submit(clinics(5), { settle: "1 day" })
    yield* when(id, "waiting for one row", ({ progress }) => progress.done === 4 && progress.sent === 1)
    yield* jobs.cancel(id)
    expect(yield* ended(id)).toMatchObject({ state: "cancelled", progress: { done: 4, sent: 1 } })
  }).pipe(Effect.provide(worked()))
)
