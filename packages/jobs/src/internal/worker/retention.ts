/** Removes old jobs with their rows and samples, and the messages of the engine about them. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { type Database, orRefused, transaction } from "../database/database.js"
import { enginePrefix } from "../database/tables.js"

/** The number of jobs removed at a time, because each may have many rows. */
const most = 20

/** Removes the messages of the workflows of a job, and the replies to them. The first message of a workflow names the job. */
const removeMessages = ({ sql }: Database, id: string) => {
  const messages = sql(`${enginePrefix}_messages`)
  const executions = sql`SELECT entity_id FROM ${messages} WHERE tag = 'run' AND payload LIKE ${`%"${id}"%`}`
  return Effect.zipRight(
    sql`DELETE FROM ${sql(`${enginePrefix}_replies`)}
      WHERE request_id IN (SELECT request_id FROM ${messages} WHERE entity_id IN (${executions}))`,
    sql`DELETE FROM ${messages} WHERE entity_id IN (${executions})`
  )
}

/**
 * Removes the jobs that ended longer than `keep` ago, and those whose submission was abandoned longer than `keep` ago. The key of an import whose
 * rows may have been sent stays, because the same file would create its customers again. An import with rows that are not done stays too, because
 * the rows exist nowhere else and their file cannot be submitted again.
 *
 * @internal
 */
export const removeOld = (database: Database, keep: Duration.Duration) => {
  const { now, sql } = database
  const before = sql`${now} - ${Duration.toMillis(keep)}`
  const isUnfinished = sql`(kind = 'import' AND started_at IS NOT NULL AND EXISTS (
    SELECT 1 FROM avara_job_rows WHERE job_id = avara_jobs.id AND state IN ('pending', 'sent')))`
  const isOld = sql`(state IN ('done', 'failed', 'cancelled') AND ended_at < ${before} AND NOT ${isUnfinished}
    OR state = 'preparing' AND changed_at < ${before})`

  const remove = (id: string) =>
    transaction(
      database,
      Effect.gen(function* () {
        const [job] = yield* sql<{ readonly started_at: unknown }>`DELETE FROM avara_jobs
          WHERE id = ${id} AND ${isOld} RETURNING started_at`
        if (job === undefined) return
        const wasStarted = job.started_at !== null
        yield* sql`DELETE FROM avara_job_keys
          WHERE job_id = ${id} AND ${wasStarted ? sql`unique_key NOT LIKE 'import:%'` : sql`1 = 1`}`
        if (wasStarted) yield* removeMessages(database, id)
      })
    )

  return orRefused(
    sql<{ readonly id: string }>`SELECT id FROM avara_jobs WHERE ${isOld} ORDER BY submitted_at LIMIT ${most}`
  ).pipe(
    Effect.flatMap((jobs) => Effect.forEach(jobs, ({ id }) => remove(id), { discard: true })),
    Effect.when(() => Duration.isFinite(keep)),
    Effect.asVoid
  )
}
