import type * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { liveClock } from "./fiber.js"

/** The start of the process, so that processes with a shared state agree on the time. */
const originMillis = performance.timeOrigin

/** Returns the time in milliseconds, unaffected by changes to the wall clock. The live clock needs no bigint. @internal */
export const monotonicMillis = (clock: Clock.Clock): number =>
  clock === liveClock ? originMillis + performance.now() : Number(clock.unsafeCurrentTimeNanos()) / 1e6

/** The longest wait of a timer: 24.8 days. @internal */
export const maxTimerMillis = 2 ** 31 - 1

/** Waits for any time. Effect's own sleep never ends if the time exceeds the longest wait of a timer. @internal */
export const sleep = (millis: number): Effect.Effect<void> =>
  millis <= maxTimerMillis
    ? Effect.sleep(millis)
    : Effect.zipRight(
        Effect.sleep(maxTimerMillis),
        Effect.suspend(() => sleep(millis - maxTimerMillis))
      )
