/**
 * How far an export is: written only after the rows that it speaks of are durable.
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
 * How far a list was read.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Position = Schema.Struct({
  startedAt: Schema.DateTimeUtc,
  /** Set when the server said that the list is complete. */
  endedAt: exactOptional(Schema.DateTimeUtc),
  /** Where the next page starts. */
  cursor: exactOptional(Schema.String),
  firstCursor: exactOptional(Schema.String),
  /** The last customer that was read before `cursor`, whether the filter kept it or not. */
  lastId: exactOptional(Schema.String),
  rows: Schema.NonNegativeInt,
  pages: Schema.NonNegativeInt,
  duplicates: Schema.NonNegativeInt,
  skipped: Schema.NonNegativeInt,
  /** In an export to a table, how many timestamps its columns could not hold; missing if none. */
  unstorableTimes: exactOptional(Schema.NonNegativeInt)
}).annotations({ identifier: "Position" })

/**
 * How far a list was read.
 *
 * @since 0.1.0
 * @category models
 */
export interface Position extends Schema.Schema.Type<typeof Position> {}

/**
 * The options that a resumed run must have in common with the one that it goes on from, by name.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Fingerprint = Schema.Record({ key: Schema.String, value: Schema.String }).annotations({
  identifier: "Fingerprint"
})

/**
 * The options that a resumed run must have in common with the one that it goes on from, by name.
 *
 * @since 0.1.0
 * @category models
 */
export interface Fingerprint extends Schema.Schema.Type<typeof Fingerprint> {}

const Digest = Schema.Struct({ bytes: Schema.NonNegativeInt, sha256: Schema.String })

/**
 * A checkpoint: the position, and how much of which files stands for it.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Checkpoint = Schema.Struct({
  fingerprint: Fingerprint,
  position: Position,
  /** In an export to a file, the rows that are durable. */
  rows: exactOptional(Digest),
  /** In an export to a file, the ids that the filter left out, so that they are known again. */
  skipped: exactOptional(Digest),
  /** The finished file, once it is ready to get its final name. */
  result: exactOptional(Digest)
}).annotations({ identifier: "Checkpoint" })

/**
 * A checkpoint: the position, and how much of which files stands for it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Checkpoint extends Schema.Schema.Type<typeof Checkpoint> {}

/**
 * Where the checkpoints of exports to files are kept, by the path of the export's file.
 *
 * @since 0.1.0
 * @category models
 */
export interface CheckpointsService {
  readonly read: (file: string) => Effect.Effect<Option.Option<Checkpoint>, CheckpointRefused | StorageFailed>
  /** Replaces the checkpoint in one step, durably. */
  readonly write: (file: string, checkpoint: Checkpoint) => Effect.Effect<void, StorageFailed>
  readonly remove: (file: string) => Effect.Effect<void, StorageFailed>
}

/**
 * Where the checkpoints of exports to files are kept; without this service, in files.
 *
 * @since 0.1.0
 * @category tags
 */
export class Checkpoints extends Context.Tag("@effect-avara/export/Checkpoints")<Checkpoints, CheckpointsService>() {}

/**
 * Returns where the checkpoint of a file is by default: in the hidden directory beside it that holds an unfinished export.
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
 * The text that a checkpoint is kept as, with a sum that gives every change away.
 *
 * @since 0.1.0
 * @category encoding
 */
export const toText = (checkpoint: Checkpoint): string => {
  const state: unknown = JSON.parse(encodeState(checkpoint))
  return `${JSON.stringify({ format, version: formatVersion, sha256: sumOf(state), checkpoint: state }, null, 2)}\n`
}

/**
 * The checkpoint that a text holds; a text that was changed is refused. `path` is for the error.
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
 * Keeps the checkpoint of each export in a file.
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
 * Keeps the checkpoint of each export in a file.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerFile: Layer.Layer<Checkpoints, never, FileSystem.FileSystem | Path.Path> = Layer.effect(
  Checkpoints,
  makeFile
)

/**
 * Checkpoints in the memory of the process: an export can be resumed as long as it runs.
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
 * Refuses a checkpoint whose fingerprint is another one, and says what differs.
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
