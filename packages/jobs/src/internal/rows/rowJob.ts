import type { AvaraError } from "@effect-avara/core/AvaraError"
import type { Work } from "@effect-avara/export/Work"
import * as Effect from "effect/Effect"
import type { JobRun } from "../run/jobWorkflow.js"
import type { Worker } from "./batch.js"
import { settle } from "./settle.js"

/** Runs the lanes of a pass until no row is left to start. A pass that was done before does nothing. @internal */
export type DoLanes<R> = (pass: number, lanes: number) => Effect.Effect<void, never, R>

/** Does the rows of a job pass by pass: it looks for the rows that the lanes leave, and the next pass does those that were not found. @internal */
export const runRows = <A, E extends AvaraError, R, RL>(
  worker: Worker,
  job: JobRun,
  work: Work<A, E, R>,
  lanes: number,
  doLanes: DoLanes<RL>
) => {
  const { claims, runs } = worker

  /** Returns whether another pass is needed. */
  const step = (pass: number) =>
    Effect.gen(function* () {
      const standing = yield* runs.standing(job)
      if (standing === "over" || standing === "failing") return false
      const pending = standing === "running" ? yield* claims.pending(job.id, lanes) : 0
      if (pending > 0) return yield* Effect.as(doLanes(pass, pending), true)
      return yield* settle(worker, job, work, standing)
    })

  return Effect.iterate(
    { pass: 0, continues: true },
    {
      while: ({ continues }) => continues,
      body: ({ pass }) => Effect.map(step(pass), (continues) => ({ pass: pass + 1, continues }))
    }
  ).pipe(Effect.asVoid)
}
