import type * as Clock from "effect/Clock"
import type * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import type { LazyArg } from "effect/Function"
import * as Option from "effect/Option"
import * as ScheduleDecision from "effect/ScheduleDecision"
import * as ScheduleIntervals from "effect/ScheduleIntervals"
import * as AvaraError from "../../AvaraError.js"
import type { Outcome, RateLimiterService } from "../../RateLimiter.js"
import type { RetryPolicy } from "../../RetryPolicy.js"
import { type Failure, timedOut } from "../answer/exchange.js"
import { monotonicMillis, sleep } from "../platform/clock.js"
import type { RetryBudget } from "../settings/budget.js"
import { type Limits, type Restore, within } from "./attempt.js"

/** @internal */
export interface RetrySettings {
  readonly operation: string
  readonly clock: Clock.Clock
  /** When the call began, on the clock's monotonic time. */
  readonly startMillis: number
  readonly fiber: Fiber.RuntimeFiber<unknown, unknown>
  /** What attempts run with. */
  readonly context: LazyArg<Context.Context<never>>
  readonly restore: Restore
  readonly timeout: Duration.Duration
  readonly deadline: Duration.Duration
  readonly retry: RetryPolicy
  readonly budget: RetryBudget
  readonly limiter: RateLimiterService | undefined
  /** Whether sending the request twice does no more than sending it once. */
  readonly safe: boolean
  /** Whether a request that may have been processed can be sent again. */
  readonly replayable: boolean
  readonly onRetry: (failure: Failure, attempt: number, delay: Duration.Duration) => Effect.Effect<void>
}

/** @internal */
export interface LastFailure extends Failure {
  /** Whether an attempt before the last one may have been processed. */
  readonly afterAmbiguous: boolean
}

interface State {
  readonly attempt: number
  readonly schedule: unknown
  readonly lastError: AvaraError.AvaraError | undefined
  /** The first failure that may have been processed all the same. */
  readonly ambiguous: AvaraError.AvaraError | undefined
}

/** What is left of the call's deadline. */
const remainingMillis = ({ clock, deadline, startMillis }: RetrySettings): number =>
  Duration.toMillis(deadline) - (monotonicMillis(clock) - startMillis)

/**
 * The attempt of this number within its limits, and what its answer means once it is there.
 * What it tells `onRefusal` is its failure if its time is over before the refusal is read.
 */
type Attempt<A> = (
  number: number,
  limits: Limits<Failure>,
  onRefusal: (failure: Failure) => void
) => Effect.Effect<A, Failure>

/** The attempt within its own deadline and what is left of the call's. */
const timed = <A>(settings: RetrySettings, state: State, attempt: Attempt<A>): Effect.Effect<A, Failure> => {
  const { clock, context, deadline, fiber, operation, restore, timeout } = settings
  const left = remainingMillis(settings)
  if (left <= 0) return Effect.fail(timedOut(operation, state.attempt - 1, "call", deadline))
  const most = Duration.toMillis(timeout)
  let refusal: Failure | undefined
  const onTimeout = () =>
    refusal ??
    (left < most
      ? timedOut(operation, state.attempt, "call", deadline)
      : timedOut(operation, state.attempt, "attempt", timeout))
  const onRefusal = (failure: Failure) => {
    refusal = failure
  }
  return attempt(state.attempt, { millis: Math.min(left, most), clock, fiber, context, restore, onTimeout }, onRefusal)
}

/** A wait that the policy would not sit out for one call holds no other call back for longer either. */
const outcomeOf = ({ error, retryAfter }: Failure, { maxRetryAfter }: RetryPolicy): Outcome =>
  error._tag === "RateLimited" || (error._tag === "ServerError" && error.status === 503 && Option.isSome(retryAfter))
    ? { _tag: "Throttled", retryAfter: Option.map(retryAfter, Duration.min(maxRetryAfter)) }
    : { _tag: "Accepted" }

const accepted: Outcome = { _tag: "Accepted" }

/** The attempt in its turn; only the call's deadline counts while it waits for that. */
const limited = <A>(settings: RetrySettings, state: State, attempt: Attempt<A>): Effect.Effect<A, Failure> => {
  const { clock, context, deadline, limiter, operation, restore, retry } = settings
  if (limiter === undefined) return timed(settings, state, attempt)
  let sent = state.attempt - 1
  const started = Effect.uninterruptibleMask((restore) => {
    sent = state.attempt
    return timed({ ...settings, restore }, state, attempt)
  })
  const reported = Effect.tapBoth(limiter.limit(started), {
    onSuccess: () => limiter.report(accepted),
    onFailure: (failure) => (Option.isSome(failure.status) ? limiter.report(outcomeOf(failure, retry)) : Effect.void)
  })
  const onTimeout = () => timedOut(operation, sent, "call", deadline)
  return restore(within({ millis: remainingMillis(settings), clock, context, onTimeout }, reported))
}

/** The wait before the next attempt, or none if this failure is the last word. */
const delayAfter = (
  { budget, clock, replayable, retry }: RetrySettings,
  { schedule }: State,
  { error, retryAfter, shouldRetry }: Failure,
  left: number
): Effect.Effect<Option.Option<readonly [delay: Duration.Duration, schedule: unknown]>> => {
  const wanted = Option.getOrElse(shouldRetry, () => retry.while(error))
  const waitIsTooLong = Option.exists(retryAfter, Duration.greaterThan(retry.maxRetryAfter))
  if (!wanted || waitIsTooLong || (!replayable && AvaraError.isAmbiguous(error))) return Effect.succeed(Option.none())
  return Effect.gen(function* () {
    const now = Math.round(monotonicMillis(clock))
    const [next, , decision] = yield* retry.schedule.step(now, error, schedule)
    if (ScheduleDecision.isDone(decision)) return Option.none()
    const backoff = Duration.millis(Math.max(0, Math.ceil(ScheduleIntervals.start(decision.intervals) - now)))
    const delay = Option.getOrElse(retryAfter, () => backoff)
    return Duration.toMillis(delay) < left && budget.take(error) ? Option.some([delay, next] as const) : Option.none()
  })
}

/** The failure of what must not be done twice, after an attempt that may have done it. */
const outcomeUnknown = (first: AvaraError.AvaraError, { error, ...last }: Failure): Failure => ({
  ...last,
  error: new AvaraError.OutcomeUnknown({
    operation: error.operation,
    attempts: error.attempts,
    ...(error.requestId === undefined ? {} : { requestId: error.requestId }),
    ...("status" in first && first.status !== undefined ? { status: first.status } : {}),
    reason: first._tag as AvaraError.OutcomeUnknown["reason"]
  })
})

const firstAmbiguous = ({ ambiguous, attempt }: State, { error }: Failure): AvaraError.AvaraError | undefined =>
  ambiguous ?? (AvaraError.isAmbiguous(error) && error.attempts === attempt ? error : undefined)

/**
 * Runs attempts until one succeeds or the policy, the budget, the deadline or the operation's nature forbids another.
 *
 * What is not safe to be sent twice ends in `OutcomeUnknown` if any attempt of it may have been processed.
 *
 * @internal
 */
export const withRetries = <A>(settings: RetrySettings, attempt: Attempt<A>): Effect.Effect<A, LastFailure> => {
  const { budget, onRetry, restore, retry, safe } = settings
  const afterFailure = (state: State, failure: Failure): Effect.Effect<A, LastFailure> =>
    Effect.gen(function* () {
      const ambiguous = firstAmbiguous(state, failure)
      const next = yield* restore(delayAfter(settings, state, failure, remainingMillis(settings)))
      if (Option.isNone(next)) {
        const last = !safe && ambiguous !== undefined ? outcomeUnknown(ambiguous, failure) : failure
        return yield* Effect.fail({ ...last, afterAmbiguous: state.ambiguous !== undefined })
      }
      const [delay, schedule] = next.value
      yield* restore(Effect.zipRight(onRetry(failure, state.attempt, delay), sleep(Duration.toMillis(delay))))
      return yield* run({ ...state, attempt: state.attempt + 1, schedule, ambiguous, lastError: failure.error })
    })
  const run = (state: State): Effect.Effect<A, LastFailure> =>
    Effect.matchEffect(limited(settings, state, attempt), {
      onSuccess: (answer) => {
        budget.refill(state.lastError)
        return Effect.succeed(answer)
      },
      onFailure: (failure) => afterFailure(state, failure)
    })
  return run({
    attempt: 1,
    schedule: retry.schedule.initial,
    lastError: undefined,
    ambiguous: undefined
  })
}
