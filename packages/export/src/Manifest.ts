/**
 * What an export wrote, beside the file that it wrote: the proof that the file is whole.
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
 * Which customers an export keeps. The API filters nothing: every customer is read, and the others are left out here.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Filter = Schema.Struct({
  /** Active customers only, or deactivated ones only. */
  active: Schema.optional(Schema.Boolean),
  /** Customers created at this time or later; one without `createdAt` is left out. A `createdAt` that cannot be read fails the export. */
  createdSince: Schema.optional(Schema.DateTimeUtc)
}).annotations({ identifier: "Filter" })

/**
 * Which customers an export keeps. The API filters nothing: every customer is read, and the others are left out here.
 *
 * @since 0.1.0
 * @category models
 */
export interface Filter extends Schema.Schema.Type<typeof Filter> {}

const Sha256 = Schema.String.pipe(Schema.pattern(/^[0-9a-f]{64}$/, { message: () => "64 hex digits" }))

/**
 * What an export wrote.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Manifest = Schema.Struct({
  /** The name of the format: that of a file, or `sql`. */
  format: Schema.String,
  /** How many customers were written. */
  rows: Schema.NonNegativeInt,
  /** How many pages the list had. */
  pages: Schema.NonNegativeInt,
  /** How many customers the list gave again, which were dropped. */
  duplicates: Schema.NonNegativeInt,
  /** How many customers the filter left out. */
  skipped: Schema.NonNegativeInt,
  /** How many timestamps the columns of a table could not hold and have NULL for; missing if none. */
  unstorableTimes: exactOptional(Schema.NonNegativeInt),
  /** The size of the file; a database has none. */
  bytes: exactOptional(Schema.NonNegativeInt),
  /** Of the whole file, in hex; a database has none. */
  sha256: exactOptional(Sha256),
  /** The first cursor that the server gave; a list of one page gives none. */
  firstCursor: exactOptional(Schema.String),
  /** The last cursor that the server gave. */
  lastCursor: exactOptional(Schema.String),
  /** When the export began, in its first run. */
  startedAt: Schema.DateTimeUtc,
  /** When the server said that the list was complete. */
  endedAt: Schema.DateTimeUtc,
  filter: exactOptional(Filter),
  /** The library that wrote it, such as `@effect-avara/export 0.1.0`. */
  library: Schema.String
}).annotations({ identifier: "Manifest" })

/**
 * What an export wrote.
 *
 * @since 0.1.0
 * @category models
 */
export interface Manifest extends Schema.Schema.Type<typeof Manifest> {}

/**
 * Where the manifest of a file is: beside it.
 *
 * @since 0.1.0
 * @category paths
 */
export const pathOf = (file: string): string => `${file}.manifest.json`

const Json = Schema.parseJson(Manifest, { space: 2 })

const encode = Schema.encodeSync(Json)

const decode = Schema.decode(Json)

/**
 * Returns the text that a manifest is kept as.
 *
 * @since 0.1.0
 * @category encoding
 */
export const toText = (manifest: Manifest): string => `${encode(manifest)}\n`

/**
 * Writes the manifest of a file in one step: after a crash there is the old one or the new one.
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
 * Reads the manifest of a file.
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
