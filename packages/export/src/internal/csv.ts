import { type Options, stringify } from "csv-stringify/sync"
import * as Effect from "effect/Effect"
import type { StorageFailed } from "../ExportError.js"
import { jsonOf, parseRow, plainColumns, type SentRow } from "./row.js"
import type { Platform, Staged } from "./staging.js"
import * as storage from "./storage.js"

/** @internal */
export interface CsvSettings {
  readonly metadata: "json" | "columns"
  readonly formulas: "keep" | "escape"
  readonly bom: boolean
}

interface Layout {
  readonly header: ReadonlyArray<string>
  readonly cells: (row: SentRow) => ReadonlyArray<unknown>
}

const maxMetadataColumns = 1000

/** The keys of all metadata, to the most columns there may be. */
const metadataKeys = ({ bytes, path }: Staged): Effect.Effect<ReadonlyArray<string>, StorageFailed, Platform> =>
  Effect.suspend(() => {
    const keys = new Set<string>()
    const collect = (line: string) => {
      for (const key of Object.keys(parseRow(line).metadata ?? {})) {
        if (keys.size < maxMetadataColumns) keys.add(key)
      }
    }
    return Effect.map(
      storage.eachLines(path, bytes, (lines) => Effect.sync(() => lines.forEach(collect))),
      () => Array.from(keys).sort()
    )
  })

const plainCells = (row: SentRow): ReadonlyArray<unknown> => plainColumns.map((name) => row[name])

const extraCell = (pairs: ReadonlyArray<readonly [string, unknown]>): string | undefined =>
  pairs.length === 0 ? undefined : jsonOf(pairs)

const jsonLayout: Layout = {
  header: [...plainColumns, "metadata", "extra"],
  cells: (row) => [
    ...plainCells(row),
    row.metadata === null ? undefined : jsonOf(Object.entries(row.metadata)),
    extraCell(row.extra)
  ]
}

/** Beside the columns, what has none: metadata that is there but empty, and keys beyond the most columns. */
const columnsLayout = (keys: ReadonlyArray<string>): Layout => {
  const hasColumn = new Set(keys)
  const restOf = (metadata: SentRow["metadata"]) => {
    if (metadata === null) return []
    const pairs = Object.entries(metadata)
    const rest = pairs.filter(([key]) => !hasColumn.has(key))
    return rest.length > 0 || pairs.length === 0 ? [["metadata", Object.fromEntries(rest)] as const] : []
  }
  const cellOf = (metadata: SentRow["metadata"]) => (key: string) =>
    metadata !== null && Object.hasOwn(metadata, key) ? metadata[key] : undefined
  return {
    header: [...plainColumns, ...keys.map((key) => `metadata.${key}`), "extra"],
    cells: (row) => [
      ...plainCells(row),
      ...keys.map(cellOf(row.metadata)),
      extraCell([...restOf(row.metadata), ...row.extra])
    ]
  }
}

/** An empty text is quoted, so that it differs from a cell without a value. */
const settings = ({ formulas }: CsvSettings): Options => ({
  record_delimiter: "\r\n",
  quote_record_delimiter: true,
  quoted_match: [/^$/],
  escape_formulas: formulas === "escape",
  cast: { boolean: String }
})

const writeTable = (staged: Staged, to: string, layout: Layout, options: CsvSettings) =>
  Effect.scoped(
    Effect.gen(function* () {
      const file = yield* storage.open(to, "w")
      const encoder = new TextEncoder()
      const put = (text: string) => Effect.mapError(file.writeAll(encoder.encode(text)), storage.storageFailed(to))
      const table = (rows: ReadonlyArray<ReadonlyArray<unknown>>) => stringify([...rows], settings(options))
      yield* put(`${options.bom ? "\uFEFF" : ""}${table([layout.header])}`)
      yield* storage.eachLines(staged.path, staged.bytes, (lines) =>
        put(table(lines.map((line) => layout.cells(parseRow(line)))))
      )
      yield* Effect.mapError(file.sync, storage.storageFailed(to))
    })
  )

/** The table as text, for rows that are not kept: its beginning, and some of its rows. @internal */
export const texts = (options: CsvSettings) => {
  const table = (rows: ReadonlyArray<ReadonlyArray<unknown>>) => stringify([...rows], settings(options))
  return {
    beginning: `${options.bom ? "\uFEFF" : ""}${table([jsonLayout.header])}`,
    rows: (lines: ReadonlyArray<string>) => table(lines.map((line) => jsonLayout.cells(parseRow(line))))
  }
}

/** @internal */
export const convert = (staged: Staged, to: string, options: CsvSettings) =>
  options.metadata === "json"
    ? writeTable(staged, to, jsonLayout, options)
    : Effect.flatMap(metadataKeys(staged), (keys) => writeTable(staged, to, columnsLayout(keys), options))
