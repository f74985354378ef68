import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import * as TestServices from "effect/TestServices"
import type { Job } from "../src/Job.js"
import { Jobs } from "../src/Jobs.js"
import { Client, clinics, run } from "./client.js"

/** Lets seconds pass until a job is emitted. */
const next = (jobs: Queue.Dequeue<Job>) =>
  TestClock.adjust("1 second").pipe(
    Effect.zipRight(TestServices.provideLive(Effect.sleep("2 millis"))),
    Effect.zipRight(Queue.poll(jobs)),
    Effect.repeat({ until: Option.isSome }),
    Effect.flatten,
    Effect.timeout("10 seconds"),
    Effect.orDie
  )

it.scoped("watch emits a job after each change, and ends with the job", () =>
  Effect.gen(function* () {
    const { submitImport, watch } = yield* Jobs
    const id = yield* submitImport({ file: yield* clinics(2) })
    const seen = yield* Queue.unbounded<Job>()
    const watching = yield* Effect.fork(Stream.runForEach(watch(id), (job) => Queue.offer(seen, job)))
    expect(yield* next(seen)).toMatchObject({ state: "queued", progress: { pending: 2 } })
    yield* run("UPDATE avara_jobs SET state = 'running', started_at = 1")
    expect(yield* next(seen)).toMatchObject({ state: "running" })
    yield* run("UPDATE avara_job_rows SET state = 'done' WHERE line = 2")
    expect(yield* next(seen)).toMatchObject({ progress: { pending: 1, done: 1 } })
    yield* run("UPDATE avara_jobs SET state = 'failed', failure = ?", '{"tag":"Unauthorized","message":"no"}')
    expect(yield* next(seen)).toMatchObject({ state: "failed", failure: { tag: "Unauthorized", message: "no" } })
    yield* Fiber.join(watching)
    expect(yield* Queue.size(seen)).toBe(0)
  }).pipe(Effect.provide(Client))
)
