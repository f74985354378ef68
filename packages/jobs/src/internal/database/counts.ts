/** How many rows of a job are in which state. */
import type { Fragment } from "@effect/sql/Statement"
import type { JobId } from "../../Job.js"
import type { Database } from "./database.js"
import type { RowState } from "./tables.js"

/** Counts the rows of each job that a statement on `avara_jobs` has at hand. */
const counted = ({ sql }: Database, state: RowState): Fragment =>
  sql`(SELECT count(*) FROM avara_job_rows WHERE job_id = avara_jobs.id AND state = ${state})`

/** As kept when the job ended, or as they are now. @internal */
export const countOf = (database: Database, state: Exclude<RowState, "sent">): Fragment =>
  database.sql`coalesce(avara_jobs.${database.sql(state)}, ${counted(database, state)})`

/** Where the counts are kept, no row is on its way. @internal */
export const sentOf = (database: Database): Fragment =>
  database.sql`CASE WHEN avara_jobs.pending IS NULL THEN ${counted(database, "sent")} ELSE 0 END`

/** Keeps the counts of a job that has ended: without a row on its way, they change no more until it is retried. @internal */
export const keepCounts = (database: Database, id: JobId) => {
  const { sql } = database
  return sql`UPDATE avara_jobs SET pending = ${counted(database, "pending")}, done = ${counted(database, "done")},
      rejected = ${counted(database, "rejected")}
    WHERE id = ${id} AND ended_at IS NOT NULL AND ${counted(database, "sent")} = 0`
}

/** Has the rows counted again, as they change. @internal */
export const forgetCounts = ({ sql }: Database): Fragment => sql`pending = NULL, done = NULL, rejected = NULL`
