/** Restarts the runs that the engine cannot continue. */
import * as Effect from "effect/Effect"
import { type Database, orRefused } from "../database/database.js"
import { enginePrefix } from "../database/tables.js"
import type { JobRun } from "../run/jobWorkflow.js"

const tell = ({ id, run }: JobRun) =>
  Effect.logWarning(`The workflow engine could not continue the job ${id}, which starts again as run ${run}`)

/**
 * Restarts a run whose workflow, or a part of it, ended with a defect, for example because another version of the workflows stored something that
 * this one cannot read. The engine keeps a defect forever. The table of rows shows what is left to do.
 *
 * @internal
 */
export const reviveStuck = ({ now, sql }: Database) => {
  const ofRun = sql`messages.payload LIKE '%"' || avara_jobs.id || '"%' AND messages.payload LIKE '%"run":' || avara_jobs.run || ',%'`
  const defects = sql`SELECT 1 FROM ${sql(`${enginePrefix}_messages`)} AS messages
    JOIN ${sql(`${enginePrefix}_replies`)} AS replies ON replies.request_id = messages.request_id
    WHERE messages.tag = 'run' AND ${ofRun} AND replies.payload LIKE '%"_tag":"Die"%'`
  return orRefused(
    sql<JobRun>`UPDATE avara_jobs
      SET state = CASE WHEN state = 'running' THEN 'queued' ELSE state END, run = run + 1, changed_at = ${now}
      WHERE state IN ('running', 'cancelling') AND EXISTS (${defects}) RETURNING id, run`
  ).pipe(Effect.flatMap((stuck) => Effect.forEach(stuck, tell, { discard: true })))
}
