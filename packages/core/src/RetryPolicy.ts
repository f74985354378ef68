/**
 * Retry policies: which failures are retried, when, and how many times.
 *
 * A create whose outcome is unknown is never sent again, whatever the policy says.
 *
 * Manual: https://github.com/effect-avara/effect-avara/blob/main/docs/retries.md
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import * as Schedule from "effect/Schedule"
import { type AvaraError, isRetryable } from "./AvaraError.js"
import { checkWait } from "./internal/platform/durations.js"

/**
 * A retry policy: which failures are retried, when, and how many times.
 *
 * @since 0.1.0
 * @category models
 */
export interface RetryPolicy {
  /** How many times to retry, and how long to wait if the server does not ask for a wait. */
  readonly schedule: Schedule.Schedule<unknown, AvaraError>
  /** Which failures are retried. */
  readonly while: (error: AvaraError) => boolean
  /**
   * The longest wait that the server may ask for, at most 24 days. If it asks for a longer one, the call fails immediately, and its error
   * carries that wait.
   */
  readonly maxRetryAfter: Duration.Duration
  /** Why the values that the policy was made from are not valid. A client or a call with such a policy fails with this text. @internal */
  readonly wrong?: string
}

/**
 * Creates a policy from a schedule over the client's errors.
 *
 * `while` selects the failures to retry, `isRetryable` by default. `maxRetryAfter` is the longest wait that the server may ask for, from zero
 * to 24 days, 60 seconds by default. A client or a call with an invalid `maxRetryAfter` fails with an error that says what is allowed.
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
 * Creates a policy with at most `times` retries, an integer of 0 or more.
 *
 * Each wait is random (full jitter). Its upper limit is 0.5 seconds before the first retry, and doubles with each further one, up to 8 seconds.
 *
 * @example
 * ```ts
 * import { Avara, RetryPolicy } from "@effect-avara/core"
 * import * as Redacted from "effect/Redacted"
 *
 * const AvaraLive = Avara.layer({
 *   apiKey: Redacted.make("sk_live_1234567890abcdef1234567890abcdef"),
 *   retry: RetryPolicy.retries(5)
 * })
 * ```
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
 * The default policy: `retries(2)`.
 *
 * @since 0.1.0
 * @category policies
 */
export const standard: RetryPolicy = retries(2)

/**
 * A policy with one attempt and no retries.
 *
 * @since 0.1.0
 * @category policies
 */
export const none: RetryPolicy = make(Schedule.stop)
