import * as Effect from "effect/Effect"

/** How many milliseconds have passed. @internal */
export type Stopwatch = () => number

/** Starts a stopwatch. The monotonic clock stands still while a machine sleeps, and the other one may be set: the one that went further counts. @internal */
export const startStopwatch: Effect.Effect<Stopwatch> = Effect.clockWith((clock) =>
  Effect.sync(() => {
    const nanos = clock.unsafeCurrentTimeNanos()
    const millis = clock.unsafeCurrentTimeMillis()
    return () =>
      Math.max(Number(clock.unsafeCurrentTimeNanos() - nanos) / 1e6, clock.unsafeCurrentTimeMillis() - millis)
  })
)
