/** The numbers of rows of a job by state. */
import type { Fragment } from "@effect/sql/Statement"
import type { JobId } from "../../Job.js"
import type { Database } from "./database.js"
import type { RowState } from "./tables.js"

/** Counts the rows of each job, within a statement on `avara_jobs`. */
const counted = ({ sql }: Database, state: RowState): Fragment =>
  sql`(SELECT count(*) FROM avara_job_rows WHERE job_id = avara_jobs.id AND state = ${state})`

/** Returns the count that was stored when the job ended, or the current count. @internal */
export const countOf = (database: Database, state: Exclude<RowState, "sent">): Fragment =>
  database.sql`coalesce(avara_jobs.${database.sql(state)}, ${counted(database, state)})`

/** Returns the number of sent rows; if the counts are stored, no row is in flight. @internal */
export const sentOf = (database: Database): Fragment =>
  database.sql`CASE WHEN avara_jobs.pending IS NULL THEN ${counted(database, "sent")} ELSE 0 END`

/** Stores the counts of a job that has ended: without a row in flight, they do not change until the job is retried. @internal */
export const keepCounts = (database: Database, id: JobId) => {
  const { sql } = database
  return sql`UPDATE avara_jobs SET pending = ${counted(database, "pending")}, done = ${counted(database, "done")},
      rejected = ${counted(database, "rejected")}
    WHERE id = ${id} AND ended_at IS NOT NULL AND ${counted(database, "sent")} = 0`
}

/** Removes the stored counts, because the rows will change. @internal */
export const forgetCounts = ({ sql }: Database): Fragment => sql`pending = NULL, done = NULL, rejected = NULL`
