/**
 * Manifests: a manifest is a file next to an exported file. It states what the export wrote, and proves that the file is complete.
 *
 * @since 0.1.0
 */
import { randomUUID } from "node:crypto"
import { dirname, join } from "node:path"
import type * as FileSystem from "@effect/platform/FileSystem"
import type * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { ManifestRefused, type StorageFailed } from "./ExportError.js"
import { exactOptional } from "./internal/schema.js"
import * as storage from "./internal/storage.js"

/**
 * The schema of a filter.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Filter = Schema.Struct({
  /** `true` keeps only active customers, `false` only deactivated ones. */
  active: Schema.optional(Schema.Boolean),
  /**
   * Keeps customers created at this time or later. Customers without `createdAt` are left out. The export fails if a `createdAt` cannot be
   * read.
   */
  createdSince: Schema.optional(Schema.DateTimeUtc)
}).annotations({ identifier: "Filter" })

/**
 * The customers that an export keeps. The API cannot filter: the export reads every customer, and leaves the others out itself.
 *
 * @since 0.1.0
 * @category models
 */
export interface Filter extends Schema.Schema.Type<typeof Filter> {}

const Sha256 = Schema.String.pipe(Schema.pattern(/^[0-9a-f]{64}$/, { message: () => "64 hex digits" }))

/**
 * The schema of a manifest.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Manifest = Schema.Struct({
  /** The name of the file format, or `sql`. */
  format: Schema.String,
  /** The number of customers written. */
  rows: Schema.NonNegativeInt,
  /** The number of pages in the list. */
  pages: Schema.NonNegativeInt,
  /** The number of repeated customers that were dropped. */
  duplicates: Schema.NonNegativeInt,
  /** The number of customers that the filter left out. */
  skipped: Schema.NonNegativeInt,
  /** The number of timestamps that the columns of a table could not hold, and that are NULL there; missing if there are none. */
  unstorableTimes: exactOptional(Schema.NonNegativeInt),
  /** The size of the file in bytes; missing for a table. */
  bytes: exactOptional(Schema.NonNegativeInt),
  /** The SHA-256 of the complete file, in hexadecimal; missing for a table. */
  sha256: exactOptional(Sha256),
  /** The first cursor that the server returned; missing if the list had one page. */
  firstCursor: exactOptional(Schema.String),
  /** The last cursor that the server returned; missing if the list had one page. */
  lastCursor: exactOptional(Schema.String),
  /** When the first run of the export started. */
  startedAt: Schema.DateTimeUtc,
  /** When the server said that the list was complete. */
  endedAt: Schema.DateTimeUtc,
  /** The filter of the export; missing if it had none. */
  filter: exactOptional(Filter),
  /** The library that wrote the manifest, such as `@effect-avara/export 0.1.0`. */
  library: Schema.String
}).annotations({ identifier: "Manifest" })

/**
 * A manifest: what an export wrote.
 *
 * @since 0.1.0
 * @category models
 */
export interface Manifest extends Schema.Schema.Type<typeof Manifest> {}

/**
 * Returns the path of a file's manifest: `<file>.manifest.json`.
 *
 * @since 0.1.0
 * @category paths
 */
export const pathOf = (file: string): string => `${file}.manifest.json`

const Json = Schema.parseJson(Manifest, { space: 2 })

const encode = Schema.encodeSync(Json)

const decode = Schema.decode(Json)

/**
 * Returns the text of a manifest.
 *
 * @since 0.1.0
 * @category encoding
 */
export const toText = (manifest: Manifest): string => `${encode(manifest)}\n`

/**
 * Writes the manifest of a file atomically: after a crash, either the old or the new manifest is there.
 *
 * @since 0.1.0
 * @category operations
 */
export const write = (
  file: string,
  manifest: Manifest
): Effect.Effect<void, StorageFailed, FileSystem.FileSystem | Path.Path> =>
  storage.replaceText(pathOf(file), toText(manifest), join(dirname(file), `.avara-${randomUUID()}`))

/**
 * Reads the manifest of a file. Fails with `ManifestRefused` if it is missing or damaged.
 *
 * @example
 * ```ts
 * import { Manifest } from "@effect-avara/export"
 * import * as Effect from "effect/Effect"
 *
 * const rows = Manifest.read("customers.ndjson").pipe(Effect.map(({ rows }) => rows))
 * ```
 *
 * @since 0.1.0
 * @category operations
 */
export const read = (file: string): Effect.Effect<Manifest, ManifestRefused | StorageFailed, FileSystem.FileSystem> => {
  const path = pathOf(file)
  return Effect.flatMap(
    storage.readText(path),
    Option.match({
      onNone: () => Effect.fail(new ManifestRefused({ path, reason: "missing" })),
      onSome: (text) => Effect.mapError(decode(text), () => new ManifestRefused({ path, reason: "damaged" }))
    })
  )
}
