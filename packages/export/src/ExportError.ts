/**
 * The errors of exports, imports and bulk operations, in addition to those of the API. No error contains a customer's data.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { exactOptional } from "./internal/schema.js"

const storageReasons = {
  full: "the disk or the quota is full",
  denied: "this user has no permission to write there",
  readOnly: "the file system is read-only",
  missing: "the file or its directory does not exist",
  directory: "it is a directory, or part of the path is a file",
  name: "the name is longer than the file system allows",
  special: "it is not a regular file",
  occupied: "something else is already there",
  other: "the operating system refused the operation"
}

/**
 * A file could not be read or written. The checkpoint is still valid: resume the export after you have removed the cause.
 *
 * @since 0.1.0
 * @category errors
 */
export class StorageFailed extends Schema.TaggedError<StorageFailed>("@effect-avara/export/StorageFailed")(
  "StorageFailed",
  {
    path: Schema.String,
    /**
     * `special`: the destination is a link, a device or a pipe, which an export does not replace. `occupied`: the library needs this path for
     * its own file, but something that it did not write is there. Both are left unchanged.
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
    /** The error code of the operating system, such as `ENOSPC`. */
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
 * The database refused an operation. Its checkpoint is still valid: resume the export after you have removed the cause.
 *
 * @since 0.1.0
 * @category errors
 */
export class DatabaseFailed extends Schema.TaggedError<DatabaseFailed>("@effect-avara/export/DatabaseFailed")(
  "DatabaseFailed",
  {
    table: Schema.String,
    detail: Schema.String,
    /** `true` if no later run can write this table either, because its name, its columns or its database do not suit an export. */
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
  expired: "the server no longer accepts its cursor, so the list must start over"
}

/**
 * The export cannot resume from its checkpoint, or the resumed file could be wrong. Discard the checkpoint to start over.
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
    return `cannot resume from ${this.path}: ${checkpointReasons[this.reason]}${detail}; discard it to start over`
  }
}

/**
 * An earlier export to the same destination is unfinished, and neither `resume` nor `discard` is set.
 *
 * @since 0.1.0
 * @category errors
 */
export class Unfinished extends Schema.TaggedError<Unfinished>("@effect-avara/export/Unfinished")("Unfinished", {
  destination: Schema.String,
  /** The number of rows that it has written; missing if its checkpoint cannot be read. */
  rows: exactOptional(Schema.NonNegativeInt)
}) {
  /**
   * @since 0.1.0
   */
  override get message(): string {
    const rows = this.rows === undefined ? "" : ` after ${this.rows} rows`
    return `an export to ${this.destination} stopped${rows}; resume it, or discard it to start over`
  }
}

/**
 * Another process, or another fiber of this process, writes to the same destination. The lock ends with its holder: run again after that.
 *
 * @since 0.1.0
 * @category errors
 */
export class Locked extends Schema.TaggedError<Locked>("@effect-avara/export/Locked")("Locked", {
  path: Schema.String,
  /** The holder of the lock, if it is known. */
  owner: exactOptional(Schema.String),
  /** `true` if this run held the lock and lost it, because the run was paused for too long or its files were moved. */
  lost: exactOptional(Schema.Boolean)
}) {
  /**
   * @since 0.1.0
   */
  override get message(): string {
    if (this.lost === true) return `${this.path}: this run lost its lock and stopped; another run may have taken over`
    return `${this.path} is held by ${this.owner ?? "another run"}; start this run again when that one has ended`
  }
}

/**
 * The run was asked to stop, and stopped after a page or a row. Its checkpoint or journal is kept.
 *
 * @since 0.1.0
 * @category errors
 */
export class Stopped extends Schema.TaggedError<Stopped>("@effect-avara/export/Stopped")("Stopped", {
  destination: Schema.String,
  rows: Schema.NonNegativeInt,
  /** The number of pages that an export had read. */
  pages: exactOptional(Schema.NonNegativeInt)
}) {
  /**
   * @since 0.1.0
   */
  override get message(): string {
    const pages = this.pages === undefined ? "" : ` in ${this.pages} pages`
    return `${this.destination}: stopped after ${this.rows} rows${pages}; resume it to continue`
  }
}

/**
 * The errors of `Export.run`, in addition to those of the list.
 *
 * @since 0.1.0
 * @category models
 */
export type ExportError = StorageFailed | DatabaseFailed | CheckpointRefused | Unfinished | Locked | Stopped

/**
 * The manifest of a file is missing or cannot be read.
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
      ? `${this.path} does not exist: the export is unfinished, or the manifest was moved`
      : `${this.path} is not the manifest of an export, or it is damaged`
  }
}

/**
 * A file differs from its manifest.
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
    return `${this.file} differs from its manifest: ${texts.join("; ")}`
  }
}

/**
 * A file of rows cannot be used: for example, it is not text, a quote is broken, a column is unknown, or two rows have the same key.
 * Nothing was sent, unless the file changed while it was read.
 *
 * @since 0.1.0
 * @category errors
 */
export class InputRefused extends Schema.TaggedError<InputRefused>("@effect-avara/export/InputRefused")(
  "InputRefused",
  {
    file: Schema.String,
    /** The line that cannot be used, counted from 1. */
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
  exists: "an earlier run started on this file; resume it to skip the rows that are done",
  operation: "an earlier run did something else with this file",
  changed:
    "the file was changed after an earlier run started on it; restore it and resume, and put new or corrected rows into a file with another name",
  version:
    "another version of this library wrote it; resume with that version, or move the journal away and run again (an import with --look-first)",
  damaged:
    "it is damaged; move it away and run again (an import with --look-first, which finds the customers that were created)",
  notOurs: "this library did not write it; move it away or give the file of rows another name",
  special: "it is a link or a special file; move it away or give the file of rows another name"
}

/**
 * The journal or the rejects file next to a file of rows cannot be used: this run could do a row twice, or overwrite a file that
 * this library did not write.
 *
 * @since 0.1.0
 * @category errors
 */
export class JournalRefused extends Schema.TaggedError<JournalRefused>("@effect-avara/export/JournalRefused")(
  "JournalRefused",
  {
    path: Schema.String,
    reason: Schema.Literal("exists", "operation", "changed", "version", "damaged", "notOurs", "special"),
    /** For `operation`, the operation of the earlier run. */
    detail: exactOptional(Schema.String)
  }
) {
  /**
   * @since 0.1.0
   */
  override get message(): string {
    const detail =
      this.detail === undefined ? "" : ` (${this.detail}); for this operation, use a copy of the file with another name`
    return `${this.path}: ${journalReasons[this.reason]}${detail}`
  }
}

/**
 * The errors of `Import.customers` and `Bulk.run`, in addition to those of the API.
 *
 * @since 0.1.0
 * @category models
 */
export type ImportError = StorageFailed | InputRefused | JournalRefused | Locked | Stopped
