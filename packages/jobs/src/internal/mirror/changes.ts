/** Compares a table with the snapshot of its last complete mirror within the database, because there may be half a million customers. */
import type { Fragment } from "@effect/sql/Statement"
import * as Effect from "effect/Effect"
import type { Database } from "../database/database.js"

/** A pass over the complete list, which is in its table. @internal */
export interface Pass {
  readonly table: string
  readonly jobId: string
  /** The value of this column in the rows of this pass. */
  readonly lastSeenAt: string
}

/** The compared content is everything that the server sent. SQLite has no digest, so its snapshot contains the text itself. */
const contentOf = ({ dialect, sql }: Database): Fragment =>
  dialect === "pg" ? sql`encode(sha256(convert_to(received::text, 'UTF8')), 'hex')` : sql`received`

const listed = (database: Database, { lastSeenAt, table }: Pass): Fragment => {
  const { sql } = database
  return sql`SELECT ${sql("expressCustomerId")} AS id, CAST(${sql("isActive")} AS INTEGER) AS is_active,
    ${contentOf(database)} AS content FROM ${sql(table)} WHERE ${sql("lastSeenAt")} = ${lastSeenAt}`
}

/** Returns the time of this mirror, which is later than that of earlier mirrors even if the clock was set back. */
const nextTime = ({ now, sql }: Database, table: string) =>
  Effect.map(
    sql<{ at: number | string }>`SELECT CASE WHEN last >= now THEN last + 1 ELSE now END AS at
      FROM (SELECT ${now} AS now, coalesce(max(at), 0) AS last FROM avara_mirror_runs WHERE table_name = ${table}) AS times`,
    (rows) => rows.map(({ at }) => Number(at))
  )

const insertRun = ({ sql }: Database, { jobId, table }: Pass, at: number) =>
  sql`INSERT INTO avara_mirror_runs
      (job_id, table_name, at, is_first, customers, created, changed, deactivated, reactivated, gone)
    SELECT ${jobId}, ${table}, ${at}, CASE
        WHEN EXISTS (SELECT 1 FROM avara_mirror_runs WHERE table_name = ${table}) THEN 0
        WHEN EXISTS (SELECT 1 FROM avara_mirror_snapshot WHERE table_name = ${table}) THEN 0
        ELSE 1
      END, 0, 0, 0, 0, 0, 0`

const insertPresent = (database: Database, pass: Pass, at: number) => {
  const { sql } = database
  return sql`INSERT INTO avara_mirror_changes (table_name, at, id, kind)
    SELECT ${pass.table}, CAST(${at} AS BIGINT), listed.id, CASE
        WHEN snapshot.id IS NULL THEN 'created'
        WHEN snapshot.is_active < listed.is_active THEN 'reactivated'
        WHEN snapshot.is_active > listed.is_active THEN 'deactivated'
        ELSE 'changed'
      END
    FROM (${listed(database, pass)}) AS listed
    LEFT JOIN avara_mirror_snapshot AS snapshot ON snapshot.table_name = ${pass.table} AND snapshot.id = listed.id
    WHERE snapshot.id IS NULL OR snapshot.content <> listed.content`
}

const insertGone = ({ sql }: Database, { lastSeenAt, table }: Pass, at: number) =>
  sql`INSERT INTO avara_mirror_changes (table_name, at, id, kind)
    SELECT ${table}, CAST(${at} AS BIGINT), snapshot.id, 'gone'
    FROM avara_mirror_snapshot AS snapshot
    LEFT JOIN ${sql(table)} AS listed
      ON listed.${sql("expressCustomerId")} = snapshot.id AND listed.${sql("lastSeenAt")} = ${lastSeenAt}
    WHERE snapshot.table_name = ${table} AND listed.${sql("expressCustomerId")} IS NULL`

/** Selects the customers with a kind of change in this mirror. */
const changedIds = ({ sql }: Database, table: string, at: number, kind: Fragment): Fragment =>
  sql`SELECT id FROM avara_mirror_changes WHERE table_name = ${table} AND at = ${at} AND kind ${kind}`

const updateSnapshot = (database: Database, pass: Pass, at: number) => {
  const { sql } = database
  const { table } = pass
  return Effect.zipRight(
    sql`DELETE FROM avara_mirror_snapshot
      WHERE table_name = ${table} AND id IN (${changedIds(database, table, at, sql`= 'gone'`)})`,
    sql`INSERT INTO avara_mirror_snapshot (table_name, id, is_active, content)
      SELECT ${table}, id, is_active, content FROM (${listed(database, pass)}) AS listed
      WHERE id IN (${changedIds(database, table, at, sql`<> 'gone'`)})
      ON CONFLICT (table_name, id) DO UPDATE SET is_active = EXCLUDED.is_active, content = EXCLUDED.content`
  )
}

const countChanges = ({ sql }: Database, { jobId, table }: Pass, at: number) => {
  const of = (kind: string) => sql`count(CASE WHEN kind = ${kind} THEN 1 END)`
  return sql`UPDATE avara_mirror_runs SET
      (customers, created, changed, deactivated, reactivated, gone) = (
        SELECT (SELECT count(*) FROM avara_mirror_snapshot WHERE table_name = ${table}),
          ${of("created")}, ${of("changed")}, ${of("deactivated")}, ${of("reactivated")}, ${of("gone")}
        FROM avara_mirror_changes WHERE table_name = ${table} AND at = ${at}
      )
    WHERE job_id = ${jobId}`
}

/**
 * The statistics of PostgreSQL do not know the time of this pass. PostgreSQL would expect one row with it, and compare each row of the snapshot
 * with each row of the table.
 */
const planForAllRows = ({ dialect, sql }: Database) =>
  dialect === "pg" ? sql`SELECT set_config('enable_nestloop', 'off', true)` : Effect.void

/** Records the changes since the last pass, and the snapshot for the next one. It must run in a transaction. @internal */
export const record = (database: Database, pass: Pass) =>
  Effect.gen(function* () {
    yield* planForAllRows(database)
    for (const at of yield* nextTime(database, pass.table)) {
      yield* insertRun(database, pass, at)
      yield* insertPresent(database, pass, at)
      yield* insertGone(database, pass, at)
      yield* updateSnapshot(database, pass, at)
      yield* countChanges(database, pass, at)
    }
  })

/** The complete mirrors to read. @internal */
export interface RunsOptions {
  readonly table?: string | undefined
  readonly jobId?: string | undefined
  readonly limit?: number | undefined
}

const maxRuns = 2 ** 31 - 1

/** Selects complete mirrors, newest first. @internal */
export const selectRuns = ({ sql }: Database, { jobId, limit = maxRuns, table }: RunsOptions) =>
  sql`SELECT table_name AS ${sql("table")}, job_id AS ${sql("jobId")}, at, is_first AS ${sql("isFirst")}, customers,
      created, changed, deactivated, reactivated, gone
    FROM avara_mirror_runs
    WHERE ${sql.and([
      ...(table === undefined ? [] : [sql`table_name = ${table}`]),
      ...(jobId === undefined ? [] : [sql`job_id = ${jobId}`])
    ])}
    ORDER BY at DESC, table_name LIMIT ${limit}`

/** The last change that was read. @internal */
export interface Place {
  readonly at: number
  readonly id: string
}

/** Selects a page of the changes, the oldest first. @internal */
export const selectChanges = ({ sql }: Database, table: string, after: Place, until: number, limit: number) =>
  sql`SELECT change.table_name AS ${sql("table")}, run.job_id AS ${sql("jobId")}, change.at, change.id, change.kind
    FROM avara_mirror_changes AS change
    JOIN avara_mirror_runs AS run ON run.table_name = change.table_name AND run.at = change.at
    WHERE change.table_name = ${table} AND (change.at, change.id) > (${after.at}, ${after.id}) AND change.at <= ${until}
    ORDER BY change.at, change.id LIMIT ${limit}`
