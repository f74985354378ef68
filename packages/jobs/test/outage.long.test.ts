import * as SqlClient from "@effect/sql/SqlClient"
import { expect, it } from "@effect/vitest"
import { Jobs } from "@effect-avara/jobs"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import { clinics, doubled, ended, fileOf, when, worked } from "./support.js"

/** The engine checks its locks every 3 seconds, and releases all work if it cannot. */
const longEnough = "4 seconds"

it.scopedLive("continues after the locks of the engine could not be written for a while", () =>
  Effect.gen(function* () {
    const { submitImport } = yield* Jobs.Jobs
    const sql = yield* SqlClient.SqlClient
    const id = yield* submitImport({ file: yield* fileOf("clinics.csv", clinics(300)) })
    yield* when(id, "begun", ({ progress }) => progress.done > 10)
    yield* sql`ALTER TABLE avara_engine_locks RENAME TO avara_engine_locks_away`
    yield* Effect.sleep(longEnough)
    yield* sql`ALTER TABLE avara_engine_locks_away RENAME TO avara_engine_locks`
    expect(yield* ended(id)).toMatchObject({ state: "done", run: 1, progress: { done: 300 } })
    expect(yield* doubled).toEqual([])
  }).pipe(
    Effect.provide(worked({ faults: [{ type: "delay", millis: 150 }] })),
    Logger.withMinimumLogLevel(LogLevel.None)
  )
)
