/** Jobs without a database: a client sees the jobs that the test adds. */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Job from "../src/Job.js"
import { JobNotFound, type JobsDatabaseFailed, NotPossible } from "../src/JobError.js"
import type { JobsService } from "../src/Jobs.js"

export interface FakeJob {
  readonly job: Job.Job
  readonly samples: ReadonlyArray<Job.Sample>
  /** The number of rejected rows; `reasonsOf` returns their reasons. */
  readonly rejects: number
}

export const start = DateTime.unsafeMake("2030-01-02T03:04:05Z")

export const idOf = (number: number): Job.JobId => Job.JobId.make(`job_${number.toString(16).padStart(32, "0")}`)

export const fakeJob = (number: number, given: Partial<Job.Job> = {}, more: Partial<FakeJob> = {}): FakeJob => ({
  job: {
    id: idOf(number),
    kind: "import",
    subject: `clinics-${number}.csv`,
    state: "running",
    progress: { total: 1000, pending: 700, sent: 8, done: 290, rejected: 2 },
    run: 1,
    submittedAt: DateTime.add(start, { minutes: number }),
    startedAt: DateTime.add(start, { minutes: number, seconds: 1 }),
    ...given
  },
  samples: [],
  rejects: 0,
  ...more
})

/** One sample per second, each with `perSecond` more rows. */
export const samplesAt = (perSecond: number, seconds: number): ReadonlyArray<Job.Sample> =>
  Array.from({ length: seconds + 1 }, (_, second) => ({
    at: DateTime.add(start, { seconds: second }),
    done: perSecond * second,
    rejected: 0
  }))

/** A customer's data, which no page shows. */
export const secretOfRow = "Secret Name of a Customer"

export const reject = (line: number): Job.Reject => ({
  line,
  issues: [
    { path: ["metadata", "region"], message: "expected text of at most 1000 characters" },
    { path: [], message: `row ${line} <b>is</b> refused` }
  ],
  row: { expressCustomerName: secretOfRow }
})

const rejectsOf = (count: number, after: number): Stream.Stream<Job.Reject> =>
  after >= count ? Stream.empty : Stream.map(Stream.range(after + 1, count), reject)

const wrongState = (job: Job.Job, action: "cancel" | "retry") =>
  new NotPossible({ id: job.id, action, state: job.state, detail: "it has ended, and can be retried" })

const nowhere = Effect.die("the page submits nothing")

export interface FakeJobs {
  readonly service: JobsService
  readonly change: (id: string, job: Partial<Job.Job>, more?: Partial<FakeJob>) => void
  /** Makes every operation fail with this error from now on, or work again. */
  readonly breakWith: (error: JobsDatabaseFailed | undefined) => void
}

export const makeFakeJobs = (given: ReadonlyArray<FakeJob>): FakeJobs => {
  const jobs = new Map<string, FakeJob>(given.map((fake) => [fake.job.id, fake]))
  let error: JobsDatabaseFailed | undefined

  const working = Effect.suspend(() => (error === undefined ? Effect.void : Effect.fail(error)))

  const find = (id: string): Effect.Effect<FakeJob, JobNotFound | JobsDatabaseFailed> =>
    Effect.flatMap(working, () => {
      const fake = jobs.get(id)
      return fake === undefined ? Effect.fail(new JobNotFound({ id })) : Effect.succeed(fake)
    })

  const change: FakeJobs["change"] = (id, job, more) => {
    const fake = jobs.get(id)
    if (fake !== undefined) jobs.set(id, { ...fake, ...more, job: { ...fake.job, ...job } })
  }

  const move = (id: string, action: "cancel" | "retry", next: (job: Job.Job) => Partial<Job.Job>) =>
    Effect.flatMap(find(id), ({ job }) => {
      if (Job.isEnded(job) !== (action === "retry")) return Effect.fail(wrongState(job, action))
      change(id, next(job))
      return Effect.succeed({ ...job, ...next(job) })
    })

  const list: JobsService["list"] = ({ after, kind, state } = {}) => {
    const found = [...jobs.values()].reverse().map(({ job }) => job)
    const from = after === undefined ? 0 : found.findIndex(({ id }) => id === after) + 1
    const wanted = found
      .slice(from)
      .filter((job) => (kind ?? job.kind) === job.kind && (state ?? job.state) === job.state)
    return Stream.fromIterable(wanted)
  }

  return {
    change,
    breakWith: (next) => {
      error = next
    },
    service: {
      submitImport: () => nowhere,
      submitBulk: () => nowhere,
      submitMirror: () => nowhere,
      schedule: () => nowhere,
      schedules: nowhere,
      unschedule: () => nowhere,
      status: (id) => Effect.map(find(id), ({ job }) => job),
      list: (options) => Stream.unwrap(Effect.map(working, () => list(options))),
      watch: (id) => Stream.fromEffect(Effect.map(find(id), ({ job }) => job)),
      samples: (id) => Effect.map(find(id), ({ samples }) => samples),
      rejects: (id, { after = 0 } = {}) =>
        Stream.unwrap(Effect.map(find(id), ({ rejects }) => rejectsOf(rejects, after))),
      cancel: (id) => move(id, "cancel", () => ({ state: "cancelling" })),
      retry: (id) => move(id, "retry", ({ run }) => ({ state: "queued", run: run + 1 }))
    }
  }
}
