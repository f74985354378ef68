/**
 * Verification: the proof that a file is what an export wrote.
 *
 * @since 0.1.0
 */
import type * as FileSystem from "@effect/platform/FileSystem"
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { type ManifestRefused, StorageFailed, VerifyFailed } from "./ExportError.js"
import * as Format from "./Format.js"
import { encodingOf } from "./internal/encodings.js"
import * as storage from "./internal/storage.js"
import * as Manifest from "./Manifest.js"

type Difference = VerifyFailed["differences"][number]

const rowsIn = (path: string, name: string, size: number) =>
  Format.isName(name)
    ? Effect.flatMap(encodingOf(name), (encoding) => encoding.count(path, size))
    : Effect.succeed(Option.none<number>())

const difference = (what: Difference["what"], expected: unknown, actual: unknown): ReadonlyArray<Difference> =>
  expected === actual ? [] : [{ what, expected: String(expected), actual: String(actual) }]

/**
 * Compares a file with its manifest: its size, its SHA-256, and the actual number of rows in it. Returns the manifest, or fails with
 * `VerifyFailed`, which lists the differences.
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
