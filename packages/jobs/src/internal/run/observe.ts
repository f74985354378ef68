/** The telemetry of jobs: metrics, and the job in logs and spans. */
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import { lag, queued, rows, running } from "../../Telemetry.js"
import { type Database, orRefused } from "../database/database.js"
import { spanOf } from "../store/trace.js"
import type { JobRun } from "./jobWorkflow.js"

interface Recorded {
  readonly _tag: "Done" | "Rejected" | "Doubted" | "Back"
}

interface Measured {
  readonly queued: number | string
  readonly running: number | string
  readonly lag: number | string | null
}

/** Measures the queued and the running jobs in the database. @internal */
export const measure = ({ now, sql }: Database) =>
  orRefused(sql<Measured>`SELECT
      sum(CASE WHEN state = 'queued' THEN 1 ELSE 0 END) AS queued,
      sum(CASE WHEN state = 'queued' THEN 0 ELSE 1 END) AS running,
      ${now} - min(CASE WHEN state = 'queued' THEN changed_at END) AS lag
    FROM avara_jobs WHERE state IN ('queued', 'running', 'cancelling')`).pipe(
    Effect.flatMap(([row]) =>
      Effect.all([
        Metric.set(queued, Number(row?.queued ?? 0)),
        Metric.set(running, Number(row?.running ?? 0)),
        Metric.set(lag, Math.max(0, Number(row?.lag ?? 0)))
      ])
    )
  )

const countSome = (results: ReadonlyArray<Recorded>, tag: Recorded["_tag"], outcome: string) =>
  Metric.incrementBy(Metric.tagged(rows, "outcome", outcome), results.filter(({ _tag }) => _tag === tag).length)

/** @internal */
export const countRows = (results: ReadonlyArray<Recorded>): Effect.Effect<void> =>
  Effect.zipRight(countSome(results, "Done", "done"), countSome(results, "Rejected", "rejected"))

/** Finds the span in which the job was submitted. If the database fails, the work continues without it. */
const submissionOf = ({ sql }: Database, { id }: JobRun) =>
  sql<{ readonly trace: string | null }>`SELECT trace FROM avara_jobs WHERE id = ${id}`.pipe(
    Effect.map(([row]) => Option.flatMap(Option.fromNullable(row?.trace), spanOf)),
    Effect.orElseSucceed(Option.none)
  )

/** Runs work for a job: its logs name the job, and its spans link to the span that submitted it. @internal */
export const forJob =
  (database: Database, job: JobRun) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.flatMap(submissionOf(database, job), (span) =>
      Option.isSome(span) ? Effect.linkSpans(effect, span.value) : effect
    ).pipe(Effect.annotateLogs("job", job.id))

/** Runs an effect in a new trace, because a job may take days. @internal */
export const traced =
  (name: string, { id, run }: JobRun, more: Readonly<Record<string, unknown>> = {}) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>) =>
    Effect.withSpan(effect, name, {
      root: true,
      captureStackTrace: false,
      attributes: { "avara.job.id": id, "avara.job.run": run, ...more }
    })
