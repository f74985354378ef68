import { Timestamp } from "@effect-avara/core/Customer"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { parquetMetadata, type SchemaElement } from "hyparquet"
import { ByteWriter, ParquetWriter } from "hyparquet-writer"
import { type ColumnName, columnNames, jsonOf, parseRow, type SentRow } from "./row.js"
import type { Encoding, FormatOptions, Staged } from "./rowFormat.js"
import * as storage from "./storage.js"
import { version } from "./version.js"

interface Column {
  readonly name: string
  readonly schema: ReadonlyArray<SchemaElement>
  readonly value: (row: SentRow) => unknown
}

const text = (name: string, repetition: "REQUIRED" | "OPTIONAL"): SchemaElement => ({
  name,
  type: "BYTE_ARRAY",
  converted_type: "UTF8",
  logical_type: { type: "STRING" },
  repetition_type: repetition
})

const required = (name: "expressCustomerId" | "expressCustomerName"): Column => ({
  name,
  schema: [text(name, "REQUIRED")],
  value: (row) => row[name]
})

const optional = (name: "createdByApiKeyId" | "createdByUserId"): Column => ({
  name,
  schema: [text(name, "OPTIONAL")],
  value: (row) => row[name]
})

const readTime = Schema.decodeOption(Timestamp)

/** Returns the time in milliseconds, or none if it is missing or a lenient client would not read it. */
const millisOf = (text: string | null): bigint | undefined =>
  text === null
    ? undefined
    : Option.getOrUndefined(Option.map(readTime(text), ({ epochMillis }) => BigInt(epochMillis)))

const times = ["createdAt", "updatedAt"] as const

const unreadTimes = (row: SentRow): SentRow["extra"] =>
  times.flatMap((name) => (row[name] !== null && millisOf(row[name]) === undefined ? [[name, row[name]] as const] : []))

const time = (name: (typeof times)[number]): Column => ({
  name,
  schema: [
    {
      name,
      type: "INT64",
      converted_type: "TIMESTAMP_MILLIS",
      logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MILLIS" },
      repetition_type: "OPTIONAL"
    }
  ],
  value: (row) => millisOf(row[name])
})

const json = (name: string, value: (row: SentRow) => string | undefined): Column => {
  const encoder = new TextEncoder()
  return {
    name,
    schema: [{ name, type: "BYTE_ARRAY", logical_type: { type: "JSON" }, repetition_type: "OPTIONAL" }],
    value: (row) => {
      const text = value(row)
      return text === undefined ? undefined : encoder.encode(text)
    }
  }
}

const metadataMap: Column = {
  name: "metadata",
  schema: [
    {
      name: "metadata",
      num_children: 1,
      converted_type: "MAP",
      logical_type: { type: "MAP" },
      repetition_type: "OPTIONAL"
    },
    { name: "key_value", num_children: 2, repetition_type: "REPEATED" },
    text("key", "REQUIRED"),
    text("value", "OPTIONAL")
  ],
  value: ({ metadata }) => (metadata === null ? undefined : Object.entries(metadata))
}

const metadataJson = json("metadata", ({ metadata }) =>
  metadata === null ? undefined : jsonOf(Object.entries(metadata))
)

const columns = {
  expressCustomerId: required("expressCustomerId"),
  expressCustomerName: required("expressCustomerName"),
  isActive: {
    name: "isActive",
    schema: [{ name: "isActive", type: "BOOLEAN", repetition_type: "REQUIRED" }],
    value: (row) => row.isActive
  },
  userCount: {
    name: "userCount",
    schema: [{ name: "userCount", type: "INT64", repetition_type: "OPTIONAL" }],
    value: (row) => (row.userCount === null ? undefined : BigInt(row.userCount))
  },
  createdAt: time("createdAt"),
  updatedAt: time("updatedAt"),
  createdByApiKeyId: optional("createdByApiKeyId"),
  createdByUserId: optional("createdByUserId"),
  metadata: metadataJson
} as const satisfies Readonly<Record<ColumnName, Column>>

const extra = json("extra", (row) => {
  const pairs = [...row.extra, ...unreadTimes(row)]
  return pairs.length === 0 ? undefined : jsonOf(pairs)
})

const columnsOf = ({ metadata }: Pick<FormatOptions, "metadata">): ReadonlyArray<Column> => {
  const made: Readonly<Record<ColumnName, Column>> =
    metadata === "map" ? { ...columns, metadata: metadataMap } : columns
  return [...columnNames.map((name) => made[name]), extra]
}

/** Set only at the end: the writer would convert the values of a JSON column itself, and lose a key such as `__proto__`. */
const asJson = (element: SchemaElement): SchemaElement =>
  isJson(element) ? { ...element, converted_type: "JSON" } : element

const isJson = (element: SchemaElement): boolean => element.logical_type?.type === "JSON"

/** While a row group is written, it is in memory several times. Rows can be large, so the number of rows alone cannot limit it. */
const rowsPerGroup = 20_000

const charactersPerGroup = 4 * 1024 * 1024

const writeTable = (staged: Staged, to: string, columns: ReadonlyArray<Column>) =>
  Effect.scoped(
    Effect.gen(function* () {
      const file = yield* storage.open(to, "w")
      const bytes = new ByteWriter(1024 * 1024)
      const schema: Array<SchemaElement> = [
        { name: "root", num_children: columns.length, repetition_type: "REQUIRED" },
        ...columns.flatMap(({ schema }) => schema)
      ]
      const table = new ParquetWriter({ writer: bytes, schema, createdBy: `@effect-avara/export ${version}` })
      // `index` is the writer's position in its buffer, `offset` its position in the file.
      const flush = Effect.suspend(() =>
        Effect.mapError(file.writeAll(bytes.getBytes()), storage.storageFailed(to))
      ).pipe(
        Effect.tap(() => {
          bytes.index = 0
        })
      )
      let data = columns.map((): Array<unknown> => [])
      let rows = 0
      let characters = 0
      const writeGroup = Effect.suspend(() => {
        if (rows === 0) return Effect.void
        table.write({
          // The footer would contain the smallest and the largest JSON text in full, which no reader uses.
          columnData: columns.map(({ name, schema }, index) => ({
            name,
            data: data[index] ?? [],
            statistics: !schema.some(isJson)
          })),
          rowGroupSize: rowsPerGroup
        })
        data = columns.map(() => [])
        rows = 0
        characters = 0
        return flush
      })
      const add = (line: string) => {
        const row = parseRow(line)
        for (const [index, { value }] of columns.entries()) data[index]?.push(value(row))
        rows += 1
        characters += line.length
      }
      yield* storage.eachLines(staged.path, staged.bytes, (lines) =>
        Effect.gen(function* () {
          for (const line of lines) {
            add(line)
            if (rows === rowsPerGroup || characters >= charactersPerGroup) yield* writeGroup
          }
        })
      )
      yield* writeGroup
      table.schema = schema.map(asJson)
      table.finish()
      yield* flush
      yield* Effect.mapError(file.sync, storage.storageFailed(to))
    })
  )

/** The length of the footer and the magic number after it. */
const tailSize = 8

const readAt = (path: string, offset: number, bytes: number) =>
  Effect.scoped(
    Effect.gen(function* () {
      const file = yield* storage.open(path, "r")
      yield* file.seek(offset, "start")
      const read = yield* Effect.mapError(file.readAlloc(bytes), storage.storageFailed(path))
      return Option.getOrElse(read, () => new Uint8Array())
    })
  )

const countInFooter = (path: string, size: number) =>
  Effect.gen(function* () {
    const tail = yield* readAt(path, Math.max(0, size - tailSize), tailSize)
    if (tail.length < tailSize) return Option.none()
    const length = new DataView(tail.buffer, tail.byteOffset).getUint32(0, true) + tailSize
    if (length > size) return Option.none()
    const footer = yield* readAt(path, size - length, length)
    return yield* Effect.option(Effect.try(() => Number(parquetMetadata(new Uint8Array(footer).buffer).num_rows)))
  })

/** @internal */
export const encoding: Encoding = {
  texts: undefined,
  convert: (staged, to, options) => writeTable(staged, to, columnsOf(options)),
  count: countInFooter
}
