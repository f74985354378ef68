import * as Effect from "effect/Effect"
import type { JobRun } from "./jobWorkflow.js"
import type { Runs } from "./runs.js"

/** Whether a lane may send: it may, it may try with one row, or not yet. @internal */
export type Turn =
  | { readonly _tag: "Open" }
  | { readonly _tag: "Probe" }
  | { readonly _tag: "Closed"; readonly reason: string; readonly millis: number }

/** What a worker knows about the API: while it is down, one lane tries it and the others wait. @internal */
export interface Gate {
  readonly enter: Effect.Effect<Turn>
  /** Ends a turn, whatever came of it. */
  readonly leave: (turn: Turn) => Effect.Effect<void>
  /** A request succeeded, or was refused for itself. */
  readonly answered: Effect.Effect<void>
  /** A request failed because the API is down, or its response was lost. */
  readonly troubled: (turn: Turn, reason: string) => Effect.Effect<void>
  /** As `troubled`, of what is not worth trying again at once. */
  readonly failed: (turn: Turn, reason: string) => Effect.Effect<void>
  /** Whether the rows of a turn that are not begun have to wait. */
  readonly holds: (turn: Turn) => boolean
}

/** A single lost response is no outage. */
const enough = 3

const shortestMillis = 1000

const longestMillis = 30_000

/** How long a lane waits before it looks again whether another one got through, or its job has ended. */
const waitOf = (left: number): number => Math.min(1000, Math.max(250, left))

/** Says why a job waits, waits, and returns whether the job still runs. @internal */
export const waitAt = (runs: Runs, job: JobRun, { millis, reason }: Turn & { readonly _tag: "Closed" }) =>
  runs.waitFor(job, reason).pipe(Effect.zipRight(Effect.sleep(millis)), Effect.zipRight(runs.isRunning(job)))

/** @internal */
export const makeGate: Effect.Effect<Gate> = Effect.clockWith((clock) =>
  Effect.sync(() => {
    const now = () => clock.unsafeCurrentTimeMillis()
    let inARow = 0
    let pauses = 0
    let until = 0
    let reason = ""
    let isProbing = false

    const close = (why: string) => {
      until = now() + Math.min(shortestMillis * 2 ** pauses, longestMillis)
      pauses++
      reason = why
      isProbing = false
    }

    const enter = Effect.sync((): Turn => {
      if (pauses === 0) return { _tag: "Open" }
      const left = until - now()
      if (left > 0 || isProbing) return { _tag: "Closed", reason, millis: waitOf(left) }
      isProbing = true
      return { _tag: "Probe" }
    })

    const leave = (turn: Turn) =>
      Effect.sync(() => {
        if (turn._tag === "Probe") isProbing = false
      })

    const answered = Effect.sync(() => {
      inARow = 0
      pauses = 0
    })

    const trouble = (turn: Turn, why: string, limit: number) =>
      Effect.sync(() => {
        inARow++
        if (turn._tag === "Probe" || (pauses === 0 && inARow >= limit)) close(why)
      })

    return {
      enter,
      leave,
      answered,
      troubled: (turn, why) => trouble(turn, why, enough),
      failed: (turn, why) => trouble(turn, why, 1),
      holds: (turn) => turn._tag !== "Probe" && pauses > 0
    }
  })
)
