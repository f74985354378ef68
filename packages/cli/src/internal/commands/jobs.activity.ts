import { isEnded, Job, State } from "@effect-avara/jobs/Job"
import type { JobNotFound, JobsDatabaseFailed } from "@effect-avara/jobs/JobError"
import { Jobs } from "@effect-avara/jobs/Jobs"
import * as Chunk from "effect/Chunk"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { Failure } from "../failure.js"
import { isTable } from "../form.js"
import { Output } from "../output.js"
import * as Progress from "../progress.js"
import { CurrentSettings } from "../services.js"
import { counted, integer, jsonLine, type SafeText, safe } from "../text.js"
import { handled, nounOf } from "./jobs.follow.js"
import { patiently } from "./jobs.patience.js"
import { workOf } from "./jobs.table.js"

/** The states in which a worker has work to do. */
const active = State.literals.filter((state) => state !== "preparing" && !isEnded({ state }))

const every = "1 second"

const timeOf = (millis: number): string => `${new Date(millis).toISOString().slice(0, 19)}Z`

const line = (job: Job, millis: number): SafeText => {
  const { failure, id, progress, state, waitingFor } = job
  const facts = [
    ...(progress.done === 0 && state !== "done" ? [] : [`${counted(progress.done, nounOf(job))} done`]),
    ...(progress.rejected === 0 ? [] : [`${integer(progress.rejected)} rejected`]),
    ...(waitingFor === undefined ? [] : [`waiting: ${waitingFor}`]),
    ...(state === "failed" ? [failure?.message ?? ""] : [])
  ]
  return safe`${timeOf(millis)}  ${id}  ${workOf(job)}: ${[state, ...facts].join(", ")}`
}

/** Writes a line when a job starts, waits or ends, and its JSON when it ends. */
export const logJob = (job: Job, progress: Progress.Progress) =>
  Effect.gen(function* () {
    const { quiet } = yield* CurrentSettings
    const { out } = yield* Output
    if (!quiet) yield* progress.say(line(job, yield* Clock.currentTimeMillis))
    const isEnd = isEnded(job)
    if (isEnd && !(yield* isTable)) yield* out.write(jsonLine(Schema.encodeSync(Job)(job)))
  })

type Known = ReadonlyMap<Job["id"], Job>

const activeJobs: Effect.Effect<Known, Failure, Jobs> = Effect.flatMap(Jobs, ({ list }) =>
  Effect.map(
    Effect.forEach(active, (state) => Stream.runCollect(list({ state }))),
    (found) => new Map(found.flatMap(Chunk.toReadonlyArray).map((job) => [job.id, job]))
  )
)

/** The last job of each schedule, which may have ended between two checks. */
const scheduledJobs = Effect.flatMap(Jobs, ({ schedules }) =>
  Effect.map(schedules, (all) => all.flatMap(({ lastJob }) => (lastJob === undefined ? [] : [lastJob])))
)

const isNews = (job: Job, known: Known): boolean => {
  const before = known.get(job.id)
  return before?.state !== job.state || before.waitingFor !== job.waitingFor
}

/** Returns nothing for a missing job: an ended job may have been removed because of its age. */
const withoutMissing = (job: Effect.Effect<Job, JobNotFound | JobsDatabaseFailed>) =>
  Effect.catchTag(Effect.asSome(job), "JobNotFound", () => Effect.succeedNone)

/** Creates a check of the jobs, which reports the changes since the previous check and returns the active jobs. */
const makeLook = Effect.gen(function* () {
  const { status } = yield* Jobs
  const seen = new Set(yield* scheduledJobs)
  let known: Known = new Map()
  return (progress: Progress.Progress) =>
    Effect.gen(function* () {
      const now = yield* activeJobs
      const scheduled = (yield* scheduledJobs).filter((id) => !seen.has(id))
      const gone = Array.from(new Set([...known.keys(), ...scheduled])).filter((id) => !now.has(id))
      const ended = yield* Effect.forEach(gone, (id) => withoutMissing(status(id)))
      const news = [...ended.flatMap(Option.toArray), ...Array.from(now.values()).filter((job) => isNews(job, known))]
      yield* Effect.forEach(news, (job) => logJob(job, progress))
      for (const id of [...now.keys(), ...scheduled]) seen.add(id)
      known = now
      return Array.from(now.values())
    })
})

type Look = Effect.Effect.Success<typeof makeLook>

const handledOf = (jobs: ReadonlyArray<Job>): number => jobs.reduce((sum, job) => sum + handled(job), 0)

const totalOf = (jobs: ReadonlyArray<Job>): number | undefined =>
  jobs.some(({ progress }) => progress.total === undefined)
    ? undefined
    : jobs.reduce((sum, { progress }) => sum + (progress.total ?? 0), 0)

/** Shows the active jobs until none is left. */
const busy = (look: Look, to: string) =>
  Effect.gen(function* () {
    const progress = yield* Progress.make("row")
    const begun = new Map<string, Job>()
    const step = Effect.gen(function* () {
      const jobs = yield* patiently(progress, to)(look(progress))
      for (const job of jobs) if (!begun.has(job.id)) begun.set(job.id, job)
      const before = handledOf(jobs.flatMap(({ id }) => begun.get(id) ?? []))
      const facts = [counted(jobs.length, "job")]
      yield* progress.update({ done: handledOf(jobs), before, total: totalOf(jobs), facts })
      return jobs.length
    })
    yield* Effect.repeat(step, { until: (count) => count === 0, schedule: Schedule.spaced(every) })
  }).pipe(Effect.scoped)

/** Shows the work of the workers on the database, until nothing is left with `once`, otherwise forever. */
export const watchAll = (to: string, { once }: { readonly once: boolean }) =>
  Effect.flatMap(makeLook, (look) => {
    const shown = busy(look, to)
    return once ? shown : Effect.repeat(shown, Schedule.spaced(every))
  })
