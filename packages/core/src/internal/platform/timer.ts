import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Exit from "effect/Exit"
import * as FiberId from "effect/FiberId"
import { constVoid, type LazyArg } from "effect/Function"
import * as Runtime from "effect/Runtime"
import { liveClock, maxTimerMillis } from "./clock.js"

/** Calls back after this time, and returns what keeps it from that; on the live clock it takes no fiber. @internal */
export const startTimer = (
  clock: Clock.Clock,
  runtime: LazyArg<Runtime.Runtime<never>>,
  millis: number,
  onEnd: () => void
): (() => void) => {
  if (millis > maxTimerMillis) return constVoid
  if (clock === liveClock) {
    const timer = setTimeout(onEnd, millis)
    return () => clearTimeout(timer)
  }
  const sleeping = Runtime.runFork(runtime(), clock.sleep(Duration.millis(millis)))
  sleeping.addObserver((exit) => {
    if (Exit.isSuccess(exit)) onEnd()
  })
  return () => sleeping.unsafeInterruptAsFork(FiberId.none)
}
