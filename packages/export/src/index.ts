/**
 * @since 0.1.0
 */
export * as Bulk from "./Bulk.js"

/**
 * @since 0.1.0
 */
export * as Checkpoint from "./Checkpoint.js"

/**
 * @since 0.1.0
 */
export * as Export from "./Export.js"

/**
 * @since 0.1.0
 */
export {
  CheckpointRefused,
  DatabaseFailed,
  type ExportError,
  type ImportError,
  InputRefused,
  JournalRefused,
  Locked,
  ManifestRefused,
  Stopped,
  StorageFailed,
  Unfinished,
  VerifyFailed
} from "./ExportError.js"

/**
 * @since 0.1.0
 */
export * as Format from "./Format.js"

/**
 * @since 0.1.0
 */
export * as Import from "./Import.js"

/**
 * @since 0.1.0
 */
export * as Manifest from "./Manifest.js"

/**
 * @since 0.1.0
 */
export * as Rows from "./Rows.js"

/**
 * @since 0.1.0
 */
export * as Sink from "./Sink.js"

/**
 * @since 0.1.0
 */
export * as Verify from "./Verify.js"

/**
 * @since 0.1.0
 */
export * as Work from "./Work.js"
