/**
 * Exports, imports and bulk operations that are killed before, after or during each call that changes something. The
 * server changes its behavior before they are resumed. Their reports must always be true.
 */
import * as fs from "node:fs"
import * as path from "node:path"
import { DuckDBInstance } from "@duckdb/node-api"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as SqlClient from "@effect/sql/SqlClient"
import * as LibsqlClient from "@effect/sql-libsql/LibsqlClient"
import * as PgClient from "@effect/sql-pg/PgClient"
import { expect, it } from "@effect/vitest"
import { Format, Verify } from "@effect-avara/export"
import { parse } from "csv-parse/sync"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { type FickleServer, fickleServer, idAt, type Mind } from "./fickleServer.js"
import { type Job, type Prepare, survives } from "./kills.js"
import { directory, postgres } from "./support.js"

/** Files of another program, with names that an export might use. */
const foreign = [".partial", ".skipped", ".tmp", ".new", ".lock", ".lock.1", ".manifest.json.new", ".journal.ndjson"]

/** The files that may be in the folder of a finished job. */
const left = {
  export: (file: string) => ["", ".manifest.json", ...foreign].map((ending) => `${file}${ending}`).sort(),
  rows: (file: string) => [file, `${file}.journal.ndjson`, `${file}.rejects.ndjson`]
}

const namesIn = (folder: string): ReadonlyArray<string> => fs.readdirSync(folder).sort()

const rows = 8

const write = (folder: string, name: string, lines: ReadonlyArray<string>): string => {
  const file = path.join(folder, name)
  fs.writeFileSync(file, lines.map((line) => `${line}\n`).join(""))
  return file
}

/** The rows that the run rejected. */
const rejectedIn = (file: string): ReadonlyArray<Readonly<Record<string, string>>> => {
  const rejects = `${file}.rejects.ndjson`
  if (!fs.existsSync(rejects)) return []
  const lines = fs.readFileSync(rejects, "utf8").split("\n").slice(0, -1)
  return lines.map((line) => JSON.parse(line).row)
}

interface RowReport {
  readonly rows: number
  readonly done?: number
  readonly created?: number
  readonly skipped: number
  readonly rejected: number
}

const isRowReport = (report: unknown): report is RowReport =>
  typeof report === "object" && report !== null && "rows" in report && "skipped" in report && "rejected" in report

/** Checks that the rows done are the rows reported as done, and that none is missing. */
const checkRows = (file: string, report: unknown, doneOnServer: ReadonlyArray<string>, column: string): void => {
  if (!isRowReport(report)) throw new Error("there is no report")
  const { created = 0, done = created, rejected, skipped } = report
  const refused = rejectedIn(file).map((row) => row[column])
  expect({ done: done + skipped, rejected }).toEqual({
    done: doneOnServer.length,
    rejected: rows - doneOnServer.length
  })
  expect(refused).toHaveLength(rejected)
  expect([...doneOnServer, ...refused].sort()).toHaveLength(new Set([...doneOnServer, ...refused]).size)
  const allowed = left.rows(path.basename(file))
  expect(namesIn(path.dirname(file)).filter((name) => !allowed.includes(name))).toEqual([])
}

const mindsOf = (server: FickleServer, minds: ReadonlyArray<Mind>) => ({
  change: (index: number) => server.changeMind(minds[index % minds.length] ?? "willing"),
  calm: () => server.changeMind("willing")
})

const userId = `usr_${"e".repeat(32)}`

const bulk = (operation: "addUsers" | "removeUsers" | "deactivate" | "reactivate"): Prepare =>
  Effect.gen(function* () {
    const server = yield* fickleServer(rows)
    const folder = yield* directory
    const takesUsers = operation === "addUsers" || operation === "removeUsers"
    const customers = server.list()
    for (const customer of customers) {
      customer.isActive = operation !== "reactivate"
      if (operation === "removeUsers") customer.users.add(userId)
    }
    const file = write(folder, "rows.csv", [
      takesUsers ? "expressCustomerId,userId" : "expressCustomerId",
      ...customers.map(({ id }) => (takesUsers ? `${id},${userId}` : id))
    ])
    const isDone = {
      addUsers: ({ users }: (typeof customers)[number]) => users.has(userId),
      removeUsers: ({ users }: (typeof customers)[number]) => !users.has(userId),
      deactivate: ({ isActive }: (typeof customers)[number]) => !isActive,
      reactivate: ({ isActive }: (typeof customers)[number]) => isActive
    }[operation]
    const unsuccessful: ReadonlyArray<Mind> = takesUsers ? ["isUnsuccessful"] : []
    return {
      args: [server.url, operation, file],
      ...mindsOf(server, ["willing", "refuses", "losesAnswers", ...unsuccessful, "isUnavailable", "findsInvalid"]),
      check: (report) =>
        Effect.sync(() => {
          const done = customers.filter(isDone).map(({ id }) => id)
          checkRows(file, report, done, "expressCustomerId")
        })
    }
  })

const importing: Prepare = Effect.gen(function* () {
  const server = yield* fickleServer(rows)
  const folder = yield* directory
  const names = Array.from({ length: rows }, (_, index) => `Imported ${index}`)
  const file = write(folder, "rows.csv", ["expressCustomerName", ...names])
  return {
    args: [server.url, "import", file],
    ...mindsOf(server, ["willing", "refuses", "losesAnswers", "isUnavailable", "findsInvalid"]),
    check: (report) =>
      Effect.sync(() => {
        const created = server.list().flatMap(({ name }) => (name.startsWith("Imported") ? [name] : []))
        expect(created).toHaveLength(new Set(created).size)
        checkRows(file, report, created, "expressCustomerName")
      })
  }
})

/** Another client inserts or deletes customers. */
const others = (server: FickleServer): Pick<Job, "change" | "calm"> => {
  const first = server.list()
  const insertAfter = (index: number) => server.insert(idAt(100 * index + 50), `Inserted after ${index}`)
  const changes: ReadonlyArray<() => void> = [
    () => {},
    () => void insertAfter(0),
    () => void insertAfter(first.length),
    () => first.slice(-2).forEach(({ id }) => void server.customers.delete(id)),
    () => first.slice(0, 2).forEach(({ id }) => void server.customers.delete(id)),
    () => void [insertAfter(3), server.customers.delete(first[5]?.id ?? "")]
  ]
  return { change: (index) => changes[index % changes.length]?.(), calm: () => {} }
}

const listed = 14
const perPage = 3

/** The destination of an export, and how to read the ids that it wrote. */
interface Destination {
  readonly task: string
  readonly to: string
  readonly ids: Effect.Effect<ReadonlyArray<string>, unknown>
}

/** Checks that every customer that always existed is written once, and that no other id is. */
const exporting = (destination: Effect.Effect<Destination, never, Scope.Scope>): Prepare =>
  Effect.gen(function* () {
    const server = yield* fickleServer(listed)
    const { ids, task, to } = yield* destination
    const before = server.list().map(({ id }) => id)
    return {
      args: [server.url, task, to, String(perPage)],
      ...others(server),
      check: () =>
        Effect.map(Effect.orDie(ids), (written) => {
          const after = server.list().map(({ id }) => id)
          const lasting = before.filter((id) => after.includes(id))
          expect(written).toEqual(Array.from(new Set(written)).sort())
          expect(written).toEqual(expect.arrayContaining(lasting))
          expect([...before, ...after]).toEqual(expect.arrayContaining([...written]))
        })
    }
  })

const duckDb = await DuckDBInstance.create()

const idIn = ({ expressCustomerId }: { readonly expressCustomerId: string }) => expressCustomerId

const readers: Readonly<Record<Format.Name, (file: string) => Promise<ReadonlyArray<string>>>> = {
  ndjson: async (file) =>
    fs
      .readFileSync(file, "utf8")
      .split("\n")
      .slice(0, -1)
      .map((line) => idIn(JSON.parse(line))),
  json: async (file) => {
    const rows: ReadonlyArray<{ readonly expressCustomerId: string }> = JSON.parse(fs.readFileSync(file, "utf8"))
    return rows.map(idIn)
  },
  csv: async (file) => {
    const rows: ReadonlyArray<Record<string, string>> = parse(fs.readFileSync(file), { columns: true, bom: true })
    return rows.map(({ expressCustomerId = "" }) => expressCustomerId)
  },
  parquet: async (file) => {
    const connection = await duckDb.connect()
    const rows = await connection.runAndReadAll(`SELECT "expressCustomerId" FROM read_parquet('${file}')`)
    return rows.getRows().map(([id]) => String(id))
  }
}

const toFile = (format: Format.Name): Effect.Effect<Destination, never, Scope.Scope> =>
  Effect.map(directory, (folder) => {
    const name = `customers.${format}`
    const file = path.join(folder, name)
    for (const ending of foreign) fs.writeFileSync(`${file}${ending}`, ending)
    const ids = Effect.gen(function* () {
      const manifest = yield* Verify.file(file)
      const ids = yield* Effect.promise(() => readers[format](file))
      expect(manifest.rows).toBe(ids.length)
      expect(namesIn(folder)).toEqual(left.export(name))
      for (const ending of foreign) expect(fs.readFileSync(`${file}${ending}`, "utf8")).toBe(ending)
      return ids
    })
    return { task: format, to: file, ids: Effect.provide(ids, NodeFileSystem.layer) }
  })

const idsInTable = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const id = sql("expressCustomerId")
  const rows = yield* sql<{ id: string }>`SELECT ${id} AS id FROM avara_customers ORDER BY ${id}`
  return rows.map(({ id }) => id)
})

const toSqlite = Effect.map(directory, (folder): Destination => {
  const file = path.join(folder, "customers.db")
  return {
    task: "sqlite",
    to: file,
    ids: Effect.provide(idsInTable, LibsqlClient.layer({ url: `file:${file}` }))
  }
})

/** A separate schema for every export. */
const toPostgres = (url: string) => {
  let schemas = 0
  return Effect.sync((): Destination & { readonly schema: string } => {
    schemas += 1
    const schema = `export${schemas}`
    const to = `${url}?options=-csearch_path%3D${schema}`
    return { task: "postgres", schema, to, ids: Effect.provide(idsInTable, PgClient.layer({ url: Redacted.make(to) })) }
  }).pipe(
    Effect.tap(({ schema }) =>
      Effect.flatMap(SqlClient.SqlClient, (sql) => sql`CREATE SCHEMA ${sql(schema)}`).pipe(
        Effect.provide(PgClient.layer({ url: Redacted.make(url) })),
        Effect.orDie
      )
    )
  )
}

const options = { timeout: 900_000 }

for (const format of Format.names) {
  it.scopedLive(`an export to ${format}`, () => survives(exporting(toFile(format))), options)
}
it.scopedLive("an export to SQLite", () => survives(exporting(toSqlite)), options)
it.scopedLive(
  "an export to PostgreSQL",
  () => Effect.flatMap(postgres, (url) => survives(exporting(toPostgres(url)))),
  options
)
it.scopedLive("an import", () => survives(importing), options)
for (const operation of ["addUsers", "removeUsers", "deactivate", "reactivate"] as const) {
  it.scopedLive(`bulk ${operation}`, () => survives(bulk(operation)), options)
}
