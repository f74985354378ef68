import * as path from "node:path"
import { expect, it } from "@effect/vitest"
import { Jobs } from "@effect-avara/jobs"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { clinics, directory, doubled, emulated, ended, fileOf, names, when } from "./support.js"

it.scopedLive("stops soon, stores the outcomes of the rows that were sent, and continues where it stopped", () =>
  Effect.gen(function* () {
    const database = path.join(yield* directory, "jobs.db")
    const work = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
      Effect.provide(effect, Layer.fresh(Layer.provideMerge(Jobs.layer, Jobs.layerSqlite({ file: database }))))
    const client = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
      Effect.provide(effect, Layer.fresh(Jobs.layerSqlite({ file: database })))

    const [id, asked] = yield* work(
      Effect.gen(function* () {
        const { submitImport } = yield* Jobs.Jobs
        const id = yield* submitImport({ file: yield* fileOf("clinics.csv", clinics(40)) })
        yield* when(id, "begun", ({ progress }) => progress.done > 0)
        return [id, yield* Clock.currentTimeMillis] as const
      })
    )
    expect((yield* Clock.currentTimeMillis) - asked).toBeLessThan(8000)
    const stopped = yield* client(Effect.flatMap(Jobs.Jobs, ({ status }) => status(id)))
    expect(stopped).toMatchObject({ state: "running", progress: { sent: 0 } })
    expect(yield* names).toHaveLength(stopped.progress.done)
    expect(yield* work(ended(id))).toMatchObject({ state: "done", run: 1, progress: { done: 40 } })
    expect(yield* doubled).toEqual([])
  }).pipe(Effect.provide(emulated({ faults: [{ type: "delay", millis: 100 }] })))
)
