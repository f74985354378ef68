import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Exit from "effect/Exit"
import * as FiberId from "effect/FiberId"
import { constVoid } from "effect/Function"
import { maxTimerMillis } from "./clock.js"
import { type GetRuntime, liveClock, runFork } from "./fiber.js"

/** Runs a callback after this time, and returns a function that cancels it. On the live clock it needs no fiber. @internal */
export const startTimer = (
  clock: Clock.Clock,
  runtime: GetRuntime,
  millis: number,
  onEnd: () => void
): (() => void) => {
  if (millis > maxTimerMillis) return constVoid
  if (clock === liveClock) {
    const timer = setTimeout(onEnd, millis)
    return () => clearTimeout(timer)
  }
  const sleeping = runFork(runtime, clock.sleep(Duration.millis(millis)))
  sleeping.addObserver((exit) => {
    if (Exit.isSuccess(exit)) onEnd()
  })
  return () => sleeping.unsafeInterruptAsFork(FiberId.none)
}
