/** The jobs of the matrix: their submission, their progress, and the problems of their results. */
import * as fs from "node:fs"
import * as path from "node:path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as SqlClient from "@effect/sql/SqlClient"
import type { Fault } from "@effect-avara/emulator/Fault"
import type { GivenCustomer } from "@effect-avara/emulator/State"
import type { Job, JobId } from "@effect-avara/jobs/Job"
import { Jobs } from "@effect-avara/jobs/Jobs"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Stage } from "./stage.js"

/** The problems in words; an empty list means none. */
export type Problems = ReadonlyArray<string>

export interface Work {
  readonly kind: "import" | "bulk" | "mirror"
  /** How many customers the server has initially. */
  readonly customers: number
  /** How long requests take. */
  readonly faults: ReadonlyArray<Fault>
  readonly submit: (stage: Stage) => Effect.Effect<JobId, unknown>
  /** How many rows the job has finished, and of how many. */
  readonly total: (stage: Stage) => Effect.Effect<number>
  readonly progress: (stage: Stage, id: JobId) => Effect.Effect<number, unknown>
  readonly problems: (stage: Stage, job: Job) => Effect.Effect<Problems, unknown>
}

const Files = Layer.merge(NodeFileSystem.layer, NodePath.layer)

const request: Fault = { type: "delay", millis: 20 }

/** The settle of the imports, in milliseconds. */
export const settle = 1000

const write = ({ folder }: Stage, name: string, lines: ReadonlyArray<string>): string => {
  const file = path.join(folder, name)
  fs.writeFileSync(file, lines.map((line) => `${line}\n`).join(""))
  return file
}

const submitted = <E>(stage: Stage, submit: Effect.Effect<JobId, E, Jobs | Layer.Layer.Success<typeof Files>>) =>
  submit.pipe(Effect.provide(Files), Effect.provide(stage.client))

interface StoredRow {
  readonly line: number
  readonly row_key: string
  readonly state: string
  readonly customer_id: string | null
}

const rowsOf = ({ client }: Stage, id: string) =>
  Effect.flatMap(
    SqlClient.SqlClient,
    (sql) =>
      sql<StoredRow>`SELECT line, row_key, state, customer_id FROM avara_job_rows WHERE job_id = ${id} ORDER BY line`
  ).pipe(Effect.provide(client))

const countOf = (
  { client }: Stage,
  count: (sql: SqlClient.SqlClient) => Effect.Effect<ReadonlyArray<object>, unknown>
) =>
  Effect.flatMap(SqlClient.SqlClient, count).pipe(
    Effect.map(([row]) => Number(Object.values(row ?? { count: 0 })[0])),
    Effect.provide(client)
  )

const rowsBehind = (stage: Stage, id: JobId) =>
  countOf(
    stage,
    (sql) => sql`SELECT count(*) FROM avara_job_rows WHERE job_id = ${id} AND state IN ('done', 'rejected')`
  )

/** The first few, so that a message stays short. */
const some = (values: ReadonlyArray<unknown>): string => `${values.length} (${values.slice(0, 5).join(", ")})`

const none = (what: string, values: ReadonlyArray<unknown>): Problems =>
  values.length === 0 ? [] : [`${what}: ${some(values)}`]

const repeated = <A>(values: ReadonlyArray<A>): ReadonlyArray<A> => {
  const seen = new Set<A>()
  return values.filter((value) => seen.size === seen.add(value).size)
}

const missingIn = <A>(values: ReadonlyArray<A>, all: ReadonlyArray<A>): ReadonlyArray<A> => {
  const known = new Set(all)
  return values.filter((value) => !known.has(value))
}

const countProblems = (
  { progress, state }: Job,
  expected: { readonly total: number; readonly done: number; readonly rejected: number }
): Problems => {
  const counted = JSON.stringify(progress)
  const wanted = JSON.stringify({
    total: expected.total,
    pending: 0,
    sent: 0,
    done: expected.done,
    rejected: expected.rejected
  })
  return [
    ...(state === "done" ? [] : [`the job is ${state}`]),
    ...(counted === wanted ? [] : [`the job counts ${counted}, not ${wanted}`])
  ]
}

/** Rows that are refused before they are sent. */
const refused = 3

/** An import of `rows` rows, plus some that are not allowed. */
export const importing = (rows: number): Work => ({
  kind: "import",
  customers: 300,
  faults: [request],
  total: () => Effect.succeed(rows + refused),
  submit: (stage) => {
    const names = Array.from({ length: rows }, (_, index) => `Matrix ${String(index).padStart(6, "0")}`)
    const lines = [...names, ...Array.from({ length: refused }, () => '""')]
    const file = write(stage, `${path.basename(stage.folder)}.csv`, ["expressCustomerName", ...lines])
    return submitted(
      stage,
      Effect.flatMap(Jobs, ({ submitImport }) => submitImport({ file, settle }))
    )
  },
  progress: rowsBehind,
  problems: (stage, job) =>
    Effect.gen(function* () {
      const stored = yield* rowsOf(stage, job.id)
      const created = (yield* stage.server.customers).filter(({ expressCustomerName }) =>
        expressCustomerName.startsWith("Matrix ")
      )
      const done = stored.filter(({ state }) => state === "done")
      const keyOf = ({ metadata }: GivenCustomer): string => metadata?.["createOnceKey"] ?? "no key"
      const onServer = created.map((customer) => `${keyOf(customer)} ${customer.expressCustomerId}`)
      const reported = done.map(({ customer_id, row_key }) => `${row_key} ${customer_id}`)
      return [
        ...countProblems(job, { total: rows + refused, done: rows, rejected: refused }),
        ...none("keys of more than one customer", repeated(created.map(keyOf))),
        ...none(
          "names of more than one customer",
          repeated(created.map(({ expressCustomerName }) => expressCustomerName))
        ),
        ...none("customers of no row that is reported done", missingIn(onServer, reported)),
        ...none("rows reported done without their customer", missingIn(reported, onServer))
      ]
    })
})

const userId = `usr_${"e".repeat(32)}`

/** Rows that the server refuses. */
const unknownCustomer = `cus_${"0".repeat(32)}`

const idOf = ({ expressCustomerId = "" }: GivenCustomer): string => expressCustomerId

/** A bulk operation that adds a user to `rows` customers; the server refuses the inactive ones and one that does not exist. */
export const addingUsers = (rows: number): Work => ({
  kind: "bulk",
  customers: rows,
  faults: [request],
  total: () => Effect.succeed(rows + 1),
  submit: (stage) =>
    Effect.gen(function* () {
      const ids = [...(yield* stage.server.customers).map(idOf), unknownCustomer]
      const file = write(stage, "users.csv", ["expressCustomerId,userId", ...ids.map((id) => `${id},${userId}`)])
      return yield* submitted(
        stage,
        Effect.flatMap(Jobs, ({ submitBulk }) => submitBulk({ file, operation: "addUsers" }))
      )
    }),
  progress: rowsBehind,
  problems: (stage, job) =>
    Effect.gen(function* () {
      const stored = yield* rowsOf(stage, job.id)
      const customers = yield* stage.server.customers
      const lines = new Map(stored.map(({ line, state }) => [line, state]))
      // The first row is in line 2 of the file.
      const stateOf = (_: GivenCustomer, index: number) => lines.get(index + 2)
      const members = customers.filter(({ users = [] }) => users.includes(userId))
      const inactive = customers.filter(({ isActive }) => isActive === false)
      const done = customers.filter((customer, index) => stateOf(customer, index) === "done")
      return [
        ...countProblems(job, { total: rows + 1, done: rows - inactive.length, rejected: inactive.length + 1 }),
        ...none("members more than once", customers.filter(({ users = [] }) => repeated(users).length > 0).map(idOf)),
        ...none("members of no row that is reported done", missingIn(members, done).map(idOf)),
        ...none("rows reported done without a member", missingIn(done, members).map(idOf)),
        ...none("active customers without the user", missingIn(customers, [...inactive, ...members]).map(idOf))
      ]
    })
})

const table = "matrix_customers"

interface MirroredRow {
  readonly id: string
  readonly name: string
}

/** A mirror of `customers` customers whose pages arrive slowly. */
export const mirroring = (customers: number): Work => ({
  kind: "mirror",
  customers,
  faults: [{ type: "delay", operation: "customers.list", millis: 200 }],
  total: () => Effect.succeed(customers),
  submit: (stage) =>
    submitted(
      stage,
      Effect.flatMap(Jobs, ({ submitMirror }) => submitMirror({ table }))
    ),
  progress: (stage) =>
    Effect.orElseSucceed(
      countOf(stage, (sql) => sql`SELECT count(*) FROM ${sql(table)}`),
      () => 0
    ),
  problems: (stage, { progress, state }) =>
    Effect.gen(function* () {
      const mirrored = yield* Effect.flatMap(
        SqlClient.SqlClient,
        (sql) =>
          sql<MirroredRow>`SELECT ${sql("expressCustomerId")} AS id, ${sql("expressCustomerName")} AS name FROM ${sql(table)}`
      ).pipe(Effect.provide(stage.client))
      const listed = (yield* stage.server.customers).map(
        ({ expressCustomerId, expressCustomerName }) => `${expressCustomerId} ${expressCustomerName}`
      )
      const copied = mirrored.map(({ id, name }) => `${id} ${name}`)
      return [
        ...(state === "done" ? [] : [`the job is ${state}`]),
        ...(progress.done === customers ? [] : [`the job counts ${progress.done} of ${customers}`]),
        ...none("customers more than once in the table", repeated(copied)),
        ...none("customers that the table has not", missingIn(listed, copied)),
        ...none("customers that the server has not", missingIn(copied, listed))
      ]
    })
})
