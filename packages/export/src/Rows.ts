/**
 * The rows of a file, checked and with their keys.
 *
 * @since 0.1.0
 */
import type * as FileSystem from "@effect/platform/FileSystem"
import type { Issue } from "@effect-avara/core/Issue"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Stream from "effect/Stream"
import type { InputRefused, StorageFailed } from "./ExportError.js"
import type { Encoding } from "./Import.js"
import * as rows from "./internal/rows.js"
import type { Fields, Work } from "./Work.js"

/**
 * A row of a file.
 *
 * @since 0.1.0
 * @category models
 */
export interface Row {
  /** The line that it begins at, from 1. */
  readonly line: number
  /** The row as it stands in the file. */
  readonly raw: unknown
  /** What `work.decode` takes, or why the row is not allowed. */
  readonly fields: Either.Either<Fields, ReadonlyArray<Issue>>
  /** The key that the import or the bulk operation of the file gives the row; empty if the row is not allowed. */
  readonly key: string
}

/**
 * Which file to read, and how.
 *
 * @since 0.1.0
 * @category options
 */
export interface Options {
  /** A regular file: it is read twice. */
  readonly file: string
  /** By default what the file's name ends in: `.csv`, `.ndjson` or `.jsonl`. */
  readonly format?: "csv" | "ndjson" | undefined
  /** By default what a byte order mark says, or UTF-8. */
  readonly encoding?: Encoding | undefined
}

/**
 * A file that was read to its end.
 *
 * @since 0.1.0
 * @category models
 */
export interface Rows {
  /** The SHA-256 of the file, in hexadecimal. */
  readonly sha256: string
  /** How many rows it has. */
  readonly total: number
  /** Reads the file again. It fails with `InputRefused` if the file has changed, and returns nothing of the change. */
  readonly rows: Stream.Stream<Row, InputRefused | StorageFailed, FileSystem.FileSystem>
}

const toRow = <A>({ fields, key, line, raw, value }: rows.CheckedRow<A>): Row => ({
  line,
  raw,
  fields: Either.flatMap(value, () => fields),
  key
})

/**
 * Reads a CSV or NDJSON file to its end, as the import and the bulk operation of the work do before they send anything. It fails with
 * `InputRefused` if the file cannot be used, or if two rows say the same.
 *
 * @example
 * ```ts
 * import { Import, Rows } from "@effect-avara/export"
 * import * as Effect from "effect/Effect"
 * import * as Stream from "effect/Stream"
 *
 * const program = Effect.gen(function*() {
 *   const { rows, total } = yield* Rows.read({ file: "clinics.csv" }, yield* Import.work())
 *   yield* Effect.log(`${total} rows`)
 *   yield* Stream.runForEach(rows, ({ key, line }) => Effect.log(`line ${line}: ${key}`))
 * })
 * ```
 *
 * @since 0.1.0
 * @category operations
 */
export const read = <A, E, R>(
  options: Options,
  work: Work<A, E, R>
): Effect.Effect<Rows, InputRefused | StorageFailed, FileSystem.FileSystem> =>
  rows.sourceOf(options, work).pipe(
    Effect.flatMap((source) => rows.open(source, work)),
    Effect.map(({ rows, sha256, total }) => ({ sha256, total, rows: Stream.map(rows, toRow) }))
  )
