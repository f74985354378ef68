/**
 * Checkpoints record the progress of an export. A checkpoint is written only after the rows that it counts are durable.
 *
 * @since 0.1.0
 */
import type * as FileSystem from "@effect/platform/FileSystem"
import type * as Path from "@effect/platform/Path"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HashMap from "effect/HashMap"
import * as Layer from "effect/Layer"
import type * as Option from "effect/Option"
import * as Ref from "effect/Ref"
import * as Schema from "effect/Schema"
import { CheckpointRefused, type StorageFailed } from "./ExportError.js"
import * as folder from "./internal/folder.js"
import { exactOptional } from "./internal/schema.js"
import * as storage from "./internal/storage.js"

/**
 * The schema of the position up to which a list was read.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Position = Schema.Struct({
  startedAt: Schema.DateTimeUtc,
  /** When the server said that the list was complete; missing until then. */
  endedAt: exactOptional(Schema.DateTimeUtc),
  /** The cursor of the next page. */
  cursor: exactOptional(Schema.String),
  firstCursor: exactOptional(Schema.String),
  /** The id of the last customer before `cursor`, even if the filter left it out. */
  lastId: exactOptional(Schema.String),
  rows: Schema.NonNegativeInt,
  pages: Schema.NonNegativeInt,
  duplicates: Schema.NonNegativeInt,
  skipped: Schema.NonNegativeInt,
  /** For an export to a table, the number of timestamps that its columns could not hold; missing if there are none. */
  unstorableTimes: exactOptional(Schema.NonNegativeInt)
}).annotations({ identifier: "Position" })

/**
 * The position up to which a list was read.
 *
 * @since 0.1.0
 * @category models
 */
export interface Position extends Schema.Schema.Type<typeof Position> {}

/**
 * The schema of a fingerprint.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Fingerprint = Schema.Record({ key: Schema.String, value: Schema.String }).annotations({
  identifier: "Fingerprint"
})

/**
 * The options, by name, that must be the same in a resumed run and in the run that it continues.
 *
 * @since 0.1.0
 * @category models
 */
export interface Fingerprint extends Schema.Schema.Type<typeof Fingerprint> {}

const Digest = Schema.Struct({ bytes: Schema.NonNegativeInt, sha256: Schema.String })

/**
 * The schema of a checkpoint.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Checkpoint = Schema.Struct({
  fingerprint: Fingerprint,
  position: Position,
  /** For an export to a file, the rows that are durable. */
  rows: exactOptional(Digest),
  /** For an export to a file, the ids that the filter left out. A resumed run needs them to find repeated customers. */
  skipped: exactOptional(Digest),
  /** The finished file, as soon as it is ready to be renamed to its final name. */
  result: exactOptional(Digest)
}).annotations({ identifier: "Checkpoint" })

/**
 * A checkpoint: the position in the list, and the size and the checksum of the files that were written up to there.
 *
 * @since 0.1.0
 * @category models
 */
export interface Checkpoint extends Schema.Schema.Type<typeof Checkpoint> {}

/**
 * A store for the checkpoints of exports to files, by the path of the exported file.
 *
 * @since 0.1.0
 * @category models
 */
export interface CheckpointsService {
  /** Returns the checkpoint, or none if there is none. */
  readonly read: (file: string) => Effect.Effect<Option.Option<Checkpoint>, CheckpointRefused | StorageFailed>
  /** Replaces the checkpoint atomically and durably. */
  readonly write: (file: string, checkpoint: Checkpoint) => Effect.Effect<void, StorageFailed>
  /** Removes the checkpoint, if there is one. */
  readonly remove: (file: string) => Effect.Effect<void, StorageFailed>
}

/**
 * The store for the checkpoints of exports to files. If you do not provide it, exports keep their checkpoints in files.
 *
 * @since 0.1.0
 * @category tags
 */
export class Checkpoints extends Context.Tag("@effect-avara/export/Checkpoints")<Checkpoints, CheckpointsService>() {}

/**
 * Returns the default path of a file's checkpoint: it is in the hidden directory of the unfinished export, next to the file.
 *
 * @since 0.1.0
 * @category paths
 */
export const pathOf = (file: string): string => folder.pathsOf(file).checkpoint

const format = "avara-export-checkpoint"

const formatVersion = 1

const encodeState = Schema.encodeSync(Schema.parseJson(Checkpoint))

const decodeState = Schema.decodeUnknown(Checkpoint)

const Envelope = Schema.parseJson(
  Schema.Struct({
    format: Schema.Literal(format),
    version: Schema.Int,
    sha256: Schema.String,
    checkpoint: Schema.Unknown
  })
)

const decodeEnvelope = Schema.decodeUnknown(Envelope)

const sumOf = (state: unknown): string => storage.hashText(`${formatVersion} ${JSON.stringify(state)}`)

/**
 * Returns the text of a checkpoint, with a checksum that reveals every change.
 *
 * @since 0.1.0
 * @category encoding
 */
export const toText = (checkpoint: Checkpoint): string => {
  const state: unknown = JSON.parse(encodeState(checkpoint))
  return `${JSON.stringify({ format, version: formatVersion, sha256: sumOf(state), checkpoint: state }, null, 2)}\n`
}

/**
 * Returns the checkpoint in a text. Fails with `CheckpointRefused` if the text was changed. `path` appears in the error.
 *
 * @since 0.1.0
 * @category encoding
 */
export const fromText = (path: string, text: string): Effect.Effect<Checkpoint, CheckpointRefused> => {
  const damaged = new CheckpointRefused({ path, reason: "damaged" })
  return Effect.gen(function* () {
    const { checkpoint, sha256, version } = yield* Effect.mapError(decodeEnvelope(text), () => damaged)
    if (version !== formatVersion) return yield* new CheckpointRefused({ path, reason: "version" })
    if (sumOf(checkpoint) !== sha256) return yield* damaged
    return yield* Effect.mapError(decodeState(checkpoint), () => damaged)
  })
}

/**
 * Creates a store that keeps the checkpoint of each export in a file.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeFile: Effect.Effect<CheckpointsService, never, FileSystem.FileSystem | Path.Path> = Effect.map(
  Effect.context<FileSystem.FileSystem | Path.Path>(),
  (context): CheckpointsService => ({
    read: (file) =>
      Effect.flatMap(storage.readText(pathOf(file)), (text) =>
        Effect.transposeMapOption(text, (text) => fromText(pathOf(file), text))
      ).pipe(Effect.provide(context)),
    write: (file, checkpoint) => {
      const { checkpoint: path, newCheckpoint } = folder.pathsOf(file)
      return Effect.provide(storage.replaceText(path, toText(checkpoint), newCheckpoint), context)
    },
    remove: (file) =>
      Effect.provide(Effect.zipRight(storage.remove(pathOf(file)), storage.syncDirectoryOf(pathOf(file))), context)
  })
)

/**
 * Keeps the checkpoint of each export in a file, which is the default.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerFile: Layer.Layer<Checkpoints, never, FileSystem.FileSystem | Path.Path> = Layer.effect(
  Checkpoints,
  makeFile
)

/**
 * Keeps checkpoints in memory: you can resume an export only while the process runs.
 *
 * @example
 * ```ts
 * import { Checkpoint, Export, Sink } from "@effect-avara/export"
 * import * as Effect from "effect/Effect"
 *
 * const nightly = Export.run({ sink: Sink.ndjson("customers.ndjson"), resume: true }).pipe(
 *   Effect.provide(Checkpoint.layerMemory)
 * )
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layerMemory: Layer.Layer<Checkpoints> = Layer.effect(
  Checkpoints,
  Effect.map(Ref.make(HashMap.empty<string, Checkpoint>()), (ref) => ({
    read: (file: string) => Effect.map(Ref.get(ref), HashMap.get(file)),
    write: (file: string, checkpoint: Checkpoint) => Ref.update(ref, HashMap.set(file, checkpoint)),
    remove: (file: string) => Ref.update(ref, HashMap.remove(file))
  }))
)

const differenceOf = (fingerprint: Fingerprint, other: Fingerprint): ReadonlyArray<string> =>
  Array.from(new Set([...Object.keys(fingerprint), ...Object.keys(other)]))
    .filter((name) => fingerprint[name] !== other[name])
    .map((name) => `${name} was ${fingerprint[name] ?? "not set"} and is ${other[name] ?? "not set"}`)

/**
 * Fails with `CheckpointRefused`, which lists the differences, if two fingerprints differ.
 *
 * @since 0.1.0
 * @category guards
 */
export const assertSame = (
  path: string,
  fingerprint: Fingerprint,
  expected: Fingerprint
): Effect.Effect<void, CheckpointRefused> => {
  const differences = differenceOf(fingerprint, expected)
  return differences.length === 0
    ? Effect.void
    : Effect.fail(new CheckpointRefused({ path, reason: "foreign", detail: differences.join(", ") }))
}
