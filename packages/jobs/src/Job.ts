/**
 * Jobs as data: the id, the state and the progress of a job.
 *
 * @since 0.1.0
 */
import * as Issue from "@effect-avara/core/Issue"
import * as Schema from "effect/Schema"
import { BulkPayload, MirrorPayload } from "./internal/database/payload.js"

/**
 * The schema of a job id: `job_` and 32 lowercase hex digits.
 *
 * @since 0.1.0
 * @category models
 */
export const JobId = Schema.String.pipe(
  Schema.pattern(/^job_[0-9a-f]{32}$/, { message: () => "expected job_ and 32 lowercase hex digits" }),
  Schema.brand("@effect-avara/jobs/JobId")
)

/**
 * The id of a job.
 *
 * @since 0.1.0
 * @category models
 */
export type JobId = typeof JobId.Type

/**
 * The schema of the kind of a job.
 *
 * @since 0.1.0
 * @category models
 */
export const Kind = Schema.Literal("import", "bulk", "mirror")

/**
 * The kind of a job: an import, a bulk operation or a mirror.
 *
 * @since 0.1.0
 * @category models
 */
export type Kind = typeof Kind.Type

/**
 * The schema of the state of a job.
 *
 * @since 0.1.0
 * @category models
 */
export const State = Schema.Literal("preparing", "queued", "running", "cancelling", "cancelled", "done", "failed")

/**
 * The state of a job. `preparing`: its rows are being written, and no worker can start it yet. `cancelling`: no more rows are started, and
 * rows that were sent are finished.
 *
 * @since 0.1.0
 * @category models
 */
export type State = typeof State.Type

/**
 * The schema of the progress of a job.
 *
 * @since 0.1.0
 * @category models
 */
export const Progress = Schema.Struct({
  /** The number of rows of the job; absent while they are being written, and for a mirror until the end of the list. */
  total: Schema.optional(Schema.NonNegativeInt),
  /** The number of rows that have not been started. */
  pending: Schema.NonNegativeInt,
  /** The number of rows in flight, or that were sent without a known response. */
  sent: Schema.NonNegativeInt,
  /** The number of rows that are done; for a mirror, the number of customers written. */
  done: Schema.NonNegativeInt,
  /** The number of rows that are invalid or that the server refused. */
  rejected: Schema.NonNegativeInt
})

/**
 * The progress of a job: the number of its rows in each state.
 *
 * @since 0.1.0
 * @category models
 */
export type Progress = typeof Progress.Type

/**
 * The schema of the failure of a job.
 *
 * @since 0.1.0
 * @category models
 */
export const Failure = Schema.Struct({ tag: Schema.String, message: Schema.String })

/**
 * Why a job failed: the tag and the message of the error that ended it. The message contains no customer's data.
 *
 * @since 0.1.0
 * @category models
 */
export type Failure = typeof Failure.Type

/**
 * The schema of a job.
 *
 * @since 0.1.0
 * @category models
 */
export const Job = Schema.Struct({
  id: JobId,
  kind: Kind,
  /** The name of the file that its rows came from, or the table of a mirror. */
  subject: Schema.String,
  /** For a bulk job, the operation. */
  operation: Schema.optional(BulkPayload.fields.operation),
  state: State,
  progress: Progress,
  /** The number of the run: 1, plus one for each retry. */
  run: Schema.Positive.pipe(Schema.int()),
  /** Why the job is waiting, such as an API that is down. */
  waitingFor: Schema.optional(Schema.String),
  failure: Schema.optional(Failure),
  submittedAt: Schema.DateTimeUtc,
  startedAt: Schema.optional(Schema.DateTimeUtc),
  endedAt: Schema.optional(Schema.DateTimeUtc)
})

/**
 * A job in its current state.
 *
 * @since 0.1.0
 * @category models
 */
export interface Job extends Schema.Schema.Type<typeof Job> {}

/**
 * The schema of a rejected row.
 *
 * @since 0.1.0
 * @category models
 */
export const Reject = Schema.Struct({
  /** The line of the file where the row starts, counted from 1. */
  line: Schema.Positive.pipe(Schema.int()),
  /** The reasons why the row was rejected. */
  issues: Schema.NonEmptyArray(Issue.Issue),
  /** The original row of the file. */
  row: Schema.Unknown
})

/**
 * A rejected row, with the reasons and the original row of the file.
 *
 * @since 0.1.0
 * @category models
 */
export type Reject = typeof Reject.Type

/**
 * The schema of a sample.
 *
 * @since 0.1.0
 * @category models
 */
export const Sample = Schema.Struct({
  at: Schema.DateTimeUtc,
  done: Schema.NonNegativeInt,
  rejected: Schema.NonNegativeInt
})

/**
 * The progress of a job at one point in time.
 *
 * @since 0.1.0
 * @category models
 */
export type Sample = typeof Sample.Type

/**
 * The schema of a schedule.
 *
 * @since 0.1.0
 * @category models
 */
export const Schedule = Schema.Struct({
  name: Schema.String,
  /** The cron expression: 5 fields, or 6 fields with the second first. */
  cron: Schema.String,
  /** The time zone of the expression. */
  zone: Schema.String,
  ...MirrorPayload.fields,
  /** When the workers submit the next mirror. */
  nextAt: Schema.DateTimeUtc,
  /** The last job that the schedule submitted; absent if there was none yet. */
  lastJob: Schema.optional(JobId)
})

/**
 * A schedule on which the workers submit a mirror repeatedly.
 *
 * @since 0.1.0
 * @category models
 */
export interface Schedule extends Schema.Schema.Type<typeof Schedule> {}

const ends: Readonly<Record<State, boolean>> = {
  preparing: false,
  queued: false,
  running: false,
  cancelling: false,
  cancelled: true,
  done: true,
  failed: true
}

/**
 * Checks whether a job has ended: nothing more happens to it unless it is retried.
 *
 * @since 0.1.0
 * @category models
 */
export const isEnded = ({ state }: Pick<Job, "state">): boolean => ends[state]

/**
 * The schema of the outcome of a job.
 *
 * @since 0.1.0
 * @category models
 */
export const Outcome = Schema.Struct({ done: Schema.NonNegativeInt, rejected: Schema.NonNegativeInt })

/**
 * The outcome of a job that ended without a failure.
 *
 * @since 0.1.0
 * @category models
 */
export type Outcome = typeof Outcome.Type
