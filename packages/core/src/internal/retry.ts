import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as ScheduleDecision from "effect/ScheduleDecision"
import * as ScheduleIntervals from "effect/ScheduleIntervals"
import * as AvaraError from "../AvaraError.js"
import type { RetryPolicy } from "../RetryPolicy.js"
import { type Failure, timedOut } from "./exchange.js"

/** @internal */
export interface RetrySettings {
  readonly operation: string
  readonly timeout: Duration.Duration
  readonly deadline: Duration.Duration
  readonly retry: RetryPolicy
  /** Whether a request that may have been processed can be sent again. */
  readonly replayable: boolean
  readonly onRetry: (failure: Failure, attempt: number, delay: Duration.Duration) => Effect.Effect<void>
}

interface State {
  readonly attempt: number
  readonly startMillis: number
  readonly schedule: unknown
  /** The first failure that may have been processed all the same. */
  readonly ambiguous: Option.Option<AvaraError.AvaraError>
}

/** @internal */
export const monotonicMillis = Effect.map(Clock.currentTimeNanos, (nanos) => Number(nanos) / 1e6)

const remaining = ({ deadline }: RetrySettings, { startMillis }: State): Effect.Effect<Duration.Duration> =>
  Duration.isFinite(deadline)
    ? Effect.map(monotonicMillis, (now) => Duration.subtract(deadline, Duration.millis(now - startMillis)))
    : Effect.succeed(Duration.infinity)

const limited = <A>(
  settings: RetrySettings,
  state: State,
  attempt: Effect.Effect<A, Failure>
): Effect.Effect<A, Failure> =>
  Effect.flatMap(remaining(settings, state), (left) => {
    const { deadline, operation, timeout } = settings
    const callEndsFirst = Duration.lessThan(left, timeout)
    const limit = callEndsFirst ? left : timeout
    const late = (attempts: number) =>
      timedOut(operation, attempts, callEndsFirst ? "call" : "attempt", callEndsFirst ? deadline : timeout)
    if (Duration.lessThanOrEqualTo(left, Duration.zero)) return Effect.fail(late(state.attempt - 1))
    return Duration.isFinite(limit)
      ? Effect.timeoutFail(attempt, { duration: limit, onTimeout: () => late(state.attempt) })
      : attempt
  })

/** The wait before the next attempt, or none if this failure is the last word. */
const delayAfter = (
  { replayable, retry }: RetrySettings,
  { schedule }: State,
  { error, retryAfter, shouldRetry }: Failure
): Effect.Effect<Option.Option<readonly [delay: Duration.Duration, schedule: unknown]>> => {
  const wanted = Option.getOrElse(shouldRetry, () => retry.while(error))
  const waitIsTooLong = Option.exists(retryAfter, Duration.greaterThan(retry.maxRetryAfter))
  if (!wanted || waitIsTooLong || (!replayable && AvaraError.isAmbiguous(error))) return Effect.succeed(Option.none())
  return Effect.gen(function*() {
    const now = yield* Clock.currentTimeMillis
    const [next, , decision] = yield* retry.schedule.step(now, error, schedule)
    if (ScheduleDecision.isDone(decision)) return Option.none()
    const backoff = Duration.millis(Math.max(0, ScheduleIntervals.start(decision.intervals) - now))
    return Option.some([Option.getOrElse(retryAfter, () => backoff), next] as const)
  })
}

const hidden = (first: AvaraError.AvaraError, last: Failure): Failure => ({
  ...last,
  error: new AvaraError.OutcomeUnknown({
    operation: last.error.operation,
    attempts: last.error.attempts,
    ...(last.error.requestId === undefined ? {} : { requestId: last.error.requestId }),
    ...("status" in first ? { status: first.status } : {}),
    reason: first._tag as AvaraError.OutcomeUnknown["reason"]
  })
})

/**
 * Runs attempts until one succeeds or the policy, the deadline or the operation's nature forbids another.
 *
 * An `unsafe` operation that failed after an attempt which may have been processed ends in `OutcomeUnknown`.
 *
 * @internal
 */
export const withRetries = <A>(
  settings: RetrySettings,
  unsafe: boolean,
  attempt: (number: number) => Effect.Effect<A, Failure>
): Effect.Effect<A, Failure> => {
  const run = (state: State): Effect.Effect<A, Failure> =>
    Effect.catchAll(limited(settings, state, attempt(state.attempt)), (failure) => {
      const ambiguous = Option.orElse(
        state.ambiguous,
        () => AvaraError.isAmbiguous(failure.error) && failure.error.attempts === state.attempt ? Option.some(failure.error) : Option.none()
      )
      const last = unsafe && Option.isSome(ambiguous) ? hidden(ambiguous.value, failure) : failure
      return Effect.gen(function*() {
        const next = yield* delayAfter(settings, state, failure)
        const left = yield* remaining(settings, state)
        if (Option.isNone(next) || Duration.greaterThanOrEqualTo(next.value[0], left)) return yield* Effect.fail(last)
        const [delay, schedule] = next.value
        yield* settings.onRetry(failure, state.attempt, delay)
        yield* Effect.sleep(delay)
        return yield* run({ ...state, attempt: state.attempt + 1, schedule, ambiguous })
      })
    })
  return Effect.flatMap(monotonicMillis, (startMillis) =>
    run({ attempt: 1, startMillis, schedule: settings.retry.schedule.initial, ambiguous: Option.none() }))
}
