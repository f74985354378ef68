import type { AvaraError } from "@effect-avara/core/AvaraError"
import type { Work } from "@effect-avara/export/Work"
import * as Effect from "effect/Effect"
import type { JobRun } from "../run/jobWorkflow.js"
import type { Worker } from "./batch.js"
import { settle } from "./settle.js"

/** Has the lanes of a pass do rows until there is none left to begin; a pass that was done before does nothing. @internal */
export type DoLanes<R> = (pass: number, lanes: number) => Effect.Effect<void, never, R>

/** Does the rows of a job pass by pass: what the lanes leave behind is looked for, and what is not found is done by the next pass. @internal */
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
    { pass: 0, goesOn: true },
    {
      while: ({ goesOn }) => goesOn,
      body: ({ pass }) => Effect.map(step(pass), (goesOn) => ({ pass: pass + 1, goesOn }))
    }
  ).pipe(Effect.asVoid)
}
