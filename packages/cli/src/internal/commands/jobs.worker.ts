import type { Jobs } from "@effect-avara/jobs/Jobs"
import * as Effect from "effect/Effect"
import { ExitCode } from "../../ExitCode.js"
import { nameOf } from "../database.js"
import { EndedWith, type Failure } from "../failure.js"
import * as Progress from "../progress.js"
import { CurrentSettings, type Services, type Task } from "../services.js"
import { stopAtSignal } from "../stopping.js"
import { safe } from "../text.js"
import { watchAll } from "./jobs.activity.js"
import { type DatabaseOptions, onDatabase } from "./jobs.database.js"
import { engineLayer, type WorkerOptions } from "./jobs.engine.js"

interface Options extends DatabaseOptions, WorkerOptions {
  readonly once?: boolean
}

/** Works until a signal is received or, with `once`, until no job is left. Runs `first` once the worker has started. */
export const runWorker = (options: Options, first: Effect.Effect<void, Failure, Jobs | Services> = Effect.void): Task =>
  onDatabase(options, {
    isExisting: options.once === true,
    run: (to) =>
      Effect.gen(function* () {
        const { quiet } = yield* CurrentSettings
        const progress = yield* Progress.make("row")
        const stop = yield* stopAtSignal(progress, "after the rows that were already sent")
        yield* first
        if (!quiet) yield* progress.say(safe`Working on the jobs of ${nameOf(to)}. Press Ctrl-C to stop.`)
        yield* Effect.raceFirst(
          watchAll(to, { once: options.once === true }),
          Effect.zipRight(stop, new EndedWith({ code: ExitCode.interrupted }))
        )
        if (!quiet) yield* progress.say(safe`No jobs are left.`)
      }).pipe(
        Effect.scoped,
        Effect.provide(engineLayer(to, options)),
        // A second Ctrl-C does not wait for requests in flight.
        Effect.disconnect
      )
  })

export const worker = (options: Options): Task => runWorker(options)
