import * as SqlClient from "@effect/sql/SqlClient"
import { describe, expect, it } from "@effect/vitest"
import { Jobs, MirrorJob } from "@effect-avara/jobs"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Stream from "effect/Stream"
import { open } from "../src/internal/database/database.js"
import * as sqlite from "../src/internal/database/sqlite.js"
import { fireDue } from "../src/internal/store/schedules.js"

const Client = Jobs.layerClient.pipe(
  Layer.provideMerge(sqlite.layer({ file: ":memory:" })),
  Layer.merge(Logger.minimumLogLevel(LogLevel.Warning))
)

const live = <A, E>(name: string, effect: Effect.Effect<A, E, Jobs.Jobs | SqlClient.SqlClient>) =>
  it.live(name, () => Effect.provide(effect, Client))

const nightly = { cron: "0 2 * * *", table: "clinics" }

const hour = 3_600_000

/** The check that one of the workers makes every second. */
const fire = Effect.flatMap(open, fireDue)

/** Moves the next tick of all schedules by some milliseconds from now, as if that time had passed. */
const moveTick = (millis: number) =>
  Effect.flatMap(
    open,
    ({ now, sql }) => sql`UPDATE avara_job_schedules SET next_at = ${now} + CAST(${millis} AS INTEGER)`
  )

const submitted = Effect.gen(function* () {
  const { list } = yield* Jobs.Jobs
  return Array.from(yield* Stream.runCollect(list()), ({ id, kind, state, subject }) => ({ id, kind, state, subject }))
})

const end = Effect.flatMap(SqlClient.SqlClient, (sql) => sql`UPDATE avara_jobs SET state = 'done'`)

const nextAt = Effect.gen(function* () {
  const { schedules } = yield* Jobs.Jobs
  return (yield* schedules).map(({ nextAt }) => nextAt.epochMillis)
})

/** Collects the log messages above the level Info. */
const warnings = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const lines: Array<string> = []
    const logger = Logger.make(({ logLevel, message }) => {
      if (logLevel.label === "WARN") lines.push(String(message))
    })
    yield* Effect.provide(effect, Logger.replace(Logger.defaultLogger, logger))
    return lines
  })

describe("schedules", () => {
  live(
    "a schedule is stored once, keeps its tick when the same schedule is written again, and can be removed",
    Effect.gen(function* () {
      const { schedule, schedules, unschedule } = yield* Jobs.Jobs
      expect(yield* schedules).toEqual([])
      yield* Layer.build(MirrorJob.nightly(nightly)).pipe(Effect.scoped)
      const [first] = yield* schedules
      expect(first).toMatchObject({ ...nightly, name: "mirror:clinics", zone: "UTC", verify: "none" })
      expect(first?.nextAt.epochMillis).toBeGreaterThan(Date.now())
      yield* moveTick(-5 * hour)
      const [kept] = yield* nextAt
      yield* schedule({ ...nightly, verify: "overlap" })
      expect(yield* schedules).toMatchObject([{ verify: "overlap", nextAt: { epochMillis: kept } }])
      const berlin = yield* schedule({ ...nightly, zone: "Europe/Berlin" })
      expect(berlin.nextAt.epochMillis).toBeGreaterThan(Date.now())
      yield* schedule({ ...nightly, name: "noon", cron: "0 12 * * *" })
      expect((yield* schedules).map(({ name }) => name)).toEqual(["mirror:clinics", "noon"])
      yield* unschedule("noon")
      expect((yield* schedules).map(({ name }) => name)).toEqual(["mirror:clinics"])
      expect(yield* Effect.flip(unschedule("noon"))).toMatchObject({ _tag: "ScheduleRefused" })
    })
  )

  for (const [what, options, detail] of [
    ["a cron", { cron: "0 25 * * *" }, /^cron, hour: /],
    ["a zone", { zone: "Mars/Olympus" }, /^zone: /],
    ["a table", { table: "sqlite_clinics" }, /^table: /],
    ["a table of the changes of mirrors", { table: "avara_mirror_changes" }, /^table: /],
    ["a name", { name: "a\u0000b" }, /^name: /],
    ["an empty name", { name: "" }, /^name: /]
  ] as const) {
    live(
      `${what} that is not allowed is refused`,
      Effect.gen(function* () {
        const error = yield* Effect.flip(Effect.scoped(Layer.build(MirrorJob.nightly({ ...nightly, ...options }))))
        expect(error).toMatchObject({ _tag: "ScheduleRefused", detail: expect.stringMatching(detail) })
        expect(yield* nextAt).toEqual([])
      })
    )
  }

  live(
    "a tick submits one job, even with several workers, and missed ticks count as one",
    Effect.gen(function* () {
      const { schedule, schedules } = yield* Jobs.Jobs
      yield* schedule({ ...nightly, cron: "0 * * * *" })
      yield* fire
      expect(yield* submitted).toEqual([])
      yield* moveTick(-50 * hour)
      yield* Effect.all([fire, fire, fire], { concurrency: "unbounded" })
      yield* fire
      const jobs = yield* submitted
      expect(jobs).toMatchObject([{ kind: "mirror", state: "queued", subject: "clinics" }])
      expect(yield* schedules).toMatchObject([{ lastJob: jobs[0]?.id }])
      const [next = 0] = yield* nextAt
      expect(next - Date.now()).toBeGreaterThan(0)
      expect(next - Date.now()).toBeLessThanOrEqual(hour)
    })
  )

  live(
    "a tick is skipped with a warning while the last job has not ended",
    Effect.gen(function* () {
      const { schedule } = yield* Jobs.Jobs
      yield* schedule(nightly)
      yield* moveTick(-1)
      expect(yield* warnings(fire)).toEqual([])
      yield* moveTick(-1)
      const [job] = yield* submitted
      expect(yield* warnings(fire)).toEqual([expect.stringMatching(new RegExp(`skips a tick: ${job?.id}`))])
      expect((yield* submitted).length).toBe(1)
      expect((yield* nextAt)[0]).toBeGreaterThan(Date.now())
      yield* end
      yield* moveTick(-1)
      yield* fire
      expect((yield* submitted).length).toBe(2)
    })
  )

  live(
    "no tick is repeated after the clock was set back",
    Effect.gen(function* () {
      const { schedule } = yield* Jobs.Jobs
      yield* schedule({ ...nightly, cron: "* * * * *" })
      yield* moveTick(2 * hour)
      yield* fire
      expect(yield* submitted).toEqual([])
    })
  )

  live(
    "a row that cannot be read does not delay other schedules, and is tried again in a minute",
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const { schedule } = yield* Jobs.Jobs
      for (const [name, change] of [
        ["a", sql`payload = '{}'`],
        ["b", sql`cron = 'later'`]
      ] as const) {
        yield* schedule({ ...nightly, name })
        yield* sql`UPDATE avara_job_schedules SET ${change} WHERE name = ${name}`
      }
      yield* schedule({ ...nightly, name: "c" })
      yield* moveTick(-1)
      expect((yield* warnings(fire)).length).toBe(2)
      expect((yield* submitted).length).toBe(1)
      expect(yield* warnings(fire)).toEqual([])
    })
  )
})
