import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { JobId } from "../../Job.js"
import { countOf } from "../database/counts.js"
import { type Database, orRefused } from "../database/database.js"

const most = 500

/** The number of newest samples that are never removed. */
const newest = 100

/** After taking samples, it pauses for this multiple of the time that they took. */
const restShare = 20

/** Creates the operations that store samples of the progress of jobs. @internal */
export const makeSamples = (database: Database) => {
  const { now, sql } = database

  /** Stores the current progress of a job. */
  const take = (id: JobId) =>
    orRefused(sql`INSERT INTO avara_job_samples (job_id, at, done, rejected)
      SELECT id, ${now}, mirrored + ${countOf(database, "done")}, ${countOf(database, "rejected")} FROM avara_jobs WHERE id = ${id}
      ON CONFLICT DO NOTHING`)

  /** Removes every second one of the older samples if there are too many. */
  const thin = (id: JobId) =>
    orRefused(sql`DELETE FROM avara_job_samples WHERE job_id = ${id} AND at IN (
      SELECT at FROM (
        SELECT at, row_number() OVER (ORDER BY at) AS place, count(*) OVER () AS samples
        FROM avara_job_samples WHERE job_id = ${id}) AS placed
      WHERE samples > ${most} AND place % 2 = 0 AND place < samples - ${newest})`)

  const running = orRefused(
    sql<{ readonly id: JobId }>`SELECT id FROM avara_jobs WHERE state IN ('running', 'cancelling')`
  )

  const allNow = Effect.flatMap(running, (jobs) =>
    Effect.forEach(jobs, ({ id }) => Effect.zipRight(take(id), thin(id)), { discard: true })
  )

  let restUntil = 0

  /** Takes a sample of every running job. If counting the rows takes long, it pauses after that. */
  const all = Effect.gen(function* () {
    const startedAt = yield* Clock.currentTimeMillis
    if (startedAt < restUntil) return
    yield* allNow
    const endedAt = yield* Clock.currentTimeMillis
    restUntil = endedAt + (endedAt - startedAt) * restShare
  })

  return { take, all } as const
}

/** @internal */
export type Samples = ReturnType<typeof makeSamples>
