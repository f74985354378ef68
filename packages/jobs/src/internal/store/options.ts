/** What the operations of the jobs take. */
import type * as Rows from "@effect-avara/export/Rows"
import type * as Duration from "effect/Duration"
import type { JobId, Kind, State } from "../../Job.js"
import type { BulkPayload, MirrorPayload } from "../database/payload.js"

/**
 * The file whose rows an import creates. It is read as a whole, checked, and written into the database before the job is queued.
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
 * The file whose customers an operation changes. It is read as a whole, checked, and written into the database before the job is queued.
 *
 * @since 0.1.0
 * @category options
 */
export interface BulkOptions extends Rows.Options {
  readonly operation: typeof BulkPayload.Type.operation
}

/**
 * @since 0.1.0
 * @category options
 */
export interface MirrorOptions {
  /** The table, in the database of the jobs; it is made if it does not exist. */
  readonly table: string
  /** As in `Export.Options`; `"none"` by default. With `"none"`, a customer can be hidden by others that are deleted while the list is read. */
  readonly verify?: typeof MirrorPayload.Type.verify | undefined
}

/**
 * @since 0.1.0
 * @category options
 */
export interface ScheduleOptions extends MirrorOptions {
  /** What the schedule is known by: 1 to 200 characters. `mirror:<table>` by default. */
  readonly name?: string | undefined
  /** The 5 fields of a cron expression, such as `0 2 * * *`, or 6 with the second first. */
  readonly cron: string
  /** The time zone that the expression is read in, such as `Europe/Berlin` or `+02:00`; `UTC` by default, wherever the workers run. */
  readonly zone?: string | undefined
}

/**
 * @since 0.1.0
 * @category options
 */
export interface ListOptions {
  readonly state?: State | undefined
  readonly kind?: Kind | undefined
  /** The last job of the page before: only jobs that come after it in the list. */
  readonly after?: JobId | undefined
}

/**
 * @since 0.1.0
 * @category options
 */
export interface RejectsOptions {
  /** The last line of the page before: only rows that begin after it. */
  readonly after?: number | undefined
}
