/** The options of the operations on jobs. */
import type * as Rows from "@effect-avara/export/Rows"
import type * as Duration from "effect/Duration"
import type { JobId, Kind, State } from "../../Job.js"
import type { BulkPayload, MirrorPayload } from "../database/payload.js"

/**
 * The options of an import job. The complete file is read, checked and written to the database before the job is queued.
 *
 * @since 0.1.0
 * @category options
 */
export interface ImportOptions extends Rows.Options {
  /** As in `Import.Options`. */
  readonly keyName?: string | undefined
  /** As in `Import.Options`; 5 seconds by default. */
  readonly settle?: Duration.DurationInput | undefined
}

/**
 * The options of a bulk job. The complete file is read, checked and written to the database before the job is queued.
 *
 * @since 0.1.0
 * @category options
 */
export interface BulkOptions extends Rows.Options {
  /** The operation on each customer in the file. */
  readonly operation: typeof BulkPayload.Type.operation
}

/**
 * The options of a mirror.
 *
 * @since 0.1.0
 * @category options
 */
export interface MirrorOptions {
  /** The table in the database of the jobs. If it does not exist, it is created. */
  readonly table: string
  /** As in `Export.Options`; `"none"` by default. With `"none"`, customers that are deleted while the list is read can hide other customers. */
  readonly verify?: typeof MirrorPayload.Type.verify | undefined
}

/**
 * The options of a schedule.
 *
 * @since 0.1.0
 * @category options
 */
export interface ScheduleOptions extends MirrorOptions {
  /** The name of the schedule, 1 to 200 characters; `mirror:<table>` by default. */
  readonly name?: string | undefined
  /** A cron expression with 5 fields, such as `0 2 * * *`, or 6 fields with the second first. */
  readonly cron: string
  /** The time zone of the expression, such as `Europe/Berlin` or `+02:00`; `UTC` by default, regardless of where the workers run. */
  readonly zone?: string | undefined
}

/**
 * The jobs to list; all by default.
 *
 * @since 0.1.0
 * @category options
 */
export interface ListOptions {
  /** Only jobs in this state. */
  readonly state?: State | undefined
  /** Only jobs of this kind. */
  readonly kind?: Kind | undefined
  /** Only jobs after this one in the list, such as the last job of the previous page. */
  readonly after?: JobId | undefined
}

/**
 * The rejected rows to read; all by default.
 *
 * @since 0.1.0
 * @category options
 */
export interface RejectsOptions {
  /** Only rows that start after this line, such as the last line of the previous page. */
  readonly after?: number | undefined
}
