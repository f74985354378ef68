import type * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { liveClock } from "./fiber.js"

/** When the process began, so that processes which share a state agree on the time. */
const originMillis = performance.timeOrigin

/** The time in milliseconds, which no correction of the wall clock moves; that of the live clock needs no bigint. @internal */
export const monotonicMillis = (clock: Clock.Clock): number =>
  clock === liveClock ? originMillis + performance.now() : Number(clock.unsafeCurrentTimeNanos()) / 1e6

/** The longest that a timer can wait: 24.8 days. @internal */
export const maxTimerMillis = 2 ** 31 - 1

/** Waits for any time; Effect's own sleep never ends where no timer waits for so long. @internal */
export const sleep = (millis: number): Effect.Effect<void> =>
  millis <= maxTimerMillis
    ? Effect.sleep(millis)
    : Effect.zipRight(
        Effect.sleep(maxTimerMillis),
        Effect.suspend(() => sleep(millis - maxTimerMillis))
      )
