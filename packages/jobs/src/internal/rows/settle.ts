import type { AvaraError } from "@effect-avara/core/AvaraError"
import type { Work } from "@effect-avara/export/Work"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { JobsDatabaseFailed } from "../../JobError.js"
import { meaningOf } from "../run/failures.js"
import { type Turn, waitAt } from "../run/gate.js"
import type { JobRun } from "../run/jobWorkflow.js"
import type { Standing } from "../run/runs.js"
import type { Worker } from "./batch.js"
import type { Lost, Result } from "./claims.js"

const settled = ({ attempt, issues, line }: Lost, id: string | undefined): Result => {
  if (id !== undefined) return { _tag: "Done", line, attempt, id }
  return issues === null
    ? { _tag: "Back", line, attempt, wasSent: true }
    : { _tag: "Rejected", line, attempt, issues: JSON.parse(issues) }
}

/** The longest time that a cancelled job waits for rows with an unknown response. A retry looks for the remaining rows. */
const mostForCancelled = 60_000

/**
 * Waits until no worker can still work on a row with an unknown response, and then finds out whether the row is done. It waits while the API is
 * down; only a job that is about to end leaves the rows as they are. Returns whether there may be more to do for the job.
 *
 * @internal
 */
export const settle = <A, E extends AvaraError, R>(
  worker: Worker,
  job: JobRun,
  work: Work<A, E, R>,
  standing: Standing
): Effect.Effect<boolean, JobsDatabaseFailed, R> => {
  const { claims, gate, runs } = worker
  const settleMillis = Duration.toMillis(work.settle)

  const failed = (turn: Turn, error: E) =>
    meaningOf(error) === "end"
      ? Effect.as(runs.fail(job, error), false)
      : Effect.zipRight(gate.failed(turn, error.message), runs.isRunning(job))

  const recordFound = (lost: ReadonlyArray<Lost>, found: ReadonlyMap<number, string>) =>
    claims.record(
      job.id,
      lost.map((row) => settled(row, found.get(row.line)))
    )

  /** Reads the list once, and looks for all rows in it. */
  const look = (turn: Turn) =>
    Effect.gen(function* () {
      const lost = yield* claims.lost(job.id, settleMillis)
      if (lost.length === 0) return false
      const found = yield* Effect.either(work.look(new Map(lost.map(({ key, line }) => [line, key]))))
      if (Either.isLeft(found)) return yield* failed(turn, found.left)
      yield* gate.responded
      yield* runs.waitFor(job, null)
      return yield* Effect.as(recordFound(lost, found.right), false)
    })

  /** Returns whether to look again. */
  const step = Effect.acquireUseRelease(
    gate.enter,
    (turn) => (turn._tag === "Closed" ? waitAt(runs, job, turn) : look(turn)),
    gate.leave
  )

  const sendAgain = Effect.flatMap(claims.lost(job.id, settleMillis), (lost) => recordFound(lost, new Map()))

  /** Waits, and returns whether the job stayed as it was; it may be cancelled meanwhile. */
  const waitFor = (millis: number): Effect.Effect<boolean, JobsDatabaseFailed> =>
    millis <= 0
      ? Effect.succeed(true)
      : Effect.sleep(Math.min(millis, 1000)).pipe(
          Effect.zipRight(runs.standing(job)),
          Effect.flatMap((now) => (now === standing ? waitFor(millis - 1000) : Effect.succeed(false)))
        )

  return Effect.gen(function* () {
    const millis = yield* claims.untilLost(job.id, settleMillis)
    if (millis === undefined || (standing === "cancelling" && millis > mostForCancelled)) return false
    if (!(yield* waitFor(millis))) return true
    yield* work.resend === "safe" ? sendAgain : Effect.repeat(step, { while: (again) => again })
    return standing === "running"
  })
}
