import type { Customers } from "@effect-avara/core/Customers"
import type { CustomerUsers } from "@effect-avara/core/CustomerUsers"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import type { JobsDatabaseFailed } from "../../JobError.js"
import { makeClaims } from "../rows/claims.js"
import { makeGate } from "../run/gate.js"
import { measure } from "../run/observe.js"
import { makeRuns } from "../run/runs.js"
import { makeSamples } from "../run/samples.js"
import { fireDue } from "../store/schedules.js"
import { type Chore, layerDispatcher } from "./dispatcher.js"
import { checkPool, Engine, layerCluster } from "./engine.js"
import { makeRate } from "./rate.js"
import { removeOld } from "./retention.js"
import { reviveStuck } from "./revive.js"
import { layerWorkflows } from "./workflows.js"

/** Runs a worker, which does jobs until its scope closes. @internal */
export const layer: Layer.Layer<never, JobsDatabaseFailed, Engine | Customers | CustomerUsers> = Layer.unwrapScoped(
  Effect.gen(function* () {
    const { address, database, every, lock, settings } = yield* Engine
    yield* lock
    yield* checkPool(database)
    const worker = {
      database,
      claims: makeClaims(database),
      runs: makeRuns(database),
      samples: makeSamples(database),
      gate: yield* makeGate,
      slots: yield* Effect.makeSemaphore(settings.slots),
      lease: settings.lease,
      limiter: settings.rate === undefined ? undefined : yield* makeRate(database, settings.rate)
    }
    yield* measure(database).pipe(Effect.ignore, Effect.repeat(Schedule.spaced("5 seconds")), Effect.forkScoped)
    const removal = yield* Effect.cachedWithTTL(removeOld(database, settings.keep), "1 minute")
    const revival = yield* Effect.cachedWithTTL(reviveStuck(database), "5 seconds")
    const chores: ReadonlyArray<Chore> = [
      { name: "The revival of stuck jobs", run: revival },
      { name: "The schedules", run: fireDue(database) },
      { name: "The removal of old jobs", run: removal }
    ]
    return Layer.mergeAll(layerWorkflows(worker, settings.lanes), layerDispatcher(worker, chores, every)).pipe(
      Layer.provide(layerCluster(database, yield* address))
    )
  })
)
