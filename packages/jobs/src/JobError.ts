/**
 * What jobs can fail with, beside the failures of the API itself. No error holds a customer's data.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { JobId, State } from "./Job.js"

/**
 * There is no job with this id, or the text is no id.
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
  failed: "; retry it to go on",
  cancelled: "; retry it to go on"
}

/**
 * There is a job for this already: an import of the same file, or another job that has not ended and does the same.
 *
 * @since 0.1.0
 * @category errors
 */
export class AlreadySubmitted extends Schema.TaggedError<AlreadySubmitted>("@effect-avara/jobs/AlreadySubmitted")(
  "AlreadySubmitted",
  {
    id: JobId,
    subject: Schema.String,
    /** Absent if the job was removed since, by its age. */
    state: Schema.optionalWith(State, { exact: true })
  }
) {
  /**
   * @since 0.1.0
   */
  override get message(): string {
    const then = this.state === undefined ? "was removed since" : `is ${this.state}${submittedHints[this.state] ?? ""}`
    return `${this.subject} was submitted already, as ${this.id}, which ${then}`
  }
}

/**
 * The job is in a state in which this cannot be done with it.
 *
 * @since 0.1.0
 * @category errors
 */
export class NotPossible extends Schema.TaggedError<NotPossible>("@effect-avara/jobs/NotPossible")("NotPossible", {
  id: Schema.String,
  action: Schema.Literal("cancel", "retry"),
  state: State,
  /** Why, and what can be done instead. */
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
  version: "another version of this library made its tables",
  dialect: "it is neither SQLite nor PostgreSQL",
  denied: "this user may not do that in it",
  busy: "another program holds a lock on it",
  missing: "it, or a table of it, does not exist",
  damaged: "what is stored in it cannot be read",
  foreign: "what is at its path is something else",
  other: "it refused"
}

/**
 * The database of the jobs cannot be used, or refused. What it holds is as it was: nothing is lost, and the same can be tried again when the
 * cause is gone.
 *
 * @since 0.1.0
 * @category errors
 */
export class JobsDatabaseFailed extends Schema.TaggedError<JobsDatabaseFailed>("@effect-avara/jobs/JobsDatabaseFailed")(
  "JobsDatabaseFailed",
  {
    reason: Reason,
    /** The database's own words, or what to do. */
    detail: Schema.String
  }
) {
  /**
   * @since 0.1.0
   */
  override get message(): string {
    return `the jobs' database cannot be used: ${databaseReasons[this.reason]} (${this.detail})`
  }
}

/**
 * A schedule that is none: its name, its cron expression or its time zone.
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
