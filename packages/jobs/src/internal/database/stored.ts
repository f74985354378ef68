import * as Issue from "@effect-avara/core/Issue"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Failure, isEnded, type Job, JobId, Reject, Sample, State } from "../../Job.js"
import { JobsDatabaseFailed } from "../../JobError.js"
import { BulkPayload, ImportPayload, MirrorPayload } from "./payload.js"

/** A count, which the client of PostgreSQL reads as text if it is a BIGINT. @internal */
export const Count = Schema.compose(Schema.Union(Schema.Number, Schema.NumberFromString), Schema.NonNegativeInt)

/** @internal */
export const Time = Schema.compose(Count, Schema.DateTimeUtcFromNumber)

/** Decodes data from the database. The error says where the data is damaged, and contains no values. @internal */
export const decode =
  <A, I>(schema: Schema.Schema<A, I>, where: string) =>
  (stored: unknown): Effect.Effect<A, JobsDatabaseFailed> =>
    Effect.mapError(
      Schema.decodeUnknown(schema)(stored),
      (error) =>
        new JobsDatabaseFailed({ reason: "damaged", detail: `${where}: ${Issue.format(Issue.fromParseError(error))}` })
    )

/** The stored work of a job. @internal */
export const JobWork = Schema.Union(
  Schema.Struct({ kind: Schema.Literal("import"), payload: Schema.parseJson(ImportPayload) }),
  Schema.Struct({ kind: Schema.Literal("bulk"), payload: Schema.parseJson(BulkPayload) }),
  Schema.Struct({ kind: Schema.Literal("mirror"), payload: Schema.parseJson(MirrorPayload) })
)

/** @internal */
export type JobWork = typeof JobWork.Type

const StoredJob = Schema.extend(
  Schema.Struct({
    id: JobId,
    subject: Schema.String,
    state: State,
    run: Schema.compose(Count, Schema.Positive),
    total: Schema.NullOr(Count),
    mirrored: Count,
    pending: Count,
    sent: Count,
    done: Count,
    rejected: Count,
    waiting_for: Schema.NullOr(Schema.String),
    failure: Schema.NullOr(Schema.parseJson(Failure)),
    submitted_at: Time,
    started_at: Schema.NullOr(Time),
    ended_at: Schema.NullOr(Time)
  }),
  JobWork
)

type StoredJob = typeof StoredJob.Type

const progressOf = ({ done, kind, mirrored, pending, rejected, sent, total }: StoredJob): Job["progress"] => ({
  ...(total === null ? {} : { total }),
  pending,
  sent,
  done: kind === "mirror" ? mirrored : done,
  rejected
})

const toJob = (stored: StoredJob): Job => {
  const { ended_at, failure, id, kind, run, started_at, state, subject, submitted_at, waiting_for } = stored
  return {
    id,
    kind,
    subject,
    ...(stored.kind === "bulk" ? { operation: stored.payload.operation } : {}),
    state,
    progress: progressOf(stored),
    run,
    ...(waiting_for === null || isEnded(stored) ? {} : { waitingFor: waiting_for }),
    ...(failure === null ? {} : { failure }),
    submittedAt: submitted_at,
    ...(started_at === null ? {} : { startedAt: started_at }),
    ...(ended_at === null ? {} : { endedAt: ended_at })
  }
}

/** Returns the id of a row for a message that the row is damaged. */
const idOf = (id: unknown): string => (typeof id === "string" ? id.slice(0, 60) : "without an id")

/** @internal */
export const decodeJob = (row: { readonly id?: unknown }): Effect.Effect<Job, JobsDatabaseFailed> =>
  Effect.map(decode(StoredJob, `the job ${idOf(row.id)} in avara_jobs`)(row), toJob)

const StoredReject = Schema.Struct({
  line: Count,
  issues: Schema.parseJson(Reject.fields.issues),
  row: Schema.parseJson()
})

/** @internal */
export const decodeReject =
  (id: JobId) =>
  (row: { readonly line?: unknown }): Effect.Effect<Reject, JobsDatabaseFailed> =>
    decode(StoredReject, `line ${String(row.line)} of the job ${id} in avara_job_rows`)(row)

const StoredSample = Schema.Struct({ ...Sample.fields, at: Time, done: Count, rejected: Count })

/** @internal */
export const decodeSamples = (id: JobId) =>
  decode(Schema.Array(StoredSample), `the samples of the job ${id} in avara_job_samples`)
