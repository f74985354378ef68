import { type Options, stringify } from "csv-stringify/sync"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { StorageFailed } from "../ExportError.js"
import { jsonOf, parseRow, plainColumns, type SentRow } from "./row.js"
import {
  countBytes,
  type Encoding,
  type FormatOptions,
  newline,
  type Platform,
  type Staged,
  type Texts,
  writeTexts
} from "./rowFormat.js"
import * as storage from "./storage.js"

interface Layout {
  readonly header: ReadonlyArray<string>
  readonly cells: (row: SentRow) => ReadonlyArray<unknown>
}

const maxMetadataColumns = 1000

/** Collects the keys of all metadata, up to the maximum number of columns. */
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

/** `extra` also has the metadata that no column shows: empty metadata, and keys beyond the maximum number of columns. */
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

/** Quotes an empty text, so that it differs from a cell without a value. */
const settings = ({ formulas }: FormatOptions): Options => ({
  record_delimiter: "\r\n",
  quote_record_delimiter: true,
  quoted_match: [/^$/],
  escape_formulas: formulas === "escape",
  cast: { boolean: String }
})

const textsOf = (layout: Layout, options: FormatOptions): Texts => {
  const table = (rows: ReadonlyArray<ReadonlyArray<unknown>>) => stringify([...rows], settings(options))
  return {
    beginning: `${options.bom ? "\uFEFF" : ""}${table([layout.header])}`,
    rows: (lines) => table(lines.map((line) => layout.cells(parseRow(line)))),
    end: ""
  }
}

const quote = 34

/** Counts line ends outside quotes, without the header. */
const countRecords = (path: string) => {
  let quoted = false
  const isEnd = (byte: number) => {
    if (byte === quote) quoted = !quoted
    return byte === newline && !quoted
  }
  return Effect.map(countBytes(path, isEnd), (lines) => Option.some(lines - 1))
}

/** Writes CSV as in RFC 4180. @internal */
export const encoding: Encoding = {
  texts: (options) => textsOf(jsonLayout, options),
  convert: (staged, to, options) =>
    options.metadata === "columns"
      ? Effect.flatMap(metadataKeys(staged), (keys) => writeTexts(staged, to, textsOf(columnsLayout(keys), options)))
      : writeTexts(staged, to, textsOf(jsonLayout, options)),
  count: countRecords
}
