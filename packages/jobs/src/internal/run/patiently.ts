import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import type { JobsDatabaseFailed } from "../../JobError.js"

const pauses = Schedule.exponential("500 millis").pipe(Schedule.union(Schedule.spaced("10 seconds")))

/** Logs an error that is retried, and for a defect also its cause. @internal */
export const logFailure = (what: string, cause: Cause.Cause<JobsDatabaseFailed>): Effect.Effect<void> =>
  Option.match(Cause.failureOption(cause), {
    onSome: ({ message }) => Effect.logWarning(`${what} failed and will be tried again: ${message}`),
    onNone: () => Effect.logError(`${what} failed unexpectedly and will be tried again`, cause)
  })

/**
 * Retries an effect until it succeeds, because an error or a defect of a workflow would be stored forever, and a singleton that ends is not started
 * again.
 *
 * @internal
 */
export const patiently =
  (what: string) =>
  <A, R>(effect: Effect.Effect<A, JobsDatabaseFailed, R>): Effect.Effect<A, never, R> =>
    effect.pipe(
      Effect.sandbox,
      Effect.tapError((cause) => (Cause.isInterruptedOnly(cause) ? Effect.void : logFailure(what, cause))),
      Effect.retry({ schedule: pauses, while: (cause) => !Cause.isInterruptedOnly(cause) }),
      Effect.catchAll(() => Effect.interrupt)
    )
