import { expect, it } from "@effect/vitest"
import { Emulator } from "@effect-avara/emulator"
import { Jobs } from "@effect-avara/jobs"
import * as Effect from "effect/Effect"
import { clinics, doubled, ended, fileOf, names, rejected, worked } from "./support.js"

it.scopedLive("creates each customer of a file once, and keeps the refused rows", () =>
  Effect.gen(function* () {
    const jobs = yield* Jobs.Jobs
    const file = yield* fileOf("clinics.csv", `${clinics(200)}\n""\n`)
    const id = yield* jobs.submitImport({ file })
    const job = yield* ended(id)
    expect(job).toMatchObject({ state: "done", run: 1, progress: { total: 201, done: 200, rejected: 1 } })
    expect(yield* names).toHaveLength(200)
    expect(yield* doubled).toEqual([])
    expect(yield* rejected(id)).toEqual([202])
  }).pipe(Effect.provide(worked()))
)
