import * as Effect from "effect/Effect"

/** Returns how many milliseconds have passed. @internal */
export type Stopwatch = () => number

/** Starts a stopwatch. The monotonic clock stops while a machine sleeps, and the wall clock may be set: the one that advanced more counts. @internal */
export const startStopwatch: Effect.Effect<Stopwatch> = Effect.clockWith((clock) =>
  Effect.sync(() => {
    const nanos = clock.unsafeCurrentTimeNanos()
    const millis = clock.unsafeCurrentTimeMillis()
    return () =>
      Math.max(Number(clock.unsafeCurrentTimeNanos() - nanos) / 1e6, clock.unsafeCurrentTimeMillis() - millis)
  })
)
