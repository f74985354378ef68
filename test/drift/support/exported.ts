import * as assert from "node:assert/strict"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DuckDBInstance } from "@duckdb/node-api"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as SqlClient from "@effect/sql/SqlClient"
import * as LibsqlClient from "@effect/sql-libsql/LibsqlClient"
import { Export, Format, Import, Sink, Verify } from "@effect-avara/export"
import { parse } from "csv-parse/sync"
import * as Effect from "effect/Effect"
import { layerAnswering, type Mode } from "./client.js"

type Columns = Readonly<Record<string, unknown>>

/** One customer in every format. */
export interface Exported {
  readonly ndjson: unknown
  readonly csv: Columns
  readonly parquet: Columns
  readonly sql: Columns
}

/** A folder in memory, if there is one, since hundreds of exports flush their files to disk. */
const parent = existsSync("/dev/shm") ? "/dev/shm" : tmpdir()

const directory = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(parent, "avara-drift-"))),
  (made) => Effect.sync(() => rmSync(made, { recursive: true, force: true }))
)

const pageOf = (customers: ReadonlyArray<unknown>) => ({ expressCustomers: customers, hasMore: false })

const fromJson = (value: unknown): unknown => (typeof value === "string" && value !== "" ? JSON.parse(value) : null)

/** A quoted cell is text, empty or not. */
const cast = (value: string, { quoting }: { readonly quoting: boolean }) => (value === "" && !quoting ? null : value)

const rowsInCsv = (file: string): ReadonlyArray<Columns> => {
  const rows: Array<Record<string, unknown>> = parse(readFileSync(file), { columns: true, cast })
  return rows.map((row) => ({ ...row, metadata: fromJson(row["metadata"]), extra: fromJson(row["extra"]) }))
}

const rowsInParquet = (file: string): Effect.Effect<ReadonlyArray<Columns>> =>
  Effect.promise(async () => {
    const connection = await (await DuckDBInstance.create()).connect()
    const times = ["createdAt", "updatedAt"].map((name) => `epoch_ms(${name}) AS ${name}`).join(", ")
    const found = await connection.runAndReadAll(
      `SELECT * EXCLUDE (createdAt, updatedAt), ${times} FROM '${file.replaceAll("'", "''")}'`
    )
    connection.closeSync()
    return found.getRowObjectsJson().map((row) => ({
      ...row,
      metadata: fromJson(row["metadata"]),
      extra: fromJson(row["extra"]),
      userCount: row["userCount"] === null ? null : Number(row["userCount"]),
      createdAt: row["createdAt"] === null ? null : new Date(Number(row["createdAt"])).toISOString(),
      updatedAt: row["updatedAt"] === null ? null : new Date(Number(row["updatedAt"])).toISOString()
    }))
  })

const table = "customers"

const rowsInTable = Effect.flatMap(
  SqlClient.SqlClient,
  (sql) => sql<Columns>`SELECT * FROM ${sql(table)} ORDER BY rowid`
)

const databaseIn = (folder: string) => LibsqlClient.layer({ url: `file:${join(folder, "all.db")}` })

/** Exports a page to every format, and reads the files; each one verifies and can be imported. */
export const exportEverywhere = (
  customers: ReadonlyArray<unknown>,
  mode: Mode
): Effect.Effect<ReadonlyArray<Exported>> =>
  Effect.gen(function* () {
    const folder = yield* directory
    const fileOf = (name: Format.Name) => join(folder, `all.${name}`)
    const [ndjson, csv, parquet] = [fileOf("ndjson"), fileOf("csv"), fileOf("parquet")]
    for (const name of Format.names) {
      yield* Export.run({ sink: Sink.file(fileOf(name), name) })
      assert.equal((yield* Verify.file(fileOf(name))).rows, customers.length)
    }
    for (const file of [ndjson, csv]) {
      assert.equal((yield* Import.customers({ file, dryRun: true })).rows, customers.length)
    }
    const inTable = yield* Effect.provide(
      Effect.zipRight(Export.run({ sink: Sink.sql({ table }) }), rowsInTable),
      databaseIn(folder)
    )
    const lines = readFileSync(ndjson, "utf8").trimEnd().split("\n")
    assert.deepEqual(
      JSON.parse(readFileSync(fileOf("json"), "utf8")),
      lines.map((line) => JSON.parse(line))
    )
    const inCsv = rowsInCsv(csv)
    const inParquet = yield* rowsInParquet(parquet)
    return lines.map((line, index) => ({
      ndjson: JSON.parse(line),
      csv: inCsv[index] ?? {},
      parquet: inParquet[index] ?? {},
      sql: inTable[index] ?? {}
    }))
  }).pipe(Effect.provide([layerAnswering(pageOf(customers), mode), NodeContext.layer]), Effect.scoped, Effect.orDie)

/** Exports a page that is refused, to every format, and checks that no file and no row exists. */
export const exportNowhere = (body: unknown, mode: Mode): Effect.Effect<ReadonlyArray<unknown>> =>
  Effect.gen(function* () {
    const folder = yield* directory
    const sinks = Format.names.map((name) => Sink.file(join(folder, `all.${name}`), name))
    const files = sinks.map(({ destination }) => destination)
    const failures = yield* Effect.forEach(sinks, (sink) => Effect.flip(Export.run({ sink })))
    assert.deepEqual(files.filter(existsSync), [])
    const failure = yield* Effect.provide(
      Effect.zipLeft(
        Effect.flip(Export.run({ sink: Sink.sql({ table }) })),
        Effect.map(rowsInTable, (rows) => assert.deepEqual(rows, []))
      ),
      databaseIn(folder)
    )
    return [...failures, failure]
  }).pipe(Effect.provide([layerAnswering(body, mode), NodeContext.layer]), Effect.scoped, Effect.orDie)
