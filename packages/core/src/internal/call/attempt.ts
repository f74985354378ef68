import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as DefaultServices from "effect/DefaultServices"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as FiberId from "effect/FiberId"
import { constVoid, type LazyArg } from "effect/Function"
import * as Runtime from "effect/Runtime"
import * as RuntimeFlags from "effect/RuntimeFlags"
import { liveClock, maxTimerMillis } from "../platform/clock.js"
import { handOver } from "../platform/handOver.js"

/** Makes what waits as interruptible as the call is. @internal */
export type Restore = <A, E>(effect: Effect.Effect<A, E>) => Effect.Effect<A, E>

/** What an attempt may take, what it runs with, and what it fails with when its time is over. @internal */
export interface Limits<E> {
  readonly millis: number
  readonly clock: Clock.Clock
  readonly fiber: Fiber.RuntimeFiber<unknown, unknown>
  readonly context: LazyArg<Context.Context<never>>
  readonly restore: Restore
  readonly onTimeout: LazyArg<E>
}

/** Calls back after this time, and answers how to keep it from that. */
const startTimer = (
  runtimeOf: LazyArg<Runtime.Runtime<never>>,
  clock: Clock.Clock,
  millis: number,
  onEnd: () => void
): (() => void) => {
  if (millis > maxTimerMillis) return constVoid
  if (clock === liveClock) {
    const timer = setTimeout(onEnd, millis)
    return () => clearTimeout(timer)
  }
  const sleeping = Runtime.runFork(runtimeOf(), Effect.interruptible(clock.sleep(Duration.millis(millis))))
  sleeping.addObserver((exit) => {
    if (Exit.isSuccess(exit)) onEnd()
  })
  return () => sleeping.unsafeInterruptAsFork(FiberId.none)
}

/** @internal */
export const clockOf = (fiber: Fiber.RuntimeFiber<unknown, unknown>): Clock.Clock =>
  Context.get(fiber.getFiberRef(DefaultServices.currentServices), Clock.Clock)

/**
 * Runs the effect in a fiber of its own with this context, and interrupts it when its time is over.
 *
 * It costs a fiber and a timer, where `Effect.timeoutFail` takes two fibers and what races them. The fiber ends with nothing: a dead one
 * may stay in memory until a full collection, and with it what it ended with.
 *
 * @internal
 */
export const within = <A, E>(
  { clock, context, millis, onTimeout }: Omit<Limits<E>, "fiber" | "restore">,
  effect: Effect.Effect<A, E>
): Effect.Effect<A, E> =>
  Effect.withFiberRuntime((fiber, { runtimeFlags }) => {
    if (millis <= 0) return Effect.failSync(onTimeout)
    const runtime = Runtime.make({
      context: context(),
      fiberRefs: fiber.getFiberRefs(),
      runtimeFlags: RuntimeFlags.disable(runtimeFlags, RuntimeFlags.Interruption)
    })
    return Effect.async((resume) => {
      const end = (result: Effect.Effect<A, E>) => {
        cancelTimer()
        resume(result)
        return Effect.void
      }
      const ended = Effect.matchCauseEffect(Effect.interruptible(effect), {
        onFailure: (cause) => end(Effect.failCause(cause)),
        onSuccess: (value) => end(Effect.succeed(value))
      })
      const cancelTimer = startTimer(
        () => runtime,
        clock,
        millis,
        () => {
          running.unsafeInterruptAsFork(fiber.id())
          resume(Effect.zipRight(Fiber.await(running), Effect.failSync(onTimeout)))
        }
      )
      const running = Runtime.runFork(runtime, ended)
      return Effect.suspend(() => {
        cancelTimer()
        return Fiber.interrupt(running)
      })
    })
  })

/** Begins something, calls back once when it is done, and answers how to abort it. */
type Start<A, E> = (done: (result: Effect.Effect<A, E>) => void) => () => void

/** How to stop what is under way. */
interface Running {
  abort: () => void
  cancelTimer: () => void
}

interface Starting<A, E, E2> {
  readonly start: Start<A, E>
  readonly limits: Limits<E2>
  readonly running: Running
}

const begin = <A, E, E2>(
  { limits, running, start }: Starting<A, E, E2>,
  resume: (result: Effect.Effect<A, E | E2>) => void
): void => {
  const { clock, context, fiber, millis, onTimeout } = limits
  const runtimeOf = () =>
    Runtime.make({ context: context(), fiberRefs: fiber.getFiberRefs(), runtimeFlags: Runtime.defaultRuntimeFlags })
  running.cancelTimer = startTimer(runtimeOf, clock, millis, () => {
    // What is aborted may be done at once, and its error is not what the call ends with.
    resume(Effect.failSync(onTimeout))
    running.abort()
  })
  const done = (result: Effect.Effect<A, E>) => {
    running.cancelTimer()
    resume(result)
  }
  try {
    running.abort = start(done)
  } catch (defect) {
    done(Effect.die(defect))
  }
}

/**
 * As `within`, for what needs no fiber. Where it runs cannot be interrupted but for the wait.
 *
 * @internal
 */
export const startedWithin = <A, E, E2>(limits: Limits<E2>, start: Start<A, E>): Effect.Effect<A, E | E2> => {
  if (limits.millis <= 0) return Effect.failSync(limits.onTimeout)
  const running: Running = { abort: constVoid, cancelTimer: constVoid }
  const done = Effect.async<A, E | E2>(handOver({ limits, running, start }, begin<A, E, E2>))
  return Effect.tapErrorCause(limits.restore(done), (cause) =>
    Effect.sync(() => {
      if (!Cause.isInterrupted(cause)) return
      running.cancelTimer()
      running.abort()
    })
  )
}
