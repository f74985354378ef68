import * as SqlClient from "@effect/sql/SqlClient"
import { expect, it } from "@effect/vitest"
import { Emulator } from "@effect-avara/emulator"
import { Jobs, Telemetry } from "@effect-avara/jobs"
import * as Effect from "effect/Effect"
import * as HashMap from "effect/HashMap"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Tracer from "effect/Tracer"
import { open } from "../src/internal/database/database.js"
import { measure } from "../src/internal/run/observe.js"
import { clinics, ended, fileOf, worked } from "./support.js"

/** Records all started spans. */
const makeTracer = Effect.map(Effect.tracer, (native) => {
  const spans: Array<Tracer.Span> = []
  const tracer = Tracer.make({
    span: (...args) => {
      const span = native.span(...args)
      spans.push(span)
      return span
    },
    context: (use, fiber) => native.context(use, fiber)
  })
  return { spans, tracer }
})

const value = (outcome: string) =>
  Effect.map(Metric.value(Metric.tagged(Telemetry.rows, "outcome", outcome)), ({ count }) => count)

const counts = Effect.all([value("done"), value("rejected")])

it.scopedLive("spans of rows link to the span that submitted the job, logs name the job, and rows are counted", () =>
  Effect.gen(function* () {
    const { spans, tracer } = yield* makeTracer
    const lines: Array<unknown> = []
    const logger = Logger.make<unknown, void>(({ annotations }) => {
      const job = HashMap.get(annotations, "job")
      if (Option.isSome(job)) lines.push(job.value)
    })
    const program = Effect.gen(function* () {
      const before = yield* counts
      const jobs = yield* Jobs.Jobs
      const { add } = yield* Emulator.Faults
      yield* add({
        type: "status",
        operation: "customers.create",
        status: 409,
        body: { message: "no" },
        nth: 2,
        times: 1
      })
      yield* add({ type: "status", operation: "customers.create", status: 401, body: { message: "no" }, nth: 4 })
      const file = yield* fileOf("clinics.csv", clinics(4))
      const id = yield* Effect.withSpan(jobs.submitImport({ file }), "submission")
      yield* ended(id)
      const after = yield* counts
      expect(after.map((count, index) => count - (before[index] ?? 0))).toEqual([2, 1])
      const spanOf = (wanted: string) => spans.find(({ name }) => name === wanted)
      const batch = spanOf("Jobs.rows")
      expect(Option.map(spanOf("customers.create")?.parent ?? Option.none(), ({ spanId }) => spanId)).toEqual(
        Option.fromNullable(batch?.spanId)
      )
      expect(batch?.links.map(({ span }) => span.traceId)).toEqual([spanOf("submission")?.traceId])
      expect(batch?.traceId).not.toBe(spanOf("submission")?.traceId)
      expect(batch?.attributes.get("avara.job.id")).toBe(id)
      expect(new Set(lines)).toEqual(new Set([id]))
    })
    const Observed = Layer.mergeAll(
      Layer.setTracer(tracer),
      Logger.replace(Logger.defaultLogger, logger),
      Logger.minimumLogLevel(LogLevel.All)
    )
    yield* Effect.provide(program, Layer.provideMerge(worked(), Observed))
  })
)

it.effect("a worker measures how many jobs wait and run, and for how long the oldest has waited", () =>
  Effect.gen(function* () {
    const jobs = yield* Jobs.Jobs
    const sql = yield* SqlClient.SqlClient
    const database = yield* open
    const ids = yield* Effect.forEach(["a", "b", "c"], (table) => jobs.submitMirror({ table }))
    yield* sql`UPDATE avara_jobs SET state = 'running' WHERE id = ${ids[0] ?? ""}`
    yield* sql`UPDATE avara_jobs SET changed_at = changed_at - 60000 WHERE id = ${ids[1] ?? ""}`
    const figures = Effect.zipRight(
      measure(database),
      Effect.forEach([Telemetry.queued, Telemetry.running, Telemetry.lag], (gauge) =>
        Effect.map(Metric.value(gauge), ({ value }) => value)
      )
    )
    const [queued, running, lag = 0] = yield* figures
    expect([queued, running, Math.round(lag / 10_000)]).toEqual([2, 1, 6])
    yield* sql`UPDATE avara_jobs SET state = 'done'`
    expect(yield* figures).toEqual([0, 0, 0])
  }).pipe(Effect.provide(Jobs.layerMemory()))
)
