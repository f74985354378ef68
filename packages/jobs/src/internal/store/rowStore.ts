import type { Issue } from "@effect-avara/core/Issue"
import type { Row } from "@effect-avara/export/Rows"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { JobId } from "../../Job.js"
import { type Database, orRefused, transaction } from "../database/database.js"
import { decodeReject, decodeSamples } from "../database/stored.js"
import type { RowState } from "../database/tables.js"

/** A row when it is first written. @internal */
export interface NewRow {
  readonly line: number
  readonly fields: string | null
  /** The original row of the file, if it differs from `fields`. */
  readonly raw: string | null
  readonly row_key: string
  readonly state: Extract<RowState, "pending" | "rejected">
  readonly issues: string | null
}

const rejected = ({ line, raw }: Row, issues: ReadonlyArray<Issue>): NewRow => ({
  line,
  fields: null,
  raw: JSON.stringify(raw),
  row_key: "",
  state: "rejected",
  issues: JSON.stringify(issues)
})

/** A PostgreSQL text cannot contain NUL. */
const nulInKey: Issue = { path: [], message: "expected a key without NUL characters" }

/** @internal */
export const toNewRow = (row: Row): NewRow => {
  if (Either.isLeft(row.fields)) return rejected(row, row.fields.left)
  if (row.key.includes("\0")) return rejected(row, [nulInKey])
  const [fields, raw] = [JSON.stringify(row.fields.right), JSON.stringify(row.raw)]
  return { line: row.line, fields, raw: raw === fields ? null : raw, row_key: row.key, state: "pending", issues: null }
}

const charactersPerPiece = 1024 * 1024

const rowsPerPiece = 1000

const lengthOf = ({ fields, raw }: NewRow): number => (fields ?? "").length + (raw ?? "").length

/** Adds rows to a job that is being prepared, and returns whether it still is. */
const append = (database: Database, id: JobId, rows: ReadonlyArray<NewRow>) => {
  const { now, sql } = database
  const write = Effect.gen(function* () {
    const [job] = yield* sql`UPDATE avara_jobs SET changed_at = ${now}
      WHERE id = ${id} AND state = 'preparing' RETURNING id`
    if (job === undefined) return false
    const values = rows.map((row) => ({ job_id: id, attempt: 0, ...row }))
    yield* sql`INSERT INTO avara_job_rows ${sql.insert(values)}`
    return true
  })
  return transaction(database, write)
}

/** Writes rows to a job that is being prepared, many at a time, and returns whether it still is. @internal */
export const makeWriter = (database: Database, id: JobId) => {
  let piece: Array<NewRow> = []
  let length = 0
  const flush = Effect.suspend(() => {
    const rows = piece
    piece = []
    length = 0
    return rows.length === 0 ? Effect.succeed(true) : append(database, id, rows)
  })
  const add = (row: NewRow) =>
    Effect.suspend(() => {
      piece.push(row)
      length += lengthOf(row)
      return piece.length < rowsPerPiece && length < charactersPerPiece ? Effect.succeed(true) : flush
    })
  return { add, flush } as const
}

const rejectsPerPage = 100

/** Returns a page of the rejected rows that start after a line. @internal */
export const rejects = ({ sql }: Database, id: JobId, after: number) =>
  sql`SELECT line, issues, COALESCE(raw, fields) AS row FROM avara_job_rows
    WHERE job_id = ${id} AND state = 'rejected' AND line > ${after} ORDER BY line LIMIT ${rejectsPerPage}`.pipe(
    orRefused,
    Effect.flatMap(Effect.forEach(decodeReject(id)))
  )

/** @internal */
export const samples = ({ sql }: Database, id: JobId) =>
  Effect.flatMap(
    orRefused(sql`SELECT at, done, rejected FROM avara_job_samples WHERE job_id = ${id} ORDER BY at`),
    decodeSamples(id)
  )
