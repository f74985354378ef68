/**
 * @since 0.1.0
 */
export * as BulkJob from "./BulkJob.js"

/**
 * @since 0.1.0
 */
export * as Changes from "./Changes.js"

/**
 * @since 0.1.0
 */
export * as ImportJob from "./ImportJob.js"

/**
 * @since 0.1.0
 */
export * as Job from "./Job.js"

/**
 * @since 0.1.0
 */
export { AlreadySubmitted, JobNotFound, JobsDatabaseFailed, NotPossible, ScheduleRefused } from "./JobError.js"

/**
 * @since 0.1.0
 */
export * as Jobs from "./Jobs.js"

/**
 * @since 0.1.0
 */
export * as JobsPage from "./JobsPage.js"

/**
 * @since 0.1.0
 */
export * as MirrorJob from "./MirrorJob.js"

/**
 * @since 0.1.0
 */
export * as SqliteClient from "./SqliteClient.js"

/**
 * @since 0.1.0
 */
export * as Telemetry from "./Telemetry.js"
