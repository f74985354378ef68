/**
 * What is retried, when, and how often.
 *
 * A policy never decides about a create whose outcome is unknown: that is never sent again, whatever the policy says.
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import * as Schedule from "effect/Schedule"
import { type AvaraError, isRetryable } from "./AvaraError.js"
import { checkWait } from "./internal/platform/durations.js"

/**
 * When a failed attempt is followed by another one.
 *
 * @since 0.1.0
 * @category models
 */
export interface RetryPolicy {
  /** How often, and how long to wait where the server does not say it. */
  readonly schedule: Schedule.Schedule<unknown, AvaraError>
  /** Which failures are retried. */
  readonly while: (error: AvaraError) => boolean
  /** The longest wait that a server may ask for, to 24 days. The call fails at once with a longer one, which its error carries. */
  readonly maxRetryAfter: Duration.Duration
  /** What is wrong with the values that the policy was made of: a client or a call with it fails and says so. @internal */
  readonly wrong?: string
}

/**
 * A policy from any schedule over the client's errors.
 *
 * Retries what `isRetryable` names unless `while` says otherwise. Sits out waits of the server up to 60 seconds unless `maxRetryAfter`
 * says otherwise. A client or a call with a `maxRetryAfter` that is not allowed fails and says what is.
 *
 * @example
 * ```ts
 * import { RetryPolicy } from "@effect-avara/core"
 * import * as Schedule from "effect/Schedule"
 *
 * const patient = RetryPolicy.make(
 *   Schedule.exponential("1 second").pipe(Schedule.jittered, Schedule.intersect(Schedule.recurs(8))),
 *   { maxRetryAfter: "5 minutes" }
 * )
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = <Out>(
  schedule: Schedule.Schedule<Out, AvaraError>,
  options: {
    readonly while?: ((error: AvaraError) => boolean) | undefined
    readonly maxRetryAfter?: Duration.DurationInput | undefined
  } = {}
): RetryPolicy => {
  const maxRetryAfter = checkWait(options.maxRetryAfter ?? "60 seconds")
  return {
    schedule,
    while: options.while ?? isRetryable,
    maxRetryAfter: Either.getOrElse(maxRetryAfter, () => Duration.zero),
    ...(Either.isLeft(maxRetryAfter) ? { wrong: `maxRetryAfter: ${maxRetryAfter.left}` } : {})
  }
}

/**
 * At most `times` retries, an integer of 0 or more, after full-jitter waits: random up to 0.5 seconds, doubling to 8 seconds.
 *
 * @since 0.1.0
 * @category constructors
 */
export const retries = (times: number): RetryPolicy => {
  const policy = make(
    Schedule.exponential("500 millis").pipe(
      Schedule.union(Schedule.spaced("8 seconds")),
      Schedule.jitteredWith({ min: 0, max: 1 }),
      Schedule.intersect(Schedule.recurs(times))
    )
  )
  return Number.isSafeInteger(times) && times >= 0
    ? policy
    : { ...policy, wrong: "expected an integer of 0 or more as the number of retries" }
}

/**
 * The default: 2 retries after full-jitter waits, random up to 0.5 seconds doubling to 8 seconds.
 *
 * @since 0.1.0
 * @category policies
 */
export const standard: RetryPolicy = retries(2)

/**
 * One attempt, no retries.
 *
 * @since 0.1.0
 * @category policies
 */
export const none: RetryPolicy = make(Schedule.stop)
