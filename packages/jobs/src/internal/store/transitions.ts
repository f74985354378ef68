import type { Fragment } from "@effect/sql/Statement"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Job, type JobId } from "../../Job.js"
import { NotPossible } from "../../JobError.js"
import { forgetCounts, keepCounts } from "../database/counts.js"
import { type Database, transaction } from "../database/database.js"
import { decode } from "../database/stored.js"
import { find, parseId, takeKey } from "./jobStore.js"

/** Queues a job after all of its rows are written. @internal */
export const queue = (database: Database, id: JobId, total: number) => {
  const { now, sql } = database
  return transaction(
    database,
    sql`UPDATE avara_jobs SET state = 'queued', total = ${total}, changed_at = ${now}
      WHERE id = ${id} AND state = 'preparing'`
  )
}

const removeRows = ({ sql }: Database, id: JobId) =>
  Effect.zipRight(
    sql`DELETE FROM avara_job_rows WHERE job_id = ${id}`,
    // Nothing was sent, so the same file may be submitted again.
    sql`DELETE FROM avara_job_keys WHERE job_id = ${id}`
  )

/** Removes a job if not all of its rows were written. @internal */
export const remove = (database: Database, id: JobId) => {
  const { sql } = database
  const removed = Effect.gen(function* () {
    const [job] =
      yield* sql`UPDATE avara_jobs SET state = 'cancelled' WHERE id = ${id} AND state = 'preparing' RETURNING id`
    if (job === undefined) return
    yield* removeRows(database, id)
    yield* sql`DELETE FROM avara_jobs WHERE id = ${id}`
  })
  return transaction(database, removed)
}

const cancelPreparing = (database: Database, id: JobId) => {
  const { now, sql } = database
  const cancelled = Effect.gen(function* () {
    const jobs = yield* sql`UPDATE avara_jobs SET state = 'cancelled', ended_at = ${now}, changed_at = ${now}
      WHERE id = ${id} AND state = 'preparing' RETURNING id`
    if (jobs.length === 0) return false
    yield* removeRows(database, id)
    yield* keepCounts(database, id)
    return true
  })
  return transaction(database, cancelled)
}

const waitsForWorker = "a worker, to finish the rows that were sent"

/** A job that no worker has started ends immediately, unless an earlier run sent rows whose responses are unknown. */
const cancelBegun = (database: Database, id: JobId) => {
  const { now, sql } = database
  const isSent = sql`EXISTS (SELECT 1 FROM avara_job_rows WHERE job_id = ${id} AND state = 'sent')`
  const ends = sql`state = 'queued' AND NOT ${isSent}`
  const cancelled = sql`UPDATE avara_jobs SET
      state = CASE WHEN ${ends} THEN 'cancelled' ELSE 'cancelling' END,
      ended_at = CASE WHEN ${ends} THEN ${now} END,
      waiting_for = ${waitsForWorker},
      changed_at = ${now}
    WHERE id = ${id} AND state IN ('queued', 'running') RETURNING id`
  return Effect.map(
    transaction(database, Effect.zipLeft(cancelled, keepCounts(database, id))),
    (jobs) => jobs.length === 1
  )
}

/** Cancels a job, so that no more rows are started. @internal */
export const cancel = (database: Database, id: string) =>
  Effect.gen(function* () {
    const known = yield* parseId(id)
    const isCancelled = (yield* cancelPreparing(database, known)) || (yield* cancelBegun(database, known))
    const job = yield* find(database, known)
    if (isCancelled || job.state === "cancelling") return job
    const detail = "it has ended; only a job that has not ended can be cancelled"
    return yield* new NotPossible({ id, action: "cancel", state: job.state, detail })
  })

const Retried = Schema.Struct({ ...Job.pick("id", "kind", "subject").fields, unique_key: Schema.String })

const requeue = (database: Database, id: JobId, condition: Fragment) => {
  const { now, sql } = database
  return sql`UPDATE avara_jobs SET
      state = 'queued', run = run + 1, failure = NULL, waiting_for = NULL, ended_at = NULL, ${forgetCounts(database)},
      changed_at = ${now}
    WHERE id = ${id} AND ${condition} RETURNING id, kind, subject, unique_key`
}

/** A job that was cancelled before all of its rows were written has no rows. */
const requeueStopped = (database: Database, id: JobId) =>
  requeue(database, id, database.sql`state IN ('failed', 'cancelled') AND (kind = 'mirror' OR total IS NOT NULL)`)

/** Rows that were never sent were invalid, and would be rejected again. */
const refusedByServer = ({ sql }: Database, id: JobId) => sql`job_id = ${id} AND state = 'rejected' AND attempt > 0`

const requeueDone = (database: Database, id: JobId) => {
  const { sql } = database
  const refused = refusedByServer(database, id)
  return requeue(database, id, sql`state = 'done' AND EXISTS (SELECT 1 FROM avara_job_rows WHERE ${refused})`).pipe(
    Effect.tap((jobs) =>
      jobs.length === 0
        ? Effect.void
        : sql`UPDATE avara_job_rows SET state = 'pending', issues = NULL, lease_until = NULL WHERE ${refused}`
    )
  )
}

/** Returns whether the job could be retried in its state. */
const requeueOnce = (database: Database, id: JobId) => {
  const requeued = Effect.gen(function* () {
    const stopped = yield* requeueStopped(database, id)
    const [row] = stopped.length > 0 ? stopped : yield* requeueDone(database, id)
    if (row === undefined) return false
    const job = yield* decode(Retried, `the job ${id} in avara_jobs`)(row)
    yield* takeKey(database, job.unique_key, job)
    return true
  })
  return transaction(database, requeued)
}

const whyNot = ({ kind, state }: Job): string => {
  if (state === "done" && kind === "mirror") return "submit a new mirror of the table instead"
  if (state === "done")
    return "the server refused none of its rows; put corrected rows into a new file and submit that file"
  if (state === "cancelled") return "not all of its rows were stored; submit its file again"
  return "it has not ended"
}

/** Continues a job that failed or was cancelled. For a job that is done, sends the refused rows again. @internal */
export const retry = (database: Database, id: string) =>
  Effect.gen(function* () {
    const known = yield* parseId(id)
    const isRetried = yield* Effect.catchTag(requeueOnce(database, known), "AlreadySubmitted", (other) =>
      Effect.flatMap(
        find(database, known),
        ({ state }) =>
          new NotPossible({ id, action: "retry", state, detail: `${other.id} does the same and has not ended` })
      )
    )
    const job = yield* find(database, known)
    return isRetried ? job : yield* new NotPossible({ id, action: "retry", state: job.state, detail: whyNot(job) })
  })
