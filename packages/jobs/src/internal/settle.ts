import type { AvaraError } from "@effect-avara/core/AvaraError"
import type { Work } from "@effect-avara/export/Work"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { Worker } from "./batch.js"
import type { Lost, Result, Run } from "./claims.js"
import { meaningOf } from "./failures.js"
import { type Turn, waitAt } from "./gate.js"

const settled = ({ attempt, line }: Lost, id: string | undefined): Result =>
  id === undefined ? { _tag: "Back", line, attempt, wasSent: true } : { _tag: "Done", line, attempt, id }

/**
 * Waits until no worker can be at work on a row whose response is not known, and finds out whether it is done. While the API is down, it waits;
 * only a job that is to end leaves the rows as they are. Returns whether there was such a row.
 *
 * @internal
 */
export const settle = <A, E extends AvaraError, R>(worker: Worker, job: Run, work: Work<A, E, R>) => {
  const { claims, gate, runs } = worker
  const settleMillis = Duration.toMillis(work.settle)

  const isRunning = Effect.map(runs.standing(job), (standing) => standing === "running")

  const failed = (turn: Turn, error: E) =>
    meaningOf(error) === "end"
      ? Effect.as(runs.fail(job, { tag: error._tag, message: error.message }), false)
      : Effect.zipRight(gate.failed(turn, error.message), isRunning)

  const recordFound = (lost: ReadonlyArray<Lost>, found: ReadonlyMap<number, string>) =>
    claims.record(
      job.id,
      lost.map((row) => settled(row, found.get(row.line)))
    )

  /** Reads the list once for all rows. */
  const look = (turn: Turn) =>
    Effect.gen(function* () {
      const lost = yield* claims.lost(job.id, settleMillis)
      if (lost.length === 0) return false
      const found = yield* Effect.either(work.look(new Map(lost.map(({ key, line }) => [line, key]))))
      if (Either.isLeft(found)) return yield* failed(turn, found.left)
      yield* gate.answered
      yield* runs.waitFor(job, null)
      return yield* Effect.as(recordFound(lost, found.right), false)
    })

  /** Returns whether it has to look again. */
  const step = Effect.acquireUseRelease(
    gate.enter,
    (turn) => (turn._tag === "Closed" ? waitAt(runs, job, turn) : look(turn)),
    gate.leave
  )

  const sendAgain = Effect.flatMap(claims.lost(job.id, settleMillis), (lost) => recordFound(lost, new Map()))

  return Effect.gen(function* () {
    const millis = yield* claims.untilLost(job.id, settleMillis)
    if (millis === undefined) return false
    yield* Effect.sleep(millis)
    yield* work.resend === "safe" ? sendAgain : Effect.repeat(step, { while: (again) => again })
    return true
  })
}
