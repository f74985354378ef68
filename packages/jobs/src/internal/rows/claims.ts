import type { Issue } from "@effect-avara/core/Issue"
import { toMillis } from "effect/Duration"
import * as Effect from "effect/Effect"
import type { JobId } from "../../Job.js"
import type { JobsDatabaseFailed } from "../../JobError.js"
import { type Database, orRefused, transaction } from "../database/database.js"
import type { RowState } from "../database/tables.js"
import type { JobRun } from "../run/jobWorkflow.js"
import { countRows } from "../run/observe.js"
import { longestLease } from "../run/settings.js"

/** A row that belongs to this worker until its lease ends. @internal */
export interface Claimed {
  readonly line: number
  readonly attempt: number
  /** The fields as JSON. */
  readonly fields: string | null
  readonly key: string
  /** Whether an earlier attempt may have done the row. */
  readonly wasSent: boolean
}

/**
 * The outcome of a claimed row. `Back`: the row is `pending` again, and `wasSent` says whether it may be done. `Doubted`: the server refused the
 * row, but an earlier attempt may have done it, so it stays `sent` until a later check decides.
 *
 * @internal
 */
export type Result = Pick<Claimed, "line" | "attempt"> &
  (
    | { readonly _tag: "Done"; readonly id: string }
    | { readonly _tag: "Rejected" | "Doubted"; readonly issues: ReadonlyArray<Issue> }
    | { readonly _tag: "Back"; readonly wasSent: boolean }
  )

/** A row with an unknown outcome whose lease has ended. @internal */
export interface Lost {
  readonly line: number
  readonly attempt: number
  readonly key: string
  /** The reasons for its refusal if it is not done, as JSON. */
  readonly issues: string | null
}

interface LostRow {
  readonly line: number
  readonly attempt: number
  readonly row_key: string
  readonly issues: string | null
}

const toLost = (row: LostRow): Lost => ({
  line: Number(row.line),
  attempt: Number(row.attempt),
  key: row.row_key,
  issues: row.issues
})

interface ClaimedRow {
  readonly line: number
  readonly attempt: number
  readonly fields: string | null
  readonly row_key: string
  readonly was_sent: number
}

const toClaimed = (row: ClaimedRow): Claimed => ({
  line: Number(row.line),
  attempt: Number(row.attempt),
  fields: row.fields,
  key: row.row_key,
  wasSent: Number(row.was_sent) === 1
})

const states = { Done: "done", Rejected: "rejected", Doubted: "sent", Back: "pending" } as const satisfies Record<
  Result["_tag"],
  RowState
>

const manyRows = 500

/** Creates the operations of the lanes on rows. A `pending` row with a `lease_until` may have been sent before. @internal */
export const makeClaims = (database: Database) => {
  const { dialect, now, sql } = database

  const free = ({ id, run }: JobRun, count: number) => sql`
    SELECT line AS own_line, CASE WHEN lease_until IS NULL THEN 0 ELSE 1 END AS was_sent FROM avara_job_rows
    WHERE job_id = ${id} AND state = 'pending' AND EXISTS (
      SELECT 1 FROM avara_jobs WHERE id = ${id} AND run = ${run} AND state = 'running' AND failure IS NULL)
    ORDER BY line LIMIT ${count}`

  // Without MATERIALIZED, some plans run the subquery again for each row and claim them all.
  const claimPostgres = (job: JobRun, count: number, leaseMillis: number) =>
    orRefused(sql<ClaimedRow>`
      WITH own AS MATERIALIZED (${free(job, count)} FOR UPDATE SKIP LOCKED)
      UPDATE avara_job_rows
      SET state = 'sent', attempt = attempt + 1, lease_until = ${now} + CAST(${leaseMillis} AS BIGINT)
      FROM own WHERE job_id = ${job.id} AND line = own_line
      RETURNING line, attempt, fields, row_key, was_sent`)

  const claimSqlite = (job: JobRun, count: number, leaseMillis: number) =>
    transaction(
      database,
      Effect.gen(function* () {
        const own = yield* sql<{ readonly own_line: number; readonly was_sent: number }>`${free(job, count)}`
        if (own.length === 0) return []
        const wasSent = new Map(own.map((row) => [row.own_line, row.was_sent]))
        const rows = yield* sql<Omit<ClaimedRow, "was_sent">>`
          UPDATE avara_job_rows SET state = 'sent', attempt = attempt + 1, lease_until = ${now} + ${leaseMillis}
          WHERE job_id = ${job.id} AND ${sql.in("line", Array.from(wasSent.keys()))}
          RETURNING line, attempt, fields, row_key`
        return rows.map((row) => ({ ...row, was_sent: wasSent.get(row.line) ?? 1 }))
      })
    )

  const claimOf: (
    job: JobRun,
    count: number,
    leaseMillis: number
  ) => Effect.Effect<ReadonlyArray<ClaimedRow>, JobsDatabaseFailed> = dialect === "pg" ? claimPostgres : claimSqlite

  /** Claims rows that only this worker may send until the lease ends. Returns none if the job no longer runs. */
  const claim = (job: JobRun, count: number, leaseMillis: number) =>
    Effect.map(
      claimOf(job, count, leaseMillis),
      (rows: ReadonlyArray<ClaimedRow>): ReadonlyArray<Claimed> => rows.map(toClaimed).sort((a, b) => a.line - b.line)
    )

  const valuesOf = (result: Result) => {
    const { attempt, line } = result
    const customer = result._tag === "Done" ? result.id : null
    const issues = "issues" in result ? JSON.stringify(result.issues) : null
    const lease = result._tag === "Doubted" || (result._tag === "Back" && result.wasSent) ? 0 : null
    return sql`(CAST(${line} AS INTEGER), CAST(${attempt} AS INTEGER), CAST(${states[result._tag]} AS TEXT),
      CAST(${customer} AS TEXT), CAST(${issues} AS TEXT), CAST(${lease} AS BIGINT))`
  }

  const recordSome = (id: JobId, results: ReadonlyArray<Result>) => sql`
    WITH new_row (new_line, new_attempt, new_state, new_customer, new_issues, new_lease)
      AS (VALUES ${sql.csv(results.map(valuesOf))})
    UPDATE avara_job_rows SET state = new_state, customer_id = new_customer, issues = new_issues, lease_until = new_lease
    FROM new_row WHERE job_id = ${id} AND line = new_line AND state = 'sent' AND attempt = new_attempt`

  /** Stores the outcomes of rows, except rows that another worker has taken over meanwhile. */
  const record = (id: JobId, results: ReadonlyArray<Result>) =>
    Effect.zipRight(
      orRefused(Effect.forEach(chunksOf(results), (some) => recordSome(id, some), { discard: true })),
      countRows(results)
    )

  /** Shortens leases that are too long because the clock of the database was ahead. */
  const shorten = (id: JobId) => {
    const longest = sql`${now} + CAST(${toMillis(longestLease)} AS BIGINT)`
    return sql`UPDATE avara_job_rows SET lease_until = ${longest}
      WHERE job_id = ${id} AND state = 'sent' AND lease_until > ${longest}`
  }

  /** Returns the milliseconds until `settleMillis` have passed since the last lease of a row with an unknown response; nothing if there is none. */
  const untilLost = (id: JobId, settleMillis: number) =>
    Effect.map(
      orRefused(
        Effect.zipRight(
          shorten(id),
          sql<{ readonly millis: number | null }>`
        SELECT CAST(max(lease_until) + CAST(${settleMillis} AS BIGINT) - ${now} AS INTEGER) AS millis
        FROM avara_job_rows WHERE job_id = ${id} AND state = 'sent'`
        )
      ),
      ([row]) => (row === undefined || row.millis === null ? undefined : Math.max(0, Number(row.millis)))
    )

  /** Returns the rows with an unknown response that no worker holds. */
  const lost = (id: JobId, settleMillis: number): Effect.Effect<ReadonlyArray<Lost>, JobsDatabaseFailed> =>
    Effect.map(
      orRefused(sql<LostRow>`
        SELECT line, attempt, row_key, issues FROM avara_job_rows
        WHERE job_id = ${id} AND state = 'sent' AND lease_until + CAST(${settleMillis} AS BIGINT) <= ${now}`),
      (rows) => rows.map(toLost)
    )

  /** Counts the rows that are not started, up to a limit. */
  const pending = (id: JobId, limit: number) =>
    Effect.map(
      orRefused(sql<{ readonly rows: number }>`SELECT count(*) AS rows FROM
        (SELECT 1 FROM avara_job_rows WHERE job_id = ${id} AND state = 'pending' LIMIT ${limit}) AS first_rows`),
      ([row]) => Number(row?.rows ?? 0)
    )

  return { claim, record, untilLost, lost, pending } as const
}

const chunksOf = <A>(all: ReadonlyArray<A>): ReadonlyArray<ReadonlyArray<A>> =>
  Array.from({ length: Math.ceil(all.length / manyRows) }, (_, i) => all.slice(i * manyRows, (i + 1) * manyRows))

/** @internal */
export type Claims = ReturnType<typeof makeClaims>
