import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { Avara, RetryPolicy } from "@effect-avara/core"
import { Emulator } from "@effect-avara/emulator"
import { Job, Jobs } from "@effect-avara/jobs"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Ref from "effect/Ref"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"

export const apiKey = Redacted.make(`sk_live_${"0".repeat(32)}`)

export const Platform = Layer.merge(NodeFileSystem.layer, NodePath.layer)

/** The emulator in this process, a client of it that does not retry, and the platform. */
export const emulated = (options: Emulator.StoreOptions = {}) =>
  Avara.layer({ apiKey, retry: RetryPolicy.none }).pipe(
    Layer.provideMerge(Emulator.layerHttpClient(options)),
    Layer.merge(Platform)
  )

/** Jobs in memory and their worker. */
export const worked = (options: Emulator.StoreOptions = {}, settings: Jobs.WorkerOptions = {}) =>
  Jobs.layer.pipe(Layer.provideMerge(Jobs.layerMemory(settings)), Layer.provideMerge(emulated(options)))

/** A directory that is removed with the scope. */
export const directory = Effect.acquireRelease(
  Effect.sync(() => fs.mkdtempSync(path.join(os.tmpdir(), "avara-jobs-"))),
  (made) => Effect.sync(() => fs.rmSync(made, { recursive: true, force: true }))
)

/** A file with this text, which is removed with the scope. */
export const fileOf = (name: string, text: string) =>
  Effect.map(directory, (made) => {
    const file = path.join(made, name)
    fs.writeFileSync(file, text)
    return file
  })

export const clinics = (count: number, first = 1): string =>
  ["expressCustomerName", ...Array.from({ length: count }, (_, i) => `Clinic ${first + i}`)].join("\n")

/** Returns the job as soon as it satisfies the condition, or dies with its last state after 30 seconds. */
export const when = (id: string, what: string, isSo: (job: Job.Job) => boolean) =>
  Effect.gen(function* () {
    const { status } = yield* Jobs.Jobs
    const last = yield* Ref.make<Job.Job | undefined>(undefined)
    const look = Effect.tap(status(id), (job) => Ref.set(last, job))
    return yield* Effect.repeat(look, { until: isSo, schedule: Schedule.spaced("20 millis") }).pipe(
      Effect.zipRight(status(id)),
      Effect.timeoutOption("30 seconds"),
      Effect.flatMap(
        Option.match({
          onSome: Effect.succeed,
          onNone: () =>
            Effect.flatMap(Ref.get(last), (job) => Effect.dieMessage(`it was not ${what}: ${JSON.stringify(job)}`))
        })
      )
    )
  })

export const ended = (id: string) => when(id, "ended", Job.isEnded)

/** The names of all customers, sorted. */
export const names = Effect.flatMap(Emulator.Emulator, ({ customers }) =>
  Effect.map(customers, (all) => all.map(({ expressCustomerName }) => expressCustomerName).sort())
)

/** The names that more than one customer has. */
export const doubled = Effect.map(names, (all) => all.filter((name, i) => name === all[i + 1]))

export const rejected = (id: string) =>
  Effect.flatMap(Jobs.Jobs, ({ rejects }) =>
    Effect.map(Stream.runCollect(rejects(id)), (all) => Chunk.toReadonlyArray(all).map(({ line }) => line))
  )
