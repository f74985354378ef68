import type * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { GetRuntime } from "../platform/fiber.js"
import { startTimer } from "../platform/timer.js"
import { type Start, waitFor } from "../platform/wait.js"
import { type Head, isSuccess, type Received, type TransportRequest, type TransportService } from "./transport.js"

/** Makes a wait as interruptible as the call is. @internal */
export type Restore = <A, E>(effect: Effect.Effect<A, E>) => Effect.Effect<A, E>

/** The time limit of an exchange, and the clock and runtime that it uses. */
interface Limits {
  readonly millis: number
  readonly clock: Clock.Clock
  readonly runtime: GetRuntime
  readonly restore: Restore
}

/** Why no complete response was received: the time was up, or the connection broke before or after the response head. @internal */
export type Lost =
  | { readonly _tag: "Expired" }
  | { readonly _tag: "Broken"; readonly head: Head | undefined; readonly cause: unknown }

const noBody = new Uint8Array()

/** How long to wait for the body of a refusal after its head. */
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
      // A response may still start after the abort.
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
 * Sends one request within its time limit, and returns its response with the complete body.
 *
 * The status determines what a refusal means, so its body counts as empty if it is lost, late or too large. `onHead` is called before the body
 * arrives. Only the wait can be interrupted.
 *
 * @internal
 */
export const exchange = (
  transport: TransportService,
  request: TransportRequest,
  limits: Limits,
  onHead: (received: Received) => void
): Effect.Effect<Received, Lost> => limits.restore(waitFor({ transport, request, limits, onHead }, sendWithin))
