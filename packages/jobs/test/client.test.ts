import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { Jobs } from "../src/Jobs.js"
import { all, Client, clinics, eventually, fileWith, run } from "./client.js"

const customer = (number: number): string => `cus_${String(number).padStart(32, "0")}`

const user = `usr_${"1".repeat(32)}`

/** Counts the rows of each table. */
const counts = Effect.forEach(["avara_jobs", "avara_job_rows", "avara_job_keys"], (table) =>
  Effect.map(run(`SELECT COUNT(*) AS count FROM ${table}`), ([row]) => Number(row?.["count"]))
)

const end = (id: string, state: string) =>
  run(`UPDATE avara_jobs SET state = '${state}', ended_at = 1 WHERE id = ?`, id)

/** Sets all rows of a job to a state, as a worker does after it has sent them. */
const setRows = (id: string, state: string, attempt = 1) =>
  run(
    `UPDATE avara_job_rows SET state = ?, attempt = ?, issues = '[{"path":[],"message":"no"}]' WHERE job_id = ?`,
    state,
    attempt,
    id
  )

describe("submit", () => {
  it.scoped("stores each row of an import with its key, and invalid rows as rejected", () =>
    Effect.gen(function* () {
      const { rejects, status, submitImport } = yield* Jobs
      const lines = [
        "expressCustomerName,metadata.region,userCount",
        "North,east,7",
        ",west,",
        '"two\nlines",,',
        "short"
      ]
      const id = yield* submitImport({ file: yield* fileWith("clinics.csv", lines), settle: "2 seconds" })
      const job = yield* status(id)
      expect(job).toMatchObject({ id, kind: "import", subject: "clinics.csv", state: "queued", run: 1 })
      expect(job.progress).toEqual({ total: 4, pending: 2, sent: 0, done: 0, rejected: 2 })
      expect(Object.keys(job)).not.toContain("waitingFor")
      expect(Math.abs(DateTime.toEpochMillis(job.submittedAt) - Date.now())).toBeLessThan(60_000)

      const rows = yield* run(
        "SELECT line, fields, raw, row_key, attempt FROM avara_job_rows WHERE state = 'pending' ORDER BY line"
      )
      expect(rows.map(({ attempt, line }) => [line, attempt])).toEqual([
        [2, 0],
        [4, 0]
      ])
      expect(JSON.parse(String(rows[0]?.["fields"]))).toEqual({
        expressCustomerName: "North",
        metadata: { region: "east" },
        userCount: "7"
      })
      expect(JSON.parse(String(rows[0]?.["raw"]))).toEqual({
        expressCustomerName: "North",
        "metadata.region": "east",
        userCount: "7"
      })
      expect(rows[0]?.["row_key"]).toMatch(/^import:[0-9a-f]{32}:2$/)
      const found = yield* all(rejects(id))
      expect(found.map(({ issues: [issue], line }) => [line, issue.path])).toEqual([
        [3, ["expressCustomerName"]],
        [6, []]
      ])
      expect(found[0]?.row).toEqual({ expressCustomerName: null, "metadata.region": "west", userCount: null })
      expect(yield* all(rejects(id, { after: 3 }))).toEqual(found.slice(1))

      const [stored] = yield* run("SELECT payload, trace FROM avara_jobs")
      expect(JSON.parse(String(stored?.["payload"]))).toEqual({ keyName: "createOnceKey", settleMillis: 2000 })
    }).pipe(Effect.provide(Client))
  )

  it.scoped("accepts a file once per key name, even after its job has been removed", () =>
    Effect.gen(function* () {
      const { cancel, submitImport } = yield* Jobs
      const file = yield* clinics(2)
      const id = yield* submitImport({ file })
      const again = Effect.flip(submitImport({ file }))
      expect(yield* again).toMatchObject({ _tag: "AlreadySubmitted", id, subject: "clinics.csv", state: "queued" })
      yield* cancel(id)
      expect((yield* again).message).toMatch(/which is cancelled; retry it to continue/)
      yield* submitImport({ file, keyName: "other" })
      yield* run("DELETE FROM avara_job_rows WHERE job_id = ?", id)
      yield* run("DELETE FROM avara_jobs WHERE id = ?", id)
      expect((yield* again).message).toBe(`clinics.csv was already submitted as ${id}, which has since been removed`)
    }).pipe(Effect.provide(Client))
  )

  it.scoped("accepts a bulk operation again only after its job has ended", () =>
    Effect.gen(function* () {
      const { retry, status, submitBulk } = yield* Jobs
      const file = yield* fileWith("access.ndjson", [
        JSON.stringify({ expressCustomerId: customer(1), userId: user }),
        JSON.stringify({ expressCustomerId: customer(1) })
      ])
      const first = yield* submitBulk({ file, operation: "addUsers" })
      expect(yield* status(first)).toMatchObject({
        kind: "bulk",
        operation: "addUsers",
        progress: { total: 2, pending: 1, rejected: 1 }
      })
      yield* submitBulk({ file, operation: "removeUsers" })
      const again = submitBulk({ file, operation: "addUsers" })
      expect(yield* Effect.flip(again)).toMatchObject({ _tag: "AlreadySubmitted", id: first })
      yield* end(first, "failed")
      const second = yield* again
      expect(yield* Effect.flip(retry(first))).toMatchObject({
        _tag: "NotPossible",
        state: "failed",
        detail: `${second} does the same and has not ended`
      })
      yield* end(second, "done")
      expect(yield* retry(first)).toMatchObject({ state: "queued", run: 2 })
      expect(yield* Effect.flip(again)).toMatchObject({ _tag: "AlreadySubmitted", id: first })
    }).pipe(Effect.provide(Client))
  )

  it.scoped("accepts one mirror of a table at a time", () =>
    Effect.gen(function* () {
      const { status, submitMirror } = yield* Jobs
      const id = yield* submitMirror({ table: "clinics" })
      expect(yield* Effect.flip(submitMirror({ table: "clinics", verify: "overlap" }))).toMatchObject({ id })
      expect(yield* Effect.flip(submitMirror({ table: "Main.CLINICS" }))).toMatchObject({ id })
      yield* run("UPDATE avara_jobs SET state = 'running', mirrored = 250, started_at = 1, waiting_for = 'the API'")
      const job = yield* status(id)
      expect(job).toMatchObject({ kind: "mirror", subject: "clinics", waitingFor: "the API" })
      expect(job.progress).toEqual({ pending: 0, sent: 0, done: 250, rejected: 0 })
      yield* end(id, "cancelled")
      expect(yield* submitMirror({ table: "clinics" })).not.toBe(id)
    }).pipe(Effect.provide(Client))
  )

  it.scoped("refuses options and files that cannot be used, and stores nothing", () =>
    Effect.gen(function* () {
      const { submitBulk, submitImport, submitMirror } = yield* Jobs
      const file = yield* clinics(2)
      const twice = yield* fileWith("twice.csv", ["expressCustomerId", customer(1), customer(1)])
      const unknown: { readonly operation: "deactivate" } = JSON.parse('{"operation":"delete"}')
      for (const [submitted, tag, reason] of [
        [submitImport({ file, keyName: "" }), "Validation", /keyName/],
        [submitImport({ file, settle: "2 days" }), "Validation", /settle/],
        [submitImport({ file: `${file}.none.csv` }), "StorageFailed", /does not exist/],
        [submitBulk({ file, operation: "deactivate" }), "InputRefused", /expressCustomerId/],
        [submitBulk({ file: twice, operation: "deactivate" }), "InputRefused", /lines 2 and 3/],
        [submitBulk({ file: twice, ...unknown }), "Validation", /operation/],
        [submitMirror({ table: "" }), "Validation", /table: the name of a table must not be empty/],
        [submitMirror({ table: "main.AVARA_job_rows" }), "Validation", /table: .*choose another name/]
      ] as const) {
        const error = yield* Effect.flip(submitted)
        expect([error._tag, error.message]).toEqual([tag, expect.stringMatching(reason)])
      }
      expect(yield* counts).toEqual([0, 0, 0])
    }).pipe(Effect.provide(Client))
  )

  it.scopedLive("removes its rows when it is interrupted", () =>
    Effect.gen(function* () {
      const { submitImport } = yield* Jobs
      const submitting = yield* Effect.fork(submitImport({ file: yield* clinics(3000) }))
      yield* eventually(
        "rows of a job",
        Effect.map(counts, ([, rows = 0]) => rows > 0)
      )
      expect(yield* run("SELECT state, total FROM avara_jobs")).toEqual([{ state: "preparing", total: null }])
      yield* Fiber.interrupt(submitting)
      expect(yield* counts).toEqual([0, 0, 0])
    }).pipe(Effect.provide(Client))
  )

  it.scopedLive("ends early when its job is cancelled, and the file can be submitted again", () =>
    Effect.gen(function* () {
      const { cancel, list, retry, submitImport } = yield* Jobs
      const file = yield* clinics(3000)
      const submitting = yield* Effect.fork(submitImport({ file }))
      yield* eventually(
        "rows of a job",
        Effect.map(counts, ([, rows = 0]) => rows > 0)
      )
      const [job] = yield* all(list({ state: "preparing" }))
      const id = job?.id ?? ""
      expect(yield* cancel(id)).toMatchObject({ state: "cancelled", progress: { pending: 0 } })
      expect(yield* Fiber.join(submitting)).toBe(id)
      expect(yield* Effect.flip(retry(id))).toMatchObject({
        detail: "not all of its rows were stored; submit its file again"
      })
      expect(yield* counts).toEqual([1, 0, 0])
      yield* submitImport({ file })
    }).pipe(Effect.provide(Client))
  )
})

describe("cancel and retry", () => {
  it.scoped("sends refused rows again, but not the invalid rows of the file", () =>
    Effect.gen(function* () {
      const { retry, status, submitImport } = yield* Jobs
      const id = yield* submitImport({
        file: yield* fileWith("a.csv", ["expressCustomerName", "North", '""', "South"])
      })
      yield* run("UPDATE avara_job_rows SET state = 'done', attempt = 1 WHERE line = 2")
      yield* end(id, "done")
      yield* run("UPDATE avara_job_rows SET state = 'done', attempt = 1 WHERE line = 4")
      expect(yield* Effect.flip(retry(id))).toMatchObject({
        detail: expect.stringContaining("refused none of its rows; put corrected rows into a new file")
      })
      yield* run(
        `UPDATE avara_job_rows SET state = 'rejected', issues = '[{"path":[],"message":"full"}]' WHERE line = 4`
      )
      expect(yield* retry(id)).toMatchObject({
        state: "queued",
        run: 2,
        progress: { pending: 1, done: 1, rejected: 1 }
      })
      expect(yield* run("SELECT line, attempt, issues FROM avara_job_rows WHERE state = 'pending'")).toEqual([
        { line: 4, attempt: 1, issues: null }
      ])
      expect(Object.keys(yield* status(id))).not.toContain("endedAt")
    }).pipe(Effect.provide(Client))
  )

  it.scoped("stores the counts of a job that has ended, and counts its rows again when it is retried", () =>
    Effect.gen(function* () {
      const { cancel, retry, status, submitImport } = yield* Jobs
      const id = yield* submitImport({ file: yield* clinics(3) })
      yield* cancel(id)
      yield* run("UPDATE avara_job_rows SET state = 'done' WHERE line = 2")
      expect((yield* status(id)).progress).toMatchObject({ pending: 3, done: 0 })
      yield* retry(id)
      expect((yield* status(id)).progress).toMatchObject({ pending: 2, done: 1 })
    }).pipe(Effect.provide(Client))
  )

  it.scoped("keeps a job `cancelling` until a worker has settled its sent rows", () =>
    Effect.gen(function* () {
      const { cancel, retry, submitImport } = yield* Jobs
      const id = yield* submitImport({ file: yield* clinics(2) })
      yield* setRows(id, "sent")
      yield* end(id, "failed")
      yield* retry(id)
      const cancelling = { state: "cancelling", waitingFor: expect.stringMatching(/a worker/) }
      expect(yield* cancel(id)).toMatchObject(cancelling)
      expect(yield* cancel(id)).toMatchObject(cancelling)
      expect(yield* Effect.flip(retry(id))).toMatchObject({ _tag: "NotPossible", state: "cancelling" })
    }).pipe(Effect.provide(Client))
  )
})

describe("status", () => {
  it.scoped("fails for an unknown id, and for text that is not an id", () =>
    Effect.gen(function* () {
      const { cancel, rejects, retry, samples, status, watch } = yield* Jobs
      for (const id of [
        `job_${"0".repeat(32)}`,
        "job_1",
        "",
        "'; DROP TABLE avara_jobs; --",
        `job_${"0".repeat(31)}\0`
      ]) {
        const asks = [status(id), cancel(id), retry(id), samples(id), all(watch(id)), all(rejects(id))] as const
        for (const asked of asks) {
          expect(yield* Effect.flip(Effect.asVoid<unknown, { readonly _tag: string }, never>(asked))).toMatchObject({
            _tag: "JobNotFound",
            id
          })
        }
      }
    }).pipe(Effect.provide(Client))
  )

  it.scoped("reports where stored data cannot be read, without its value", () =>
    Effect.gen(function* () {
      const { list, rejects, samples, status, submitImport } = yield* Jobs
      const id = yield* submitImport({ file: yield* fileWith("a.csv", ["expressCustomerName", '""']) })
      const damaged = <A, E extends { readonly message: string }, R>(asked: Effect.Effect<A, E, R>, where: RegExp) =>
        Effect.map(Effect.flip(asked), (error) => {
          expect(error).toMatchObject({ _tag: "JobsDatabaseFailed", reason: "damaged" })
          expect(error.message).toMatch(where)
          expect(error.message).toContain(id)
          expect(error.message).not.toContain("secret")
        })
      yield* run(`UPDATE avara_job_rows SET issues = '[{"secret":1}]'`)
      yield* damaged(all(rejects(id)), /line 2 of/)
      yield* run("INSERT INTO avara_job_samples (job_id, at, done, rejected) VALUES (?, 1, 1, -1)", id)
      yield* damaged(samples(id), /samples of/)
      for (const change of [
        `payload = '{"secret":1}'`,
        "payload = '{secret'",
        "state = 'secret'",
        "failure = 'secret'",
        "kind = 'secret'",
        "run = 0"
      ]) {
        const [before] = yield* run("SELECT payload, state, failure, kind, run FROM avara_jobs")
        yield* run(`UPDATE avara_jobs SET ${change}`)
        yield* damaged(status(id), /the job .* in avara_jobs/)
        yield* damaged(all(list()), /the job .* in avara_jobs/)
        yield* run(
          "UPDATE avara_jobs SET payload = ?, state = ?, failure = ?, kind = ?, run = ?",
          ...Object.values(before ?? {})
        )
      }
    }).pipe(Effect.provide(Client))
  )

  it.scoped("lists jobs newest first, page by page", () =>
    Effect.gen(function* () {
      const { list } = yield* Jobs
      const idOf = (number: number) => `job_${String(number).padStart(32, "0")}`
      yield* run(`WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 205)
        INSERT INTO avara_jobs (id, kind, subject, payload, unique_key, state, run, submitted_at, changed_at)
        SELECT 'job_' || printf('%032d', n), 'mirror', 'clinics', '{"table":"clinics","verify":"none"}', n,
          CASE WHEN n % 5 = 0 THEN 'failed' ELSE 'done' END, 1, n / 2, n FROM numbers`)
      const ids = (yield* all(list())).map(({ id }) => id)
      expect(ids).toEqual(Array.from({ length: 205 }, (_, index) => idOf(205 - index)))
      const failed = yield* all(list({ state: "failed", kind: "mirror" }))
      expect(failed.map(({ id }) => id)).toEqual(Array.from({ length: 41 }, (_, index) => idOf(205 - 5 * index)))
      expect(yield* all(list({ kind: "bulk" }))).toEqual([])
      const page = yield* all(Stream.take(list({ after: failed[0]?.id, state: "failed" }), 2))
      expect(page.map(({ id }) => id)).toEqual([idOf(200), idOf(195)])
    }).pipe(Effect.provide(Client))
  )
})
