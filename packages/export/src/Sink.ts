/**
 * Sinks: the destinations of exports. A sink writes a file in one of four formats, a stream of text, or a table.
 *
 * @since 0.1.0
 */
import type * as FileSystem from "@effect/platform/FileSystem"
import type * as Path from "@effect/platform/Path"
import type * as SqlClient from "@effect/sql/SqlClient"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Fingerprint } from "./Checkpoint.js"
import { DatabaseFailed, type ExportError } from "./ExportError.js"
import * as Format from "./Format.js"
import { encodingOf } from "./internal/encodings.js"
import type { FormatOptions } from "./internal/rowFormat.js"
import type { Session, Start } from "./internal/session.js"
import { withSession } from "./internal/staging.js"
import { tableNameProblem } from "./internal/tableName.js"

/**
 * The destination of an export. `R` is the services that it needs, `E` the error of the `write` function of a `stream`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Sink<out R = never, out E = never> {
  /** The name of the file format, or `sql`. */
  readonly format: string
  /** The path of the file or the name of the table; `-` for a stream. */
  readonly destination: string
  /** The options that must be the same in a resumed export and in the run that it continues. */
  readonly fingerprint: Fingerprint
  /** @internal */
  readonly withSession: <A, E2, R2>(
    start: Start,
    use: (session: Session<E>) => Effect.Effect<A, E2, R2>
  ) => Effect.Effect<A, E2 | ExportError, R | R2>
}

/**
 * A sink that writes a file.
 *
 * @since 0.1.0
 * @category models
 */
export type FileSink = Sink<FileSystem.FileSystem | Path.Path>

/** Includes only the options that the format has. */
const fingerprintOf = (name: Format.Name, { bom, formulas, metadata }: FormatOptions): Fingerprint => {
  const format: Format.Format = Format.formats[name]
  return {
    format: name,
    ...(format.metadata.length === 0 ? {} : { metadata }),
    ...(format.spreadsheet ? { formulas, bom: String(bom) } : {})
  }
}

/**
 * The options of `file`, for all formats.
 *
 * @since 0.1.0
 * @category options
 */
export interface FileOptions {
  /** As in `CsvOptions` and `ParquetOptions`. */
  readonly metadata?: "json" | "columns" | "map" | undefined
  /** As in `CsvOptions`. */
  readonly formulas?: CsvOptions["formulas"]
  /** As in `CsvOptions`. */
  readonly bom?: CsvOptions["bom"]
}

/**
 * Creates a sink for a file whose format is known only at run time. Options that the format does not have are ignored.
 *
 * @since 0.1.0
 * @category constructors
 */
export const file = (
  path: string,
  name: Format.Name,
  { bom = false, formulas = "keep", metadata = "json" }: FileOptions = {}
): FileSink => {
  const options: FormatOptions = { bom, formulas, metadata }
  return {
    format: name,
    destination: path,
    fingerprint: fingerprintOf(name, options),
    withSession: (start, use) =>
      Effect.flatMap(encodingOf(name), (encoding) => withSession(path, { name, encoding, options })(start, use))
  }
}

/**
 * Creates a sink for a file with one JSON object per line, with every field as the server sent it. Two things are lost, because `JSON.parse`
 * does not keep them: the digits of numbers beyond the precision of a double, and all but the last value of a repeated key.
 *
 * @since 0.1.0
 * @category constructors
 */
export const ndjson = (path: string): FileSink => file(path, "ndjson")

/**
 * Creates a sink for a file with one JSON array, one customer per line, with every field as the server sent it. Most JSON readers load the
 * complete array into memory: prefer `ndjson` for many customers.
 *
 * @since 0.1.0
 * @category constructors
 */
export const json = (path: string): FileSink => file(path, "json")

/**
 * The options of a CSV file.
 *
 * @since 0.1.0
 * @category options
 */
export interface CsvOptions {
  /**
   * `json`, the default, writes one column `metadata` with JSON text. `columns` writes a column `metadata.<key>` for each key that a customer
   * has, sorted by code units. Keys beyond the first 1000 go to `extra`.
   */
  readonly metadata?: "json" | "columns" | undefined
  /**
   * `escape` puts a `'` before a cell that a spreadsheet would run as a formula: a cell that starts with `=`, `+`, `-`, `@`, tab or CR. `keep`
   * by default.
   */
  readonly formulas?: "keep" | "escape" | undefined
  /** Whether the file starts with a byte order mark, which Excel needs; `false` by default. */
  readonly bom?: boolean | undefined
}

/**
 * Creates a sink for a CSV file as in RFC 4180: UTF-8, with a header and CRLF.
 *
 * The columns are `expressCustomerId`, `expressCustomerName`, `isActive`, `userCount`, `createdAt`, `updatedAt`, `createdByApiKeyId`,
 * `createdByUserId`, `metadata` (or a column per key), and `extra`. `extra` is a JSON object of the fields that are not documented, and of
 * the fields that do not have their documented shape; the column of such a field is empty. A field that is `null` or missing is an
 * empty cell, and an empty text is `""`. Timestamps are as the server sent them.
 *
 * @example
 * ```ts
 * import { Sink } from "@effect-avara/export"
 *
 * const forExcel = Sink.csv("customers.csv", { metadata: "columns", formulas: "escape", bom: true })
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const csv = (path: string, options: CsvOptions = {}): FileSink => file(path, "csv", options)

/**
 * The options of a Parquet file.
 *
 * @since 0.1.0
 * @category options
 */
export interface ParquetOptions {
  /** `json`, the default, writes a column of JSON text. `map` writes a column of maps from text to text. */
  readonly metadata?: "json" | "map" | undefined
}

/**
 * Creates a sink for a Parquet file with typed columns, compressed with Snappy, in row groups of at most 20,000 rows and about 4 million
 * characters.
 *
 * The columns are those of `csv`, with `isActive` as a boolean, `userCount` as a 64-bit integer and the timestamps as UTC milliseconds. Finer
 * fractions of a second are truncated. A field that is `null` and a missing field look the same.
 *
 * @since 0.1.0
 * @category constructors
 */
export const parquet = (path: string, options: ParquetOptions = {}): FileSink => file(path, "parquet", options)

/**
 * The options of a stream.
 *
 * @since 0.1.0
 * @category options
 */
export interface StreamOptions<E, R> {
  /** Receives the text of each page, in order. */
  readonly write: (text: string) => Effect.Effect<void, E, R>
  /** The format of the text; `ndjson` by default. */
  readonly format?: Format.StreamName | undefined
  /** As in `CsvOptions`, for `csv`. */
  readonly formulas?: CsvOptions["formulas"]
  /** As in `CsvOptions`, for `csv`. */
  readonly bom?: CsvOptions["bom"]
}

/**
 * Creates a sink that passes every page as text to your function as soon as it arrives, for example to write it to standard output. Nothing
 * is kept: you cannot resume a stream, and only the end of `Export.run` shows whether the list was complete. CSV has the columns of `csv`,
 * with `metadata` as JSON.
 *
 * @example
 * ```ts
 * import { Export, Sink } from "@effect-avara/export"
 * import * as Console from "effect/Console"
 *
 * const toConsole = Export.run({ sink: Sink.stream({ write: (text) => Console.log(text.trimEnd()) }) })
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const stream = <E, R>({
  bom = false,
  format = "ndjson",
  formulas = "keep",
  write
}: StreamOptions<E, R>): Sink<R, E> => ({
  format,
  destination: "-",
  fingerprint: { format },
  withSession: (start, use) =>
    Effect.gen(function* () {
      const encoding = yield* encodingOf(format)
      const { withStream } = yield* Effect.promise(() => import("./internal/stream.js"))
      const texts = encoding.texts?.({ bom, formulas, metadata: "json" })
      if (texts === undefined) return yield* Effect.dieMessage(`a stream cannot have the format ${format}`)
      return yield* withStream({ format, texts, write })(start, use)
    })
})

/**
 * The options of a table.
 *
 * @since 0.1.0
 * @category options
 */
export interface SqlOptions {
  /** The name of the table; `avara_customers` by default. If the table does not exist, it is created. */
  readonly table?: string | undefined
  /**
   * How long to wait for a lock that another program holds before the export fails with `DatabaseFailed`; 30 seconds by default. SQLite
   * blocks the thread while it waits, and with it the timers and signals of the process. Share one client per file among all fibers.
   */
  readonly busyTimeout?: Duration.DurationInput | undefined
}

/**
 * Fails with `DatabaseFailed` if a table cannot have this name: it is empty, it is the table of the checkpoints, it starts with `sqlite_` in
 * SQLite, or it is longer than 63 bytes in PostgreSQL. `sql` makes the same check before it changes anything.
 *
 * @since 0.1.0
 * @category guards
 */
export const checkTable = (table: string, dialect: "sqlite" | "pg"): Effect.Effect<void, DatabaseFailed> => {
  const detail = tableNameProblem(table, dialect)
  return detail === undefined ? Effect.void : Effect.fail(new DatabaseFailed({ table, detail, unusable: true }))
}

/**
 * Creates a sink that mirrors the list in a table of SQLite or PostgreSQL, through the `SqlClient` in the context. Each page and the
 * checkpoint after it are written in one transaction. You can run the export again at any time.
 *
 * Customers are inserted or updated by `expressCustomerId`; none is deleted. `lastSeenAt` is the start of the last export that saw the
 * customer. A customer with an older `lastSeenAt` than the newest one is no longer in the list, or was filtered out. `received` is the JSON
 * that the server sent. The checkpoint is in the table `avara_export_checkpoint`.
 *
 * In the other columns, characters that a PostgreSQL text cannot hold become U+FFFD. A timestamp that PostgreSQL cannot read (before the
 * year 1 or after the year 9999) becomes NULL, and the manifest counts it in `unstorableTimes`.
 *
 * A view, or a table of the same name with other columns, is refused before anything is changed.
 *
 * @example
 * ```ts
 * import { Export, Sink } from "@effect-avara/export"
 * import * as LibsqlClient from "@effect/sql-libsql/LibsqlClient"
 * import * as Effect from "effect/Effect"
 *
 * const mirror = Export.run({ sink: Sink.sql({ table: "clinics" }), resume: true }).pipe(
 *   Effect.provide(LibsqlClient.layer({ url: "file:clinics.db" }))
 * )
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const sql = ({
  busyTimeout = "30 seconds",
  table = "avara_customers"
}: SqlOptions = {}): Sink<SqlClient.SqlClient> => ({
  format: "sql",
  destination: table,
  fingerprint: { format: "sql", table },
  withSession: (start, use) =>
    Effect.flatMap(
      Effect.promise(() => import("./internal/sql.js")),
      ({ withTable }) => withTable(table, Duration.decode(busyTimeout))(start, use)
    )
})
