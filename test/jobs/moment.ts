/** One moment of the matrix: a job, an event while it runs, and the check of its result. */
import * as fs from "node:fs"
import { isEnded, type JobId } from "@effect-avara/jobs/Job"
import { Jobs } from "@effect-avara/jobs/Jobs"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schedule from "effect/Schedule"
import type { PostgresServer } from "../export/postgres.js"
import type { Event } from "./events.js"
import { processesWith } from "./processes.js"
import { make, type Options, type Runner, type Stage } from "./stage.js"
import type { Problems, Work } from "./work.js"

/** A job's progress at a time, in milliseconds since its submission. */
interface Point {
  readonly at: number
  readonly rows: number
}

export interface Moment {
  readonly work: Work
  readonly event: Event
  /** How much of the job is done at the event, from 0 to 1. */
  readonly after: number
  readonly random: () => number
}

/** The result of a moment; times are in milliseconds. */
export interface Outcome {
  readonly problems: Problems
  /** From the submission to the end of the job. */
  readonly took: number
  /** From the event to the first row done after it. */
  readonly firstRow: number
  /** The longest time without a row done after the event. */
  readonly longestGap: number
}

const patience = Duration.seconds(180)

const jobOf = ({ client }: Stage, id: JobId) =>
  Effect.provide(
    Effect.flatMap(Jobs, ({ status }) => status(id)),
    client
  )

const saidBy = ({ runners }: Stage): string => runners.map(({ running }) => running().said()).join("\n---\n")

/** Polls the job ten times a second; a failed read, as while the database is down, is retried at the next poll. */
const watch = (stage: Stage, work: Work, id: JobId, points: Array<Point>, mayEnd: () => boolean) => {
  const began = performance.now()
  const look = Effect.gen(function* () {
    points.push({ rows: yield* work.progress(stage, id), at: performance.now() - began })
    return yield* jobOf(stage, id)
  })
  return look.pipe(
    Effect.filterOrFail(
      (job) => job.state === "done" || (isEnded(job) && mayEnd()),
      (job): unknown => job
    ),
    Effect.timeout("5 seconds"),
    Effect.retry(Schedule.spaced("100 millis")),
    Effect.timeoutFail({ duration: patience, onTimeout: () => new Error("the job does not end") })
  )
}

const comes = (stage: Stage, work: Work, points: ReadonlyArray<Point>, after: number) =>
  Effect.flatMap(work.total(stage), (total) =>
    Effect.sync(() => (points.at(-1)?.rows ?? 0) >= after * total).pipe(
      Effect.filterOrFail(
        (is) => is,
        () => new Error(`the job does not come as far as ${after * total} rows`)
      ),
      Effect.retry(Schedule.intersect(Schedule.spaced("20 millis"), Schedule.recurs(6000)))
    )
  )

/** The times at which the job progressed, and its end. */
const stepsAfter = (points: ReadonlyArray<Point>, event: number): ReadonlyArray<number> => {
  const before = points.findLast(({ at }) => at <= event)?.rows ?? 0
  const steps: Array<number> = []
  let rows = before
  for (const point of points.filter(({ at }) => at > event)) {
    if (point.rows > rows) steps.push(point.at)
    rows = Math.max(rows, point.rows)
  }
  const end = points.at(-1)?.at ?? event
  return steps.at(-1) === end ? steps : [...steps, end]
}

const timesOf = (points: ReadonlyArray<Point>, event: number): Pick<Outcome, "took" | "firstRow" | "longestGap"> => {
  const steps = [event, ...stepsAfter(points, event)]
  const gaps = steps.slice(1).map((at, index) => at - (steps[index] ?? at))
  return { took: points.at(-1)?.at ?? 0, firstRow: gaps[0] ?? 0, longestGap: Math.max(0, ...gaps) }
}

const endsInTime = (runner: Runner, index: number) =>
  Effect.map(Effect.option(Effect.timeout(Effect.interruptible(runner.end("SIGTERM")), "15 seconds")), ({ _tag }) =>
    _tag === "Some" ? [] : [`runner ${index} does not end within 15 s of SIGTERM`]
  )

const fallen = ({ isWanted, running }: Runner, index: number): Problems =>
  isWanted() && !running().isRunning() ? [`runner ${index} ended by itself:\n${running().said()}`] : []

/** Stops all runners; their unwritten results are written now or never. */
const endAll = ({ runners, temporary }: Stage) =>
  Effect.gen(function* () {
    const ended = runners.flatMap(fallen)
    const live = runners.filter(({ running }) => running().isRunning())
    const late = yield* Effect.forEach(live, endsInTime, { concurrency: "unbounded" })
    const left = fs.readdirSync(temporary).map((name) => `a runner left ${name}`)
    return [...ended, ...late.flat(), ...left]
  })

const play = (stage: Stage, { after, event, random, work }: Moment) =>
  Effect.gen(function* () {
    const id = yield* work.submit(stage)
    const points: Array<Point> = []
    const began = performance.now()
    let isOver = false
    const watching = yield* Effect.fork(watch(stage, work, id, points, () => isOver))
    yield* Effect.raceFirst(comes(stage, work, points, after), Fiber.join(watching))
    const at = performance.now() - began
    yield* event.run(stage, id, random)
    isOver = true
    yield* Fiber.join(watching)
    const stopped = yield* endAll(stage)
    const problems = [...stopped, ...(yield* work.problems(stage, yield* jobOf(stage, id)))]
    return { problems, ...timesOf(points, at) } satisfies Outcome
  }).pipe(
    Effect.sandbox,
    Effect.catchAll((cause) =>
      Effect.succeed<Outcome>({ problems: [`${cause}\n${saidBy(stage)}`], took: 0, firstRow: 0, longestGap: 0 })
    )
  )

const leftOf = (folder: string): Problems => [
  ...(fs.existsSync(folder) ? [`${folder} is left`] : []),
  ...processesWith(folder).map((args) => `left running: ${args}`)
]

/** Plays a moment with its own runners and server, on PostgreSQL in a database of this name, or on SQLite. */
export const moment = (
  postgres: PostgresServer | undefined,
  name: string,
  played: Moment,
  options: Partial<Options> = {}
): Effect.Effect<Outcome> =>
  Effect.gen(function* () {
    const { event, random, work } = played
    const faults = [...work.faults, ...(event.faults?.(random) ?? [])]
    let folder = ""
    const outcome = yield* Effect.scoped(
      Effect.gen(function* () {
        const stage = yield* make(postgres, name, {
          runners: postgres === undefined ? 1 : 3,
          customers: work.customers,
          faults,
          ...options
        })
        folder = stage.folder
        return yield* play(stage, played)
      })
    )
    return { ...outcome, problems: [...outcome.problems, ...leftOf(folder)] }
  }).pipe(Effect.orDie)
