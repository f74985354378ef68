/**
 * The proof that a file is what an export wrote.
 *
 * @since 0.1.0
 */
import type * as FileSystem from "@effect/platform/FileSystem"
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { type ManifestRefused, StorageFailed, VerifyFailed } from "./ExportError.js"
import * as storage from "./internal/storage.js"
import * as Manifest from "./Manifest.js"

type Difference = VerifyFailed["differences"][number]

const newline = 10
const quote = 34

const countLines = (path: string) =>
  Effect.suspend(() => {
    let lines = 0
    const count = (block: Uint8Array) => {
      for (const byte of block) if (byte === newline) lines += 1
    }
    return Effect.map(
      storage.eachBlock(path, Number.POSITIVE_INFINITY, (block) => Effect.sync(() => count(block))),
      () => Option.some(lines)
    )
  })

/** The lines that are not in quotes, without the header. */
const countRecords = (path: string) =>
  Effect.suspend(() => {
    let records = 0
    let quoted = false
    const count = (block: Uint8Array) => {
      for (const byte of block) {
        if (byte === quote) quoted = !quoted
        else if (byte === newline && !quoted) records += 1
      }
    }
    return Effect.map(
      storage.eachBlock(path, Number.POSITIVE_INFINITY, (block) => Effect.sync(() => count(block))),
      () => Option.some(records - 1)
    )
  })

/** The length of the footer and the mark behind it. */
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
    const { parquetMetadata } = yield* Effect.promise(() => import("hyparquet"))
    return yield* Effect.option(Effect.try(() => Number(parquetMetadata(new Uint8Array(footer).buffer).num_rows)))
  })

const rowsIn = (path: string, format: string, size: number) => {
  switch (format) {
    case "csv":
      return countRecords(path)
    case "parquet":
      return countInFooter(path, size)
    default:
      return countLines(path)
  }
}

const difference = (what: Difference["what"], expected: unknown, actual: unknown): ReadonlyArray<Difference> =>
  expected === actual ? [] : [{ what, expected: String(expected), actual: String(actual) }]

/**
 * Compares a file with the manifest beside it: its size, its sha256, and the rows that it really has.
 *
 * @example
 * ```ts
 * import { Verify } from "@effect-avara/export"
 * import * as Effect from "effect/Effect"
 *
 * const check = Verify.file("customers.parquet").pipe(
 *   Effect.catchTag("VerifyFailed", ({ differences }) => Effect.logError(differences))
 * )
 * ```
 *
 * @since 0.1.0
 * @category operations
 */
export const file = (
  path: string
): Effect.Effect<Manifest.Manifest, VerifyFailed | ManifestRefused | StorageFailed, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const manifest = yield* Manifest.read(path)
    if (Option.isNone(yield* storage.sizeOf(path))) return yield* new StorageFailed({ path, reason: "missing" })
    const { bytes, sha256 } = yield* storage.digestOf(path)
    const rows = yield* rowsIn(path, manifest.format, bytes)
    const differences = [
      ...difference("bytes", manifest.bytes, bytes),
      ...difference("sha256", manifest.sha256, sha256),
      ...difference(
        "rows",
        manifest.rows,
        Option.getOrElse(rows, () => "unreadable")
      )
    ]
    if (Arr.isNonEmptyReadonlyArray(differences)) return yield* new VerifyFailed({ file: path, differences })
    return manifest
  }).pipe(Effect.withSpan("Verify.file"))
