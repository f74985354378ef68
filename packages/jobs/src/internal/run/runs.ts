import * as Effect from "effect/Effect"
import type { Failure, Kind, State } from "../../Job.js"
import { countOf, keepCounts } from "../database/counts.js"
import { type Database, orRefused, transaction } from "../database/database.js"
import type { JobRun } from "./jobWorkflow.js"

/** A job that waits for a worker. @internal */
export interface Waiting extends JobRun {
  readonly kind: Kind
  /** The options as JSON. */
  readonly payload: string
}

/** The status of a run's job: whether the run continues, must end, or has ended. @internal */
export type Standing = "running" | "failing" | "cancelling" | "over"

interface StandingRow {
  readonly state: State
  readonly is_failing: number
}

const standingOf = (row: StandingRow | undefined): Standing => {
  if (row?.state === "cancelling") return "cancelling"
  if (row?.state !== "running") return "over"
  return Number(row.is_failing) === 1 ? "failing" : "running"
}

/** The end of a run. @internal */
export interface Ended {
  readonly done: number
  readonly rejected: number
  /** The failure as JSON. */
  readonly failure: string | null
}

/** The reason for the end of a run, such as an error. */
interface Reason {
  readonly _tag: string
  readonly message: string
}

/** Creates the operations of workers on jobs. A run changes nothing after a later run of the same job has started. @internal */
export const makeRuns = (database: Database) => {
  const { now, sql } = database

  /** Returns the jobs to start, and the cancelled jobs that no worker may have started. */
  const waiting = Effect.map(
    orRefused(sql<Waiting>`SELECT id, kind, run, payload FROM avara_jobs WHERE state IN ('queued', 'cancelling')
      ORDER BY submitted_at, id LIMIT 100`),
    (rows) => rows.map((row) => ({ ...row, run: Number(row.run) }))
  )

  const standing = ({ id, run }: JobRun) =>
    Effect.map(
      orRefused(sql<StandingRow>`SELECT state, CASE WHEN failure IS NULL THEN 0 ELSE 1 END AS is_failing
        FROM avara_jobs WHERE id = ${id} AND run = ${run}`),
      ([row]) => standingOf(row)
    )

  const isRunning = (job: JobRun) => Effect.map(standing(job), (now) => now === "running")

  const begin = ({ id, run }: JobRun) =>
    orRefused(sql`UPDATE avara_jobs
      SET state = 'running', waiting_for = NULL, failure = NULL, ended_at = NULL,
        started_at = coalesce(started_at, ${now}), changed_at = ${now}
      WHERE id = ${id} AND run = ${run} AND state = 'queued'`)

  /** Stores why the job waits, or that it no longer waits. */
  const waitFor = ({ id, run }: JobRun, reason: string | null) =>
    Effect.asVoid(
      orRefused(sql`UPDATE avara_jobs SET waiting_for = ${reason}, changed_at = ${now}
        WHERE id = ${id} AND run = ${run} AND state = 'running'
          AND waiting_for IS DISTINCT FROM CAST(${reason} AS TEXT)`)
    )

  /** Stores how many customers a mirror has written. */
  const mirrored = ({ id, run }: JobRun, rows: number) =>
    Effect.asVoid(
      orRefused(sql`UPDATE avara_jobs SET mirrored = ${rows}, changed_at = ${now}
        WHERE id = ${id} AND run = ${run} AND state IN ('running', 'cancelling')`)
    )

  /** Stores a failure, after which no row is started. A later failure does not replace it. */
  const fail = ({ id, run }: JobRun, { _tag: tag, message }: Reason) =>
    Effect.asVoid(
      orRefused(sql`UPDATE avara_jobs SET failure = ${JSON.stringify({ tag, message } satisfies Failure)}, changed_at = ${now}
        WHERE id = ${id} AND run = ${run} AND state = 'running' AND failure IS NULL`)
    )

  /** Ends a run: the job is `cancelled`, `failed` or `done`. */
  const end = ({ id, run }: JobRun) =>
    transaction(
      database,
      Effect.gen(function* () {
        yield* sql`UPDATE avara_jobs
          SET state = CASE WHEN state = 'cancelling' THEN 'cancelled' WHEN failure IS NULL THEN 'done' ELSE 'failed' END,
            total = CASE WHEN kind = 'mirror' AND state = 'running' AND failure IS NULL THEN mirrored ELSE total END,
            waiting_for = NULL, ended_at = ${now}, changed_at = ${now}
          WHERE id = ${id} AND run = ${run} AND state IN ('running', 'cancelling')`
        yield* keepCounts(database, id)
        const [row] = yield* sql<Ended>`
          SELECT failure, mirrored + ${countOf(database, "done")} AS done, ${countOf(database, "rejected")} AS rejected
          FROM avara_jobs WHERE id = ${id}`
        return { done: Number(row?.done ?? 0), rejected: Number(row?.rejected ?? 0), failure: row?.failure ?? null }
      })
    )

  return { waiting, standing, isRunning, begin, waitFor, mirrored, fail, end } as const
}

/** @internal */
export type Runs = ReturnType<typeof makeRuns>
