/** The events that disturb a running job. */
import type { Fault } from "@effect-avara/emulator/Fault"
import type { JobId } from "@effect-avara/jobs/Job"
import { Jobs } from "@effect-avara/jobs/Jobs"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { Link } from "./link.js"
import type { Runner, Stage } from "./stage.js"

type Random = () => number

export interface Event {
  readonly name: string
  /** How long it stops all runners, in milliseconds. */
  readonly outage: number
  /** Whether other runners must continue without a wait. */
  readonly goesOn?: boolean
  readonly faults?: (random: Random) => ReadonlyArray<Fault>
  readonly run: (stage: Stage, id: JobId, random: Random) => Effect.Effect<void, unknown>
}

/** The customers in random order. */
const shuffled = <A>(values: ReadonlyArray<A>, random: Random): ReadonlyArray<A> =>
  values
    .map((value) => ({ value, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ value }) => value)

const someOf = ({ runners }: Stage, count: number, random: Random): ReadonlyArray<Runner> =>
  shuffled(runners, random).slice(0, count)

const each = (
  runners: ReadonlyArray<Runner>,
  run: (runner: Runner) => Effect.Effect<void>,
  concurrency: "unbounded" | 1 = "unbounded"
) => Effect.forEach(runners, run, { concurrency, discard: true })

const restarted = (signal: NodeJS.Signals, pause: Duration.DurationInput) => (runner: Runner) =>
  Effect.zipRight(runner.end(signal), Effect.zipRight(Effect.sleep(pause), runner.start))

const killed = (count: number, name: string): Event => ({
  name,
  outage: 0,
  goesOn: true,
  run: (stage, _, random) => each(someOf(stage, count, random), ({ end }) => end("SIGKILL"))
})

/** Every twentieth request, a fixed number of times, is processed but loses its response. */
const lostAnswers = (random: Random): ReadonlyArray<Fault> =>
  (["customers.create", "users.add", "customers.list"] as const).flatMap((operation) => {
    const times = operation === "customers.list" ? 10 : 75
    return Array.from(
      { length: times },
      (_, index): Fault => ({
        type: "loseResponse",
        operation,
        nth: 20 * index + 1 + Math.floor(20 * random()),
        times: 1
      })
    )
  })

const whileOut = (millis: number, out: Effect.Effect<void>, back: Effect.Effect<void>) =>
  Effect.zipRight(out, Effect.zipRight(Effect.sleep(millis), back))

const poll = Schedule.intersect(Schedule.spaced("200 millis"), Schedule.recurs(300))

const reached = (id: JobId, wanted: string) =>
  Effect.flatMap(Jobs, ({ status }) => status(id)).pipe(
    Effect.filterOrFail(
      ({ state }) => state === wanted || state === "done",
      ({ state }) => new Error(`the job is ${state} and does not become ${wanted}`)
    ),
    Effect.retry(poll)
  )

const cancelAndRetry = (id: JobId) =>
  Effect.gen(function* () {
    const jobs = yield* Jobs
    yield* jobs.cancel(id)
    yield* reached(id, "cancelled")
    yield* Effect.sleep("1 second")
    yield* jobs.retry(id)
  })

type LinkOf = (runner: Runner) => Link | undefined

const toDatabase: LinkOf = (runner) => runner.toDatabase

const toServer: LinkOf = (runner) => runner.toServer

/** Delays the traffic to the database and drops that to the server, whose clients rely on `settle`. */
const cutOff = (name: string, links: ReadonlyArray<LinkOf>, meanwhile: "arrives" | "isLost"): Event => ({
  name,
  outage: 0,
  run: (stage, _, random) =>
    each(someOf(stage, 1, random), (runner) => {
      const cut = links.flatMap((linkOf) => linkOf(runner) ?? [])
      return whileOut(
        15_000,
        Effect.forEach(cut, (link) => link.cut, { discard: true }),
        Effect.forEach(cut, ({ heal }) => heal(meanwhile), { discard: true })
      )
    })
})

/** With three runners on PostgreSQL. */
export const onPostgres: ReadonlyArray<Event> = [
  killed(1, "one runner killed"),
  {
    name: "all runners killed",
    outage: 1500,
    run: ({ runners }) => each(runners, restarted("SIGKILL", "1 second"))
  },
  killed(2, "two runners killed"),
  {
    name: "PostgreSQL crashes",
    outage: 3000,
    run: ({ postgres }) => (postgres === undefined ? Effect.void : whileOut(2000, postgres.crash, postgres.start))
  },
  {
    name: "SIGSTOP for 25 s",
    outage: 0,
    goesOn: true,
    run: (stage, _, random) =>
      each(someOf(stage, 1, random), ({ signal }) => whileOut(25_000, signal("SIGSTOP"), signal("SIGCONT")))
  },
  {
    name: "5 % lost responses, and one runner killed",
    outage: 0,
    faults: lostAnswers,
    run: killed(1, "").run
  },
  {
    name: "runners killed one after another",
    outage: 0,
    goesOn: true,
    run: ({ runners }) => each(runners, restarted("SIGKILL", "2 seconds"), 1)
  },
  {
    name: "SIGTERM to one after another",
    outage: 0,
    goesOn: true,
    run: ({ runners }) => each(runners, restarted("SIGTERM", "500 millis"), 1)
  },
  {
    name: "PostgreSQL restarts",
    outage: 3000,
    run: ({ postgres }) => (postgres === undefined ? Effect.void : whileOut(1000, postgres.stop, postgres.start))
  },
  {
    name: "the server killed for 3 s",
    outage: 4000,
    run: ({ server }) => whileOut(3000, server.kill, server.start)
  },
  {
    name: "503 for 8 s",
    outage: 8000,
    run: ({ server }) =>
      Effect.flatMap(server.add({ type: "status", status: 503 }), (away) => whileOut(8000, Effect.void, away))
  },
  {
    name: "cancelled and retried",
    outage: 2000,
    run: ({ client }, id) => Effect.provide(cancelAndRetry(id), client)
  },
  cutOff("one runner cut off from PostgreSQL for 15 s", [toDatabase], "arrives"),
  cutOff("one runner cut off from the server for 15 s", [toServer], "isLost"),
  cutOff("one runner cut off from both for 15 s", [toServer, toDatabase], "isLost")
]

/** With one runner, on SQLite. */
export const onSqlite: ReadonlyArray<Event> = [
  {
    name: "SQLite: the runner killed",
    outage: 1500,
    run: ({ runners }) => each(runners, restarted("SIGKILL", "500 millis"))
  },
  {
    name: "SQLite: SIGTERM",
    outage: 3000,
    run: ({ runners }) => each(runners, restarted("SIGTERM", "500 millis"))
  }
]
