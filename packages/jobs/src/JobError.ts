/**
 * The errors of jobs, in addition to the errors of the API. No error contains a customer's data.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { JobId, State } from "./Job.js"

/**
 * No job has this id, or the text is not an id.
 *
 * @since 0.1.0
 * @category errors
 */
export class JobNotFound extends Schema.TaggedError<JobNotFound>("@effect-avara/jobs/JobNotFound")("JobNotFound", {
  id: Schema.String
}) {
  /**
   * @since 0.1.0
   */
  override get message(): string {
    return `there is no job ${JSON.stringify(this.id.slice(0, 60))}; list the jobs to see their ids`
  }
}

const submittedHints: Partial<Record<State, string>> = {
  preparing: "; cancel it if the program that submitted it has ended",
  failed: "; retry it to continue",
  cancelled: "; retry it to continue"
}

/**
 * The work was already submitted: an import of the same file, or another job that does the same and has not ended.
 *
 * @since 0.1.0
 * @category errors
 */
export class AlreadySubmitted extends Schema.TaggedError<AlreadySubmitted>("@effect-avara/jobs/AlreadySubmitted")(
  "AlreadySubmitted",
  {
    id: JobId,
    subject: Schema.String,
    /** The state of that job; absent if the job has since been removed because of its age. */
    state: Schema.optionalWith(State, { exact: true })
  }
) {
  /**
   * @since 0.1.0
   */
  override get message(): string {
    const then =
      this.state === undefined ? "has since been removed" : `is ${this.state}${submittedHints[this.state] ?? ""}`
    return `${this.subject} was already submitted as ${this.id}, which ${then}`
  }
}

/**
 * The state of the job does not allow this action.
 *
 * @since 0.1.0
 * @category errors
 */
export class NotPossible extends Schema.TaggedError<NotPossible>("@effect-avara/jobs/NotPossible")("NotPossible", {
  id: Schema.String,
  action: Schema.Literal("cancel", "retry"),
  state: State,
  /** The reason, and what you can do instead. */
  detail: Schema.String
}) {
  /**
   * @since 0.1.0
   */
  override get message(): string {
    return `cannot ${this.action} ${this.id}, which is ${this.state}: ${this.detail}`
  }
}

const Reason = Schema.Literal("version", "dialect", "denied", "busy", "missing", "damaged", "foreign", "other")

const databaseReasons: Readonly<Record<typeof Reason.Type, string>> = {
  version: "another version of this library created its tables",
  dialect: "it is neither SQLite nor PostgreSQL",
  denied: "this user does not have the permission",
  busy: "another program holds a lock on it",
  missing: "the database or one of its tables does not exist",
  damaged: "stored data cannot be read",
  foreign: "its path is not a database file",
  other: "it refused the operation"
}

/**
 * The database of the jobs cannot be used, or refused an operation. Its content is unchanged and nothing is lost. Fix the cause and try again.
 *
 * @since 0.1.0
 * @category errors
 */
export class JobsDatabaseFailed extends Schema.TaggedError<JobsDatabaseFailed>("@effect-avara/jobs/JobsDatabaseFailed")(
  "JobsDatabaseFailed",
  {
    reason: Reason,
    /** The message of the database, or what to do. */
    detail: Schema.String
  }
) {
  /**
   * @since 0.1.0
   */
  override get message(): string {
    return `the jobs database cannot be used: ${databaseReasons[this.reason]} (${this.detail})`
  }
}

/**
 * A schedule is not allowed, because of its name, its cron expression, its time zone or its table, or there is no schedule with this name.
 *
 * @since 0.1.0
 * @category errors
 */
export class ScheduleRefused extends Schema.TaggedError<ScheduleRefused>("@effect-avara/jobs/ScheduleRefused")(
  "ScheduleRefused",
  { detail: Schema.String }
) {
  /**
   * @since 0.1.0
   */
  override get message(): string {
    return `the schedule cannot be used: ${this.detail}`
  }
}
