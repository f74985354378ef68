/**
 * The checked rows of a file, with their keys, for your own runner.
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
  /** The line where the row starts, counted from 1. */
  readonly line: number
  /** The row as it is in the file. */
  readonly raw: unknown
  /** The fields for `work.decode`, or the reasons why the row is not allowed. */
  readonly fields: Either.Either<Fields, ReadonlyArray<Issue>>
  /** The key that an import or a bulk operation on this file gives the row; empty if the row is not allowed. */
  readonly key: string
}

/**
 * The file to read, its format and its encoding.
 *
 * @since 0.1.0
 * @category options
 */
export interface Options {
  /** The path of a regular file, which is read twice. */
  readonly file: string
  /** The format of the file; by default, the file extension decides: `.csv`, `.ndjson` or `.jsonl`. */
  readonly format?: "csv" | "ndjson" | undefined
  /** The encoding of the file; by default, the one that a byte order mark names, or UTF-8. */
  readonly encoding?: Encoding | undefined
}

/**
 * A file that was read and checked to its end.
 *
 * @since 0.1.0
 * @category models
 */
export interface Rows {
  /** The SHA-256 of the file, in hexadecimal. */
  readonly sha256: string
  /** The number of rows. */
  readonly total: number
  /** Reads the file again and streams its rows. If the file has changed, fails with `InputRefused` before it emits a changed row. */
  readonly rows: Stream.Stream<Row, InputRefused | StorageFailed, FileSystem.FileSystem>
}

const toRow = <A>({ fields, key, line, raw, value }: rows.CheckedRow<A>): Row => ({
  line,
  raw,
  fields: Either.flatMap(value, () => fields),
  key
})

/**
 * Reads and checks a CSV or NDJSON file to its end, as imports and bulk operations do before they send anything. Fails with `InputRefused`
 * if the file cannot be used, or if two rows have the same identity.
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
