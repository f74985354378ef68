import type * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Issue from "@effect-avara/core/Issue"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Job from "../../Job.js"
import { type JobNotFound, JobsDatabaseFailed, type NotPossible } from "../../JobError.js"
import { Jobs } from "../../Jobs.js"
import { rateOf } from "./rate.js"
import { json, refuse } from "./respond.js"

// These types are not marked as internal: the files of the page import them from the declarations.

/** A job as the browser receives it. */
export interface ShownJob extends Schema.Schema.Encoded<typeof Job.Job> {
  /** Rows per second; missing if the job has ended, or has not run long enough. */
  readonly rate?: number
}

/** A page of jobs. */
export interface JobPage {
  readonly jobs: ReadonlyArray<ShownJob>
  readonly hasMore: boolean
}

/** A sample as the browser receives it. */
export interface ShownSample extends Schema.Schema.Encoded<typeof Job.Sample> {}

/** A job with its samples. */
export interface JobWithSamples {
  readonly job: ShownJob
  readonly samples: ReadonlyArray<ShownSample>
}

/** A rejected row without its values, because they are a customer's data. */
export interface ShownReject {
  readonly line: number
  readonly reasons: ReadonlyArray<string>
}

/** A page of rejected rows. */
export interface RejectPage {
  readonly rejects: ReadonlyArray<ShownReject>
  readonly hasMore: boolean
}

type Response = HttpServerResponse.HttpServerResponse

const jobsPerPage = 25

const rejectsPerPage = 50

const encodeJob = Schema.encodeSync(Job.Job)

const encodeSamples = Schema.encodeSync(Schema.Array(Job.Sample))

const shown = (job: Job.Job, samples: ReadonlyArray<Job.Sample>): ShownJob => {
  const rate = Job.isEnded(job) ? undefined : rateOf(samples)
  return { ...encodeJob(job), ...(rate === undefined ? {} : { rate }) }
}

const shownReject = ({ issues, line }: Job.Reject): ShownReject => ({
  line,
  reasons: issues.map((issue) => Issue.format([issue]))
})

const withSamples = (job: Job.Job) =>
  Effect.map(
    Effect.flatMap(Jobs, (jobs) => jobs.samples(job.id)),
    (samples) => ({ job, samples })
  )

/** Reads one element more than a page has, to know whether there is another page. */
const pageOf =
  (size: number) =>
  <A, E, R>(elements: Stream.Stream<A, E, R>) =>
    Effect.map(Stream.runCollect(Stream.take(elements, size + 1)), (taken) => ({
      page: Chunk.toReadonlyArray(Chunk.take(taken, size)),
      hasMore: taken.length > size
    }))

const ListQuery = Schema.Struct({
  state: Schema.optional(Job.State),
  kind: Schema.optional(Job.Kind),
  after: Schema.optional(Job.JobId)
})

const RejectsQuery = Schema.Struct({
  after: Schema.optional(Schema.compose(Schema.NumberFromString, Schema.NonNegativeInt))
})

const badQuery = refuse(400, "bad_query", "The query has a value that is not allowed.")

/** Decodes the query. An error contains none of its values. */
const withQuery =
  <A, I, E, R>(schema: Schema.Schema<A, I>, handle: (query: A) => Effect.Effect<Response, E, R>) =>
  (search: URLSearchParams) =>
    Schema.decodeUnknown(schema)(Object.fromEntries(search)).pipe(
      Effect.matchEffect({ onFailure: () => Effect.succeed(badQuery), onSuccess: handle })
    )

/** @internal */
export const list = withQuery(ListQuery, (query) =>
  Effect.gen(function* () {
    const jobs = yield* Jobs
    const { hasMore, page } = yield* pageOf(jobsPerPage)(jobs.list(query))
    const found = yield* Effect.forEach(
      page,
      (job) =>
        job.state === "running"
          ? Effect.catchTag(withSamples(job), "JobNotFound", () => Effect.succeed({ job, samples: [] }))
          : Effect.succeed({ job, samples: [] }),
      { concurrency: 4 }
    )
    return json({ jobs: found.map(({ job, samples }) => shown(job, samples)), hasMore } satisfies JobPage)
  })
)

/** @internal */
export const one = (id: string) =>
  Effect.gen(function* () {
    const jobs = yield* Jobs
    const { job, samples } = yield* withSamples(yield* jobs.status(id))
    return json({ job: shown(job, samples), samples: encodeSamples(samples) } satisfies JobWithSamples)
  })

/** @internal */
export const rejects = (id: string, search: URLSearchParams) =>
  withQuery(RejectsQuery, (query) =>
    Effect.gen(function* () {
      const jobs = yield* Jobs
      const { hasMore, page } = yield* pageOf(rejectsPerPage)(jobs.rejects(id, query))
      return json({ rejects: page.map(shownReject), hasMore } satisfies RejectPage)
    })
  )(search)

/** @internal */
export const change = (id: string, action: "cancel" | "retry") =>
  Effect.gen(function* () {
    const jobs = yield* Jobs
    return json(shown(yield* jobs[action](id), []))
  })

/** The message of the database may name its host and its user, so it is only in the log. */
const unavailable = (error: JobsDatabaseFailed) =>
  Effect.as(
    Effect.logWarning(error.message),
    refuse(
      503,
      "database_failed",
      new JobsDatabaseFailed({ reason: error.reason, detail: "see the log of this page for details" }).message
    )
  )

/** @internal */
export const asResponse = <R>(
  handled: Effect.Effect<Response, JobNotFound | NotPossible | JobsDatabaseFailed, R>
): Effect.Effect<Response, never, R> =>
  Effect.catchTags(handled, {
    JobNotFound: (error) => Effect.succeed(refuse(404, "job_not_found", error.message)),
    NotPossible: (error) => Effect.succeed(refuse(409, "not_possible", error.message)),
    JobsDatabaseFailed: unavailable
  })
