import type * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { GetRuntime } from "../platform/fiber.js"
import { startTimer } from "../platform/timer.js"
import { type Start, waitFor } from "../platform/wait.js"
import { type Head, isSuccess, type Received, type TransportRequest, type TransportService } from "./transport.js"

/** Makes what waits as interruptible as the call is. @internal */
export type Restore = <A, E>(effect: Effect.Effect<A, E>) => Effect.Effect<A, E>

/** What an exchange may take, and what it runs with. */
interface Limits {
  readonly millis: number
  readonly clock: Clock.Clock
  readonly runtime: GetRuntime
  readonly restore: Restore
}

/** Why nothing was received: the time was over, or the connection broke before the head of a response or after it. @internal */
export type Lost =
  | { readonly _tag: "Expired" }
  | { readonly _tag: "Broken"; readonly head: Head | undefined; readonly cause: unknown }

const noBody = new Uint8Array()

/** How long the words of a refusal are waited for. */
const refusalMillis = 5000

interface Sending {
  readonly transport: TransportService
  readonly request: TransportRequest
  readonly limits: Limits
  readonly onHead: (received: Received) => void
}

const sendWithin: Start<Sending, Received, Lost> = (
  { limits: { clock, millis, runtime }, onHead, request, transport },
  resume
) => {
  const timers: Array<() => void> = []
  let head: Head | undefined
  let hasEnded = false
  let abort: Effect.Effect<void> = Effect.void
  const stop = () => {
    hasEnded = true
    for (const stopTimer of timers) stopTimer()
  }
  const end = (result: Effect.Effect<Received, Lost>) => {
    stop()
    resume(result)
  }
  const endWithout = (lost: Lost) =>
    head === undefined || isSuccess(head) ? Effect.fail(lost) : Effect.succeed({ head, body: noBody })
  const limitTo = (millis: number) =>
    timers.push(startTimer(clock, runtime, millis, () => end(Effect.zipRight(abort, endWithout({ _tag: "Expired" })))))
  abort = transport.send(request, runtime, {
    onHead: (started) => {
      // What was aborted may still begin.
      if (hasEnded) return
      head = started
      onHead({ head, body: noBody })
      if (!isSuccess(head)) limitTo(refusalMillis)
    },
    onEnd: (received) => end(Effect.catchAll(received, ({ cause }) => endWithout({ _tag: "Broken", head, cause })))
  })
  if (!hasEnded) limitTo(millis)
  return Effect.suspend(() => {
    stop()
    return abort
  })
}

/**
 * One request within its time, and its response to the end of the body.
 *
 * The status decides what a refusal is: a body of it that is lost, late or too large counts as empty. `onHead` hears of a response whose
 * body is not there yet. Where it runs cannot be interrupted but for the wait.
 *
 * @internal
 */
export const exchange = (
  transport: TransportService,
  request: TransportRequest,
  limits: Limits,
  onHead: (received: Received) => void
): Effect.Effect<Received, Lost> => limits.restore(waitFor({ transport, request, limits, onHead }, sendWithin))
