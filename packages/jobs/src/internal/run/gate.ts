import * as Effect from "effect/Effect"
import type { JobRun } from "./jobWorkflow.js"
import type { Runs } from "./runs.js"

/** The turn of a lane: it may send, it may try one row, or it must wait. @internal */
export type Turn =
  | { readonly _tag: "Open" }
  | { readonly _tag: "Probe" }
  | { readonly _tag: "Closed"; readonly reason: string; readonly millis: number }

/** Tracks whether the API is up. While it is down, one lane tries it and the others wait. @internal */
export interface Gate {
  /** Returns the turn of a lane. */
  readonly enter: Effect.Effect<Turn>
  /** Ends a turn, regardless of its outcome. */
  readonly leave: (turn: Turn) => Effect.Effect<void>
  /** Reports a request that succeeded, or that was refused because of its own content. */
  readonly responded: Effect.Effect<void>
  /** Reports a request that failed because the API is down, or whose response was lost. */
  readonly troubled: (turn: Turn, reason: string) => Effect.Effect<void>
  /** Reports the same as `troubled`, but closes the gate immediately, because an immediate retry would not help. */
  readonly failed: (turn: Turn, reason: string) => Effect.Effect<void>
  /** Returns whether the rows of a turn that have not been started must wait. */
  readonly holds: (turn: Turn) => boolean
}

/** A single lost response is not an outage. */
const enough = 3

const shortestMillis = 1000

const longestMillis = 30_000

/** How long a lane waits before it checks again whether another lane succeeded, or its job has ended. */
const waitOf = (left: number): number => Math.min(1000, Math.max(250, left))

/** Stores why a job waits, waits, and returns whether the job still runs. @internal */
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

    const responded = Effect.sync(() => {
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
      responded,
      troubled: (turn, why) => trouble(turn, why, enough),
      failed: (turn, why) => trouble(turn, why, 1),
      holds: (turn) => turn._tag !== "Probe" && pauses > 0
    }
  })
)
