import * as fs from "node:fs"
import * as path from "node:path"
import { DuckDBInstance } from "@duckdb/node-api"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as SqlClient from "@effect/sql/SqlClient"
import * as PgClient from "@effect/sql-pg/PgClient"
import { describe, expect, it } from "@effect/vitest"
import { Customer, type StreamPage } from "@effect-avara/core/Customer"
import { Customers } from "@effect-avara/core/Customers"
import { Export, Sink, Verify } from "@effect-avara/export"
import { parse } from "csv-parse/sync"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { directory, postgres } from "./support.js"

interface Sent {
  readonly expressCustomerId: string
  readonly expressCustomerName: string
  readonly isActive: boolean
  readonly userCount: number
  readonly createdAt: string | null
  readonly updatedAt: string | null
  readonly createdByApiKeyId?: string
  readonly createdByUserId?: string | null
  readonly metadata?: Readonly<Record<string, string>>
  readonly [field: string]: unknown
}

const awkward = FastCheck.constantFrom(
  "",
  " ",
  '"',
  ",",
  "\r\n",
  "\n",
  "=1+1",
  "'",
  "-2",
  "\t@x",
  "\u2028",
  "null",
  "__proto__",
  "Ünï 🏥 病院",
  "\uFEFF"
)

const text = FastCheck.oneof(awkward, FastCheck.fullUnicodeString({ maxLength: 12 })).map((value) =>
  value.replaceAll("\0", "")
)

const metadata = FastCheck.array(FastCheck.tuple(text, text), { maxLength: 4 }).map(
  (pairs): Readonly<Record<string, string>> => Object.fromEntries(pairs)
)

const time = FastCheck.option(
  FastCheck.date({ min: new Date("1970-01-01"), max: new Date("2100-01-01"), noInvalidDate: true }).map((date) =>
    date.toISOString()
  )
)

const extra = FastCheck.dictionary(FastCheck.constantFrom("later", "x y", "Z"), FastCheck.jsonValue(), { maxKeys: 2 })

const customer = FastCheck.tuple(
  FastCheck.record(
    {
      expressCustomerName: text.map((name) => `n${name}`),
      isActive: FastCheck.boolean(),
      userCount: FastCheck.nat(),
      createdAt: time,
      updatedAt: time,
      createdByApiKeyId: FastCheck.uuid(),
      createdByUserId: FastCheck.option(FastCheck.constant("usr_1")),
      metadata
    },
    { requiredKeys: ["expressCustomerName", "isActive", "userCount", "createdAt", "updatedAt"] }
  ),
  extra
)

const generate = (count: number, seed: number): ReadonlyArray<Sent> =>
  FastCheck.sample(customer, { numRuns: count, seed }).map(([known, unknown], index): Sent => {
    const row = { ...unknown, ...known, expressCustomerId: `cus_${String(index).padStart(32, "0")}` }
    return JSON.parse(JSON.stringify(row))
  })

const decode = Schema.decodeUnknownSync(Customer)

const listed = (rows: ReadonlyArray<Sent>) =>
  Layer.mock(Customers, {
    pages: () =>
      Stream.succeed<StreamPage>({
        expressCustomers: rows.map((row) => decode(row)),
        received: rows,
        duplicates: 0,
        hasMore: false
      })
  })

const Platform = Layer.merge(NodeFileSystem.layer, NodePath.layer)

const known = [
  "expressCustomerId",
  "expressCustomerName",
  "isActive",
  "userCount",
  "createdAt",
  "updatedAt",
  "createdByApiKeyId",
  "createdByUserId",
  "metadata"
]

/** A table row does not distinguish a missing field from a null one. */
const comparable = (row: Sent) => ({
  ...Object.fromEntries(known.map((name) => [name, row[name] ?? null])),
  extra: Object.fromEntries(Object.entries(row).filter(([name]) => !known.includes(name)))
})

const isText = (value: unknown): value is string => typeof value === "string"

const fromJson = (value: unknown): unknown => (isText(value) ? JSON.parse(value) : null)

const readCsv = (file: string) => {
  const cast = (value: string, { quoting }: { readonly quoting: boolean }) => (value === "" && !quoting ? null : value)
  const [header = [], ...records]: Array<Array<string | null>> = parse(fs.readFileSync(file), {
    record_delimiter: "\r\n",
    bom: true,
    cast
  })
  return { header: header.map(String), records }
}

const rowsInCsv = (file: string) => {
  const { header, records } = readCsv(file)
  return records.map((cells) => {
    const row = new Map(header.map((name, index) => [name, cells[index] ?? null]))
    const own = header
      .filter((name) => name.startsWith("metadata.") && row.get(name) !== null)
      .map((name) => [name.slice("metadata.".length), row.get(name)])
    const { metadata: rest, ...extra } = Object(fromJson(row.get("extra")))
    const columns = own.length === 0 && rest === undefined ? null : { ...Object.fromEntries(own), ...rest }
    return {
      ...Object.fromEntries(known.map((name) => [name, row.get(name) ?? null])),
      isActive: row.get("isActive") === "true",
      userCount: Number(row.get("userCount")),
      metadata: header.includes("metadata") ? fromJson(row.get("metadata")) : columns,
      extra
    }
  })
}

const rowsInParquet = (file: string, metadata: "json" | "map") =>
  Effect.promise(async () => {
    const instance = await DuckDBInstance.create(":memory:")
    const connection = await instance.connect()
    const asJson = metadata === "json" ? "metadata" : "to_json(map_entries(metadata))"
    const reader = await connection.runAndReadAll(
      `SELECT * REPLACE (epoch_ms("createdAt") AS "createdAt", epoch_ms("updatedAt") AS "updatedAt", ${asJson} AS metadata)
       FROM read_parquet('${file}')`
    )
    const types = await connection.runAndReadAll(`DESCRIBE SELECT * FROM read_parquet('${file}')`)
    const rows = reader.getRowObjectsJson()
    const described = types.getRowObjectsJson().map((row) => [row["column_name"], row["column_type"]])
    connection.closeSync()
    instance.closeSync()
    return { rows, types: Object.fromEntries(described) }
  })

const toTime = (millis: unknown) => (millis === null ? null : new Date(Number(millis)).toISOString())

const fromMap = (value: unknown): unknown => {
  const pairs = fromJson(value)
  return Array.isArray(pairs) ? Object.fromEntries(pairs.map(({ key, value }) => [key, value])) : null
}

describe("exports contain exactly the data that the server sent", () => {
  const rows = generate(400, 7)
  const expected = rows.map(comparable)
  const write = (sink: Sink.FileSink) =>
    Effect.zipRight(Export.run({ sink }), Verify.file(sink.destination)).pipe(
      Effect.provide(Layer.merge(listed(rows), Platform))
    )

  it.scoped("NDJSON", () =>
    Effect.gen(function* () {
      const file = path.join(yield* directory, "a.ndjson")
      yield* write(Sink.ndjson(file))
      const lines = fs.readFileSync(file, "utf8").split("\n").slice(0, -1)
      expect(lines).toEqual(rows.map((row) => JSON.stringify(row)))
    })
  )

  it.scoped("JSON", () =>
    Effect.gen(function* () {
      const file = path.join(yield* directory, "a.json")
      yield* write(Sink.json(file))
      expect(JSON.parse(fs.readFileSync(file, "utf8"))).toEqual(rows)
    })
  )

  for (const metadata of ["json", "columns"] as const) {
    it.scoped(`CSV, metadata as ${metadata}, by csv-parse`, () =>
      Effect.gen(function* () {
        const file = path.join(yield* directory, "a.csv")
        yield* write(Sink.csv(file, { metadata, bom: metadata === "columns" }))
        const found = rowsInCsv(file)
        for (const [index, row] of expected.entries()) expect(found[index]).toEqual(row)
        expect(found).toHaveLength(rows.length)
      })
    )
  }

  it.scoped("CSV contains no formula if told not to", () =>
    Effect.gen(function* () {
      const file = path.join(yield* directory, "a.csv")
      yield* write(Sink.csv(file, { metadata: "columns", formulas: "escape" }))
      const { header, records } = readCsv(file)
      const cells = records.flat().filter(isText)
      expect(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([])
      expect(cells.filter((cell) => /^'[=+\-@\t\r]/.test(cell)).length).toBeGreaterThan(10)
      expect(header[0]).toBe("expressCustomerId")
    })
  )

  for (const metadata of ["json", "map"] as const) {
    it.scoped(`Parquet, metadata as ${metadata}, by DuckDB`, () =>
      Effect.gen(function* () {
        const file = path.join(yield* directory, "a.parquet")
        yield* write(Sink.parquet(file, { metadata }))
        const found = yield* rowsInParquet(file, metadata)
        expect(found.types).toMatchObject({
          expressCustomerId: "VARCHAR",
          isActive: "BOOLEAN",
          userCount: "BIGINT",
          createdAt: "TIMESTAMP WITH TIME ZONE",
          metadata: metadata === "json" ? "JSON" : "MAP(VARCHAR, VARCHAR)",
          extra: "JSON"
        })
        for (const [index, row] of expected.entries()) {
          const { createdAt, extra, metadata: pairs, updatedAt, userCount, ...plain } = found.rows[index] ?? {}
          expect({
            ...plain,
            userCount: Number(userCount),
            createdAt: toTime(createdAt),
            updatedAt: toTime(updatedAt),
            metadata: metadata === "json" ? fromJson(pairs) : fromMap(pairs),
            extra: fromJson(extra) ?? {}
          }).toEqual(row)
        }
        expect(found.rows).toHaveLength(rows.length)
      })
    )
  }

  it.scopedLive(
    "PostgreSQL",
    () =>
      Effect.gen(function* () {
        const url = yield* postgres
        const read = Effect.flatMap(
          SqlClient.SqlClient,
          (sql) => sql<Record<string, unknown>>`SELECT *, received::text AS text FROM avara_customers ORDER BY 1`
        )
        const run = Effect.zipRight(Export.run({ sink: Sink.sql() }), read)
        const found = yield* Effect.provide(run, Layer.merge(listed(rows), PgClient.layer({ url: Redacted.make(url) })))
        const times = (row: Record<string, unknown>, name: string) => {
          const value = row[name]
          return value instanceof Date ? value.toISOString() : null
        }
        for (const [index, row] of rows.entries()) {
          const { extra: _, ...columns } = comparable(row)
          const stored = found[index] ?? {}
          expect(stored["text"]).toBe(JSON.stringify(row))
          const { text: __, received: ___, lastSeenAt: ____, ...plain } = stored
          expect({
            ...plain,
            userCount: Number(stored["userCount"]),
            createdAt: times(stored, "createdAt"),
            updatedAt: times(stored, "updatedAt")
          }).toEqual(columns)
        }
      }),
    60_000
  )
})
