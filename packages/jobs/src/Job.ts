/**
 * What a job is: its id, its state, and how far it is.
 *
 * @since 0.1.0
 */
import * as Issue from "@effect-avara/core/Issue"
import * as Schema from "effect/Schema"
import { BulkPayload, MirrorPayload } from "./internal/database/payload.js"

/**
 * The id of a job: `job_` and 32 lower-case hex digits.
 *
 * @since 0.1.0
 * @category models
 */
export const JobId = Schema.String.pipe(
  Schema.pattern(/^job_[0-9a-f]{32}$/, { message: () => "expected job_ and 32 lower-case hex digits" }),
  Schema.brand("@effect-avara/jobs/JobId")
)

/**
 * @since 0.1.0
 * @category models
 */
export type JobId = typeof JobId.Type

/**
 * What a job does.
 *
 * @since 0.1.0
 * @category models
 */
export const Kind = Schema.Literal("import", "bulk", "mirror")

/**
 * @since 0.1.0
 * @category models
 */
export type Kind = typeof Kind.Type

/**
 * Where a job is. `preparing`: its rows are being written, and no worker takes it. `cancelling`: no row is begun any more, and those that were
 * sent come to their end.
 *
 * @since 0.1.0
 * @category models
 */
export const State = Schema.Literal("preparing", "queued", "running", "cancelling", "cancelled", "done", "failed")

/**
 * @since 0.1.0
 * @category models
 */
export type State = typeof State.Type

/**
 * How many rows of a job are where.
 *
 * @since 0.1.0
 * @category models
 */
export const Progress = Schema.Struct({
  /** How many rows the job has; absent while they are written, and for a mirror, which learns it at the end of the list. */
  total: Schema.optional(Schema.NonNegativeInt),
  /** How many are not begun. */
  pending: Schema.NonNegativeInt,
  /** How many are on their way, or were sent and their response is not known. */
  sent: Schema.NonNegativeInt,
  done: Schema.NonNegativeInt,
  /** How many are not allowed, or the server refused. */
  rejected: Schema.NonNegativeInt
})

/**
 * @since 0.1.0
 * @category models
 */
export type Progress = typeof Progress.Type

/**
 * Why a job failed: the tag of the error that ended it, and its message, which holds no data of a customer.
 *
 * @since 0.1.0
 * @category models
 */
export const Failure = Schema.Struct({ tag: Schema.String, message: Schema.String })

/**
 * @since 0.1.0
 * @category models
 */
export type Failure = typeof Failure.Type

/**
 * A job as it is now.
 *
 * @since 0.1.0
 * @category models
 */
export const Job = Schema.Struct({
  id: JobId,
  kind: Kind,
  /** What it works on: the name of the file that its rows came from, or the table of a mirror. */
  subject: Schema.String,
  /** For a bulk job, the operation. */
  operation: Schema.optional(BulkPayload.fields.operation),
  state: State,
  progress: Progress,
  /** How often it was begun: 1, and one more for each retry. */
  run: Schema.Positive.pipe(Schema.int()),
  /** Why nothing goes on for the moment, as while the API is down. */
  waitingFor: Schema.optional(Schema.String),
  failure: Schema.optional(Failure),
  submittedAt: Schema.DateTimeUtc,
  startedAt: Schema.optional(Schema.DateTimeUtc),
  endedAt: Schema.optional(Schema.DateTimeUtc)
})

/**
 * @since 0.1.0
 * @category models
 */
export interface Job extends Schema.Schema.Type<typeof Job> {}

/**
 * A row that was not done, and why. It holds the row as it stood in the file.
 *
 * @since 0.1.0
 * @category models
 */
export const Reject = Schema.Struct({
  /** Where the row begins in the file, from 1. */
  line: Schema.Positive.pipe(Schema.int()),
  issues: Schema.NonEmptyArray(Issue.Issue),
  row: Schema.Unknown
})

/**
 * @since 0.1.0
 * @category models
 */
export type Reject = typeof Reject.Type

/**
 * How far a job was at a time.
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
 * @since 0.1.0
 * @category models
 */
export type Sample = typeof Sample.Type

/**
 * When the workers submit a mirror, again and again.
 *
 * @since 0.1.0
 * @category models
 */
export const Schedule = Schema.Struct({
  name: Schema.String,
  /** Its 5 fields, or 6 with the second first. */
  cron: Schema.String,
  /** The time zone that the expression is read in. */
  zone: Schema.String,
  ...MirrorPayload.fields,
  nextAt: Schema.DateTimeUtc,
  /** The job that it submitted last; absent if there was none yet. */
  lastJob: Schema.optional(JobId)
})

/**
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
 * Whether nothing more happens to a job unless it is retried.
 *
 * @since 0.1.0
 * @category models
 */
export const isEnded = ({ state }: Pick<Job, "state">): boolean => ends[state]

/**
 * What a job came to in the end.
 *
 * @since 0.1.0
 * @category models
 */
export const Outcome = Schema.Struct({ done: Schema.NonNegativeInt, rejected: Schema.NonNegativeInt })

/**
 * @since 0.1.0
 * @category models
 */
export type Outcome = typeof Outcome.Type
