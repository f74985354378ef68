import * as SqlClient from "@effect/sql/SqlClient"
import { isAvaraError } from "@effect-avara/core/AvaraError"
import * as Effect from "effect/Effect"
import type { MirrorPayload } from "../database/payload.js"
import * as mirror from "../mirror/mirror.js"
import type { Place, Worker } from "../rows/batch.js"
import { meaningOf } from "../run/failures.js"
import { type Turn, waitAt } from "../run/gate.js"

/** Longer than a suspended worker needs to notice that another worker has its part. */
const giveWay = "10 seconds"

/** Mirrors the list, and continues after an outage of the API or the database. @internal */
export const runMirror = ({ database, gate, runs }: Worker, { job }: Place, payload: typeof MirrorPayload.Type) => {
  const isRunning = runs.isRunning(job)

  const options: mirror.Options = {
    jobId: job.id,
    payload,
    isCancelled: Effect.orElseSucceed(
      Effect.map(isRunning, (running) => !running),
      () => false
    ),
    onProgress: ({ rows }) => Effect.zipRight(gate.responded, Effect.ignore(runs.mirrored(job, rows)))
  }

  const end = (error: mirror.MirrorError) => Effect.as(runs.fail(job, error), false)

  /** Returns whether to run the mirror again. */
  const failed = (turn: Turn, error: mirror.MirrorError) => {
    if (error._tag === "JobsDatabaseFailed") return Effect.fail(error)
    if (error._tag === "Stopped") return Effect.succeed(false)
    // The other run of the table may be the same job on another worker.
    if (error._tag === "Locked") return Effect.zipRight(Effect.sleep(giveWay), end(error))
    return isAvaraError(error) && meaningOf(error) !== "end"
      ? Effect.zipRight(gate.failed(turn, error.message), isRunning)
      : end(error)
  }

  const copy = (turn: Turn) =>
    mirror.run(options).pipe(
      Effect.provideService(SqlClient.SqlClient, database.sql),
      Effect.matchEffect({
        onFailure: (error) => failed(turn, error),
        onSuccess: () => Effect.succeed(false)
      })
    )

  const step = Effect.acquireUseRelease(
    gate.enter,
    (turn) => (turn._tag === "Closed" ? waitAt(runs, job, turn) : Effect.zipRight(runs.waitFor(job, null), copy(turn))),
    gate.leave
  )

  return Effect.asVoid(Effect.repeat(step, { while: (again) => again }))
}
