/**
 * What exports, imports and bulk operations can fail with, beside the failures of the API itself. No error holds a customer's data.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { exactOptional } from "./internal/schema.js"

const storageReasons = {
  full: "the disk or the quota is full",
  denied: "this user may not write there",
  readOnly: "the file system is read-only",
  missing: "it, or the directory that it would be in, does not exist",
  directory: "it is a directory, or a part of the path is a file",
  name: "the name is longer than the file system allows",
  special: "it is not a regular file",
  occupied: "something else is in the way",
  other: "the operating system refused"
}

/**
 * A file could not be read or written. The checkpoint is still valid: resume the export once the cause is gone.
 *
 * @since 0.1.0
 * @category errors
 */
export class StorageFailed extends Schema.TaggedError<StorageFailed>("@effect-avara/export/StorageFailed")(
  "StorageFailed",
  {
    path: Schema.String,
    /**
     * `special`: the destination is a link, a device or a pipe, which an export does not replace. `occupied`: something that this library did
     * not write is where it keeps a file of its own. Either is left as it is.
     */
    reason: Schema.Literal(
      "full",
      "denied",
      "readOnly",
      "missing",
      "directory",
      "name",
      "special",
      "occupied",
      "other"
    ),
    /** The operating system's own code, such as `ENOSPC`. */
    code: exactOptional(Schema.String),
    /** For `special` and `occupied`, what is there and what to do about it. */
    detail: exactOptional(Schema.String)
  }
) {
  /**
   * @since 0.1.0
   */
  override get message(): string {
    return `${this.path}: ${this.detail ?? storageReasons[this.reason]}${this.code === undefined ? "" : ` (${this.code})`}`
  }
}

/**
 * The database refused. What the checkpoint in it says is still true: the export can be resumed when the cause is gone.
 *
 * @since 0.1.0
 * @category errors
 */
export class DatabaseFailed extends Schema.TaggedError<DatabaseFailed>("@effect-avara/export/DatabaseFailed")(
  "DatabaseFailed",
  {
    table: Schema.String,
    detail: Schema.String,
    /** Set when no later run can write this table either: its name, its columns or its database are not what an export needs. */
    unusable: exactOptional(Schema.Boolean)
  }
) {
  /**
   * @since 0.1.0
   */
  override get message(): string {
    return `the table ${this.table} could not be written: ${this.detail}`
  }
}

const checkpointReasons = {
  damaged: "it is not a checkpoint, or it is damaged",
  version: "another version of this library wrote it",
  foreign: "it belongs to an export with other options",
  rows: "the rows that it counts are missing or were changed",
  expired: "the server no longer accepts the cursor where it stopped, so the list has to begin again"
}

/**
 * There is a checkpoint, but resuming from it fails or could give a wrong file: discard it to start over.
 *
 * @since 0.1.0
 * @category errors
 */
export class CheckpointRefused extends Schema.TaggedError<CheckpointRefused>("@effect-avara/export/CheckpointRefused")(
  "CheckpointRefused",
  {
    path: Schema.String,
    reason: Schema.Literal("damaged", "version", "foreign", "rows", "expired"),
    /** For `foreign`, what differs. */
    detail: exactOptional(Schema.String)
  }
) {
  /**
   * @since 0.1.0
   */
  override get message(): string {
    const detail = this.detail === undefined ? "" : `: ${this.detail}`
    return `${this.path} cannot be resumed from: ${checkpointReasons[this.reason]}${detail}; discard it to start over`
  }
}

/**
 * An earlier run to the same destination did not end, and neither `resume` nor `discard` says what to do with it.
 *
 * @since 0.1.0
 * @category errors
 */
export class Unfinished extends Schema.TaggedError<Unfinished>("@effect-avara/export/Unfinished")("Unfinished", {
  destination: Schema.String,
  /** How many rows it has, where its checkpoint can be read. */
  rows: exactOptional(Schema.NonNegativeInt)
}) {
  /**
   * @since 0.1.0
   */
  override get message(): string {
    const rows = this.rows === undefined ? "" : ` after ${this.rows} rows`
    return `an export to ${this.destination} stopped${rows}: resume it, or discard it to start over`
  }
}

/**
 * Another process, or another fiber of this one, writes to the same destination. The lock ends with its holder: run again after that.
 *
 * @since 0.1.0
 * @category errors
 */
export class Locked extends Schema.TaggedError<Locked>("@effect-avara/export/Locked")("Locked", {
  path: Schema.String,
  /** Who holds the lock, if that is known. */
  owner: exactOptional(Schema.String),
  /** Set when this run held the lock and lost it, because it was paused for too long or its files were moved. */
  lost: exactOptional(Schema.Boolean)
}) {
  /**
   * @since 0.1.0
   */
  override get message(): string {
    if (this.lost === true)
      return `${this.path}: this run lost its lock, so it stopped; another run may have taken over`
    return `${this.path} is held by ${this.owner ?? "another run"}; start this run again when that one has ended`
  }
}

/**
 * The run was asked to stop and did, after a page or a row. Its checkpoint or journal is kept.
 *
 * @since 0.1.0
 * @category errors
 */
export class Stopped extends Schema.TaggedError<Stopped>("@effect-avara/export/Stopped")("Stopped", {
  destination: Schema.String,
  rows: Schema.NonNegativeInt,
  /** How many pages an export had read. */
  pages: exactOptional(Schema.NonNegativeInt)
}) {
  /**
   * @since 0.1.0
   */
  override get message(): string {
    const pages = this.pages === undefined ? "" : ` in ${this.pages} pages`
    return `${this.destination}: stopped after ${this.rows} rows${pages}; resume to go on`
  }
}

/**
 * What `Export.run` adds to the failures of the list.
 *
 * @since 0.1.0
 * @category models
 */
export type ExportError = StorageFailed | DatabaseFailed | CheckpointRefused | Unfinished | Locked | Stopped

/**
 * A file has no manifest, or one that cannot be read.
 *
 * @since 0.1.0
 * @category errors
 */
export class ManifestRefused extends Schema.TaggedError<ManifestRefused>("@effect-avara/export/ManifestRefused")(
  "ManifestRefused",
  { path: Schema.String, reason: Schema.Literal("missing", "damaged") }
) {
  /**
   * @since 0.1.0
   */
  override get message(): string {
    return this.reason === "missing"
      ? `${this.path} does not exist: the export did not end, or the manifest was moved`
      : `${this.path} is not the manifest of an export, or it is damaged`
  }
}

/**
 * A file is not what its manifest says.
 *
 * @since 0.1.0
 * @category errors
 */
export class VerifyFailed extends Schema.TaggedError<VerifyFailed>("@effect-avara/export/VerifyFailed")(
  "VerifyFailed",
  {
    file: Schema.String,
    differences: Schema.NonEmptyArray(
      Schema.Struct({
        what: Schema.Literal("bytes", "sha256", "rows"),
        expected: Schema.String,
        actual: Schema.String
      })
    )
  }
) {
  /**
   * @since 0.1.0
   */
  override get message(): string {
    const texts = this.differences.map(({ actual, expected, what }) => `${what}: ${actual} instead of ${expected}`)
    return `${this.file} is not what its manifest says: ${texts.join("; ")}`
  }
}

/**
 * A file of rows cannot be used: it is not text, a quote is broken, a column is unknown, two rows have one key. Nothing was sent, unless
 * the file changed while it was read.
 *
 * @since 0.1.0
 * @category errors
 */
export class InputRefused extends Schema.TaggedError<InputRefused>("@effect-avara/export/InputRefused")(
  "InputRefused",
  {
    file: Schema.String,
    /** The line that cannot be used, from 1. */
    line: exactOptional(Schema.Int),
    /** The first byte that cannot be used, counted from 0. */
    offset: exactOptional(Schema.Int),
    detail: Schema.String
  }
) {
  /**
   * @since 0.1.0
   */
  override get message(): string {
    const line = this.line === undefined ? "" : `, line ${this.line}`
    const offset = this.offset === undefined ? "" : `, byte offset ${this.offset}`
    return `${this.file}${line}${offset}: ${this.detail}`
  }
}

const journalReasons = {
  exists: "an earlier run began with this file; resume it, which skips what was done",
  operation: "an earlier run did something else with this file",
  changed:
    "the file was changed after an earlier run began with it; put it back as it was and resume, and put new or corrected rows into a file with another name",
  version:
    "another version of this library wrote it; resume with that version, or move the journal away and run again, an import with the option that looks first (--look-first)",
  damaged:
    "it is damaged; move it away and run again, an import with the option that looks first (--look-first), which finds what was created",
  notOurs: "this library did not write it; move it away or give the file of rows another name",
  special: "it is a link or a special file; move it away or give the file of rows another name"
}

/**
 * The journal or the rejects beside a file of rows cannot be used: this run could do things twice, or overwrite what is not its own.
 *
 * @since 0.1.0
 * @category errors
 */
export class JournalRefused extends Schema.TaggedError<JournalRefused>("@effect-avara/export/JournalRefused")(
  "JournalRefused",
  {
    path: Schema.String,
    reason: Schema.Literal("exists", "operation", "changed", "version", "damaged", "notOurs", "special"),
    /** For `operation`, what the earlier run did. */
    detail: exactOptional(Schema.String)
  }
) {
  /**
   * @since 0.1.0
   */
  override get message(): string {
    const detail =
      this.detail === undefined
        ? ""
        : ` (${this.detail}); copy the file to another name and use that for this operation`
    return `${this.path}: ${journalReasons[this.reason]}${detail}`
  }
}

/**
 * What `Import.customers` and `Bulk.run` add to the failures of the API.
 *
 * @since 0.1.0
 * @category models
 */
export type ImportError = StorageFailed | InputRefused | JournalRefused | Locked | Stopped
