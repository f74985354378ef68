import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Scheduler from "effect/Scheduler"

interface Sleeper {
  readonly at: number
  readonly wake: () => void
}

const makeClock = () => {
  let now = 0
  const sleepers = new Set<Sleeper>()
  const nanos = () => BigInt(Math.round(now * 1e6))
  const clock: Clock.Clock = {
    [Clock.ClockTypeId]: Clock.ClockTypeId,
    unsafeCurrentTimeMillis: () => now,
    unsafeCurrentTimeNanos: nanos,
    currentTimeMillis: Effect.sync(() => now),
    currentTimeNanos: Effect.sync(nanos),
    sleep: (duration) =>
      Effect.async((resume) => {
        const sleeper = { at: now + Duration.toMillis(duration), wake: () => resume(Effect.void) }
        sleepers.add(sleeper)
        return Effect.sync(() => sleepers.delete(sleeper))
      })
  }
  const goOn = () => {
    let next = Infinity
    for (const { at } of sleepers) next = Math.min(next, at)
    if (next === Infinity) return
    now = Math.max(now, next)
    const due = Array.from(sleepers).filter(({ at }) => at <= now)
    for (const sleeper of due) {
      sleepers.delete(sleeper)
      sleeper.wake()
    }
  }
  return { clock, goOn }
}

/** Completes when everything that can run without time passing has run. */
const idle = Effect.async<void>((resume) => {
  setImmediate(() => setImmediate(() => setImmediate(() => resume(Effect.void))))
})

/** Never defers work to a timer, so that all ready work is done when the event loop turns. */
const scheduler = new Scheduler.MixedScheduler(Number.MAX_SAFE_INTEGER)

/** Runs an Effect on a clock that stops while there is work, and otherwise jumps to the next sleeper's time. */
export const withVirtualTime = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.suspend(() => {
    const { clock, goOn } = makeClock()
    const time: Effect.Effect<never> = Effect.forever(Effect.zipRight(idle, Effect.sync(goOn)))
    return Effect.raceFirst(Effect.withClock(effect, clock), time).pipe(Effect.withScheduler(scheduler))
  })
