import type { AvaraError } from "@effect-avara/core/AvaraError"
import type { Work } from "@effect-avara/export/Work"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { type Turn, waitAt } from "../run/gate.js"
import { traced } from "../run/observe.js"
import { patiently } from "../run/patiently.js"
import { startStopwatch } from "../run/stopwatch.js"
import { doBatch, type Place, type Worker } from "./batch.js"

/** The maximum number of rows at a time, so that few outcomes are unknown when a worker dies. */
const mostRows = 16

const firstRows = 2

/** A lane claims as many rows as it did in the last second. */
const sizeAfter = (rows: number, millis: number): number =>
  Math.min(mostRows, Math.max(1, Math.ceil((rows * 1000) / Math.max(1, millis))))

/** Does rows of a job until none is left to start, or this worker has lost the part. @internal */
export const runLane = <A, E extends AvaraError, R>(
  worker: Worker,
  place: Place,
  work: Work<A, E, R>
): Effect.Effect<void, never, R> =>
  Effect.suspend(() => {
    const { claims, gate, runs } = worker
    const { isHere, job } = place
    const leaseMillis = Duration.toMillis(worker.lease)
    let size = firstRows
    // An earlier lane may have stored that it waits.
    let hasWaited = true

    const wait = (turn: Turn & { readonly _tag: "Closed" }) =>
      Effect.suspend(() => {
        hasWaited = true
        return waitAt(runs, job, turn)
      })

    const stopWaiting = Effect.suspend(() => {
      if (!hasWaited) return Effect.void
      hasWaited = false
      return runs.waitFor(job, null)
    })

    /** Returns whether there may be more rows. */
    const step = Effect.acquireUseRelease(
      gate.enter,
      (turn) =>
        Effect.gen(function* () {
          if (turn._tag === "Closed") return yield* wait(turn)
          if (turn._tag === "Open") yield* stopWaiting
          const since = yield* startStopwatch
          const rows = yield* claims.claim(job, turn._tag === "Probe" ? 1 : size, leaseMillis)
          if (rows.length === 0) return false
          const started = yield* doBatch(worker, place, work, { rows, turn, since }).pipe(
            traced("Jobs.rows", job, { "avara.job.rows": rows.length })
          )
          size = sizeAfter(started, since())
          return true
        }),
      gate.leave
    )

    return Effect.repeat(patiently(`A part of the job ${job.id}`)(step), {
      while: (hasMore) => hasMore && isHere()
    })
  })
