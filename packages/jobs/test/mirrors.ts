/** A list that a test changes, its mirror in a table, and the changes that a mirror found. */
import * as SqlClient from "@effect/sql/SqlClient"
import { BrokenPagination, ServerError } from "@effect-avara/core/AvaraError"
import { Customer, type StreamPage } from "@effect-avara/core/Customer"
import { Customers } from "@effect-avara/core/Customers"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { open } from "../src/internal/database/database.js"
import * as mirror from "../src/internal/mirror/mirror.js"
import { JobId } from "../src/Job.js"

export interface Sent {
  readonly isActive: boolean
  readonly [field: string]: unknown
}

export const customerId = (number: number): string => `cus_${String(number).padStart(32, "0")}`

export const sent = (number: number, more: Partial<Sent> = {}): Sent => ({
  expressCustomerId: customerId(number),
  expressCustomerName: `Clinic ${number}`,
  isActive: true,
  userCount: 1,
  createdAt: "2024-01-15T09:00:00.000Z",
  updatedAt: null,
  ...more
})

export const jobId = (number: number): JobId => JobId.make(`job_${String(number).padStart(32, "0")}`)

const decode = Schema.decodeUnknownSync(Customer)

const pageOf = (rows: ReadonlyArray<Sent>, cursor: string | undefined): StreamPage => ({
  expressCustomers: rows.map((row) => decode(row)),
  received: rows,
  duplicates: 0,
  hasMore: cursor !== undefined,
  ...(cursor === undefined ? {} : { cursor })
})

/** An effect that runs before the server sends the page at an offset. */
export type Before = (offset: number) => Effect.Effect<unknown, ServerError | BrokenPagination>

const context = { operation: "customers.list", attempts: 1 } as const

export const outage = new ServerError({ ...context, status: 503 })

export const refusedCursor = (cursor: number) =>
  new BrokenPagination({ ...context, reason: "refusedCursor", cursor: String(cursor), page: 1, seen: 0 })

/** The list, `limit` customers per page. */
export const listed = (
  rows: ReadonlyArray<Sent>,
  before: Before = () => Effect.void,
  limit = 2
): Layer.Layer<Customers> =>
  Layer.mock(Customers, {
    pages: ({ cursor = "0" } = {}) =>
      Stream.paginateEffect(Number(cursor), (offset) =>
        Effect.map(before(offset), () => {
          const next = offset + limit
          const more = next < rows.length
          return [
            pageOf(rows.slice(offset, next), more ? String(next) : undefined),
            more ? Option.some(next) : Option.none()
          ] as const
        })
      )
  })

/** A job that a mirror belongs to. */
export const addJob = (id: JobId) =>
  Effect.flatMap(
    open,
    ({ now, sql }) => sql`INSERT INTO avara_jobs
        (id, kind, subject, payload, unique_key, state, run, submitted_at, changed_at)
      VALUES (${id}, 'mirror', 'clinics', '{}', 'mirror:clinics', 'running', 1, ${now}, ${now}) ON CONFLICT (id) DO NOTHING`
  )

interface Settings extends Partial<mirror.Options> {
  readonly table?: string
  readonly before?: Before
  readonly limit?: number
}

/** One run of a job over the list. */
export const mirrorOnce = (
  job: number,
  rows: ReadonlyArray<Sent>,
  { before, limit, table = "clinics", ...more }: Settings = {}
) =>
  Effect.zipRight(
    addJob(jobId(job)),
    mirror.run({
      jobId: jobId(job),
      payload: { table, verify: "none" },
      isCancelled: Effect.succeed(false),
      onProgress: () => Effect.void,
      ...more
    })
  ).pipe(Effect.provide(listed(rows, before, limit)))

/** The numbers and names of the customers in a table. */
export const tableOf = (table = "clinics") =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const rows = yield* sql<{ id: string; name: string }>`
      SELECT ${sql("expressCustomerId")} AS id, ${sql("expressCustomerName")} AS name FROM ${sql(table)} ORDER BY id`
    return rows.map(({ id, name }) => `${Number(id.slice(4))} ${name}`)
  })
