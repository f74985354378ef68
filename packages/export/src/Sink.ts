/**
 * Where the rows of an export go: a file in one of four formats, a stream of text, or a table.
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
 * Where the rows of an export go. `R` is what it writes with, `E` what a `stream` fails with.
 *
 * @since 0.1.0
 * @category models
 */
export interface Sink<out R = never, out E = never> {
  /** The name of the format: that of a file, or `sql`. */
  readonly format: string
  /** The file or the table; `-` for a stream. */
  readonly destination: string
  /** The options that a resumed export must have in common with the run that it goes on from. */
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

/** Only the options that the format has. */
const fingerprintOf = (name: Format.Name, { bom, formulas, metadata }: FormatOptions): Fingerprint => {
  const format: Format.Format = Format.formats[name]
  return {
    format: name,
    ...(format.metadata.length === 0 ? {} : { metadata }),
    ...(format.spreadsheet ? { formulas, bom: String(bom) } : {})
  }
}

/**
 * The options of all formats, for `file`.
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
 * A file whose format is known at run time only. Options that the format does not have change nothing.
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
 * A file of one JSON object a line, with every field as the server sent it. What `JSON.parse` does not keep is lost: digits of numbers
 * beyond a double, and all but the last of keys that are there twice.
 *
 * @since 0.1.0
 * @category constructors
 */
export const ndjson = (path: string): FileSink => file(path, "ndjson")

/**
 * A file of one JSON array, with a customer on each line, every field as the server sent it. Readers of JSON hold an array in memory as a
 * whole: prefer `ndjson` for many customers.
 *
 * @since 0.1.0
 * @category constructors
 */
export const json = (path: string): FileSink => file(path, "json")

/**
 * @since 0.1.0
 * @category options
 */
export interface CsvOptions {
  /**
   * `json`: one column `metadata` with JSON text; by default. `columns`: a column `metadata.<key>` for each key that a customer has, in
   * the order of their code units; keys beyond the first 1000 go to `extra`.
   */
  readonly metadata?: "json" | "columns" | undefined
  /** `escape` puts a `'` before a cell that a spreadsheet would run: one that begins with `=`, `+`, `-`, `@`, tab or CR. `keep` by default. */
  readonly formulas?: "keep" | "escape" | undefined
  /** Begins the file with a byte order mark, which Excel wants; `false` by default. */
  readonly bom?: boolean | undefined
}

/**
 * A CSV file by RFC 4180, in UTF-8, with a header and CRLF.
 *
 * The columns are `expressCustomerId`, `expressCustomerName`, `isActive`, `userCount`, `createdAt`, `updatedAt`, `createdByApiKeyId`,
 * `createdByUserId`, `metadata` (or its keys), and `extra`: as a JSON object, the fields that no schema names, and those that have
 * another shape than documented, whose own column is empty. A field that is `null` or missing is an empty cell, an empty text is `""`.
 * Timestamps are as they were sent.
 *
 * @since 0.1.0
 * @category constructors
 */
export const csv = (path: string, options: CsvOptions = {}): FileSink => file(path, "csv", options)

/**
 * @since 0.1.0
 * @category options
 */
export interface ParquetOptions {
  /** `json`: a column of JSON text; by default. `map`: a column of maps from text to text. */
  readonly metadata?: "json" | "map" | undefined
}

/**
 * A Parquet file with typed columns, packed with Snappy, in groups of at most 20,000 rows and about 4 million characters: the columns of
 * `csv`, with `isActive` as boolean, `userCount` as 64-bit integer and the timestamps as UTC milliseconds. Finer fractions are cut, and `null` and missing are the same.
 *
 * @since 0.1.0
 * @category constructors
 */
export const parquet = (path: string, options: ParquetOptions = {}): FileSink => file(path, "parquet", options)

/**
 * @since 0.1.0
 * @category options
 */
export interface StreamOptions<E, R> {
  /** Takes the text of each page, in order. */
  readonly write: (text: string) => Effect.Effect<void, E, R>
  /** `ndjson` by default. */
  readonly format?: Format.StreamName | undefined
  /** As in `CsvOptions`, for `csv`. */
  readonly formulas?: CsvOptions["formulas"]
  /** As in `CsvOptions`, for `csv`. */
  readonly bom?: CsvOptions["bom"]
}

/**
 * Hands every page on as text as soon as it arrives, such as to standard output. Nothing is kept: a stream cannot be resumed, and only the
 * end of `Export.run` says whether the list was complete. CSV has the columns of `csv` with `metadata` as JSON.
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
      if (texts === undefined) return yield* Effect.dieMessage(`no stream can have the format ${format}`)
      return yield* withStream({ format, texts, write })(start, use)
    })
})

/**
 * @since 0.1.0
 * @category options
 */
export interface SqlOptions {
  /** `avara_customers` by default. A missing table is created. */
  readonly table?: string | undefined
  /**
   * How long to wait for a lock that another program holds, before the export fails with `DatabaseFailed`; 30 seconds by default. SQLite
   * waits in this thread, and timers and signals of the process wait with it: let all fibers of a process share one client for a file.
   */
  readonly busyTimeout?: Duration.DurationInput | undefined
}

/**
 * Fails with `DatabaseFailed` if no table can have the name: it is the table of the checkpoints, it begins with `sqlite_` in SQLite, it
 * has more than 63 bytes in PostgreSQL, or it is empty. `sql` checks it too, before it changes anything.
 *
 * @since 0.1.0
 * @category guards
 */
export const checkTable = (table: string, dialect: "sqlite" | "pg"): Effect.Effect<void, DatabaseFailed> => {
  const detail = tableNameProblem(table, dialect)
  return detail === undefined ? Effect.void : Effect.fail(new DatabaseFailed({ table, detail, unusable: true }))
}

/**
 * Mirrors the list in a table of SQLite or PostgreSQL, through the `SqlClient` in the context. Each page is written in one transaction
 * with the checkpoint behind it. You can run it again at any time.
 *
 * Customers are inserted or updated by `expressCustomerId`; none is deleted. Every row has, as `lastSeenAt`, the start of the last export
 * that saw it, so that what is older than the newest one is no longer listed (or was filtered out). `received` is the JSON as it was sent.
 * In the other columns, what a text of PostgreSQL cannot hold becomes U+FFFD, and a timestamp that PostgreSQL cannot read (before the year
 * 1 or after 9999) becomes NULL; the manifest counts those as `unstorableTimes`. The checkpoint is in the table `avara_export_checkpoint`.
 *
 * A table of the same name with other columns, and a view, are refused before anything is changed.
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
