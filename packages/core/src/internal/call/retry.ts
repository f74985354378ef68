import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as ScheduleDecision from "effect/ScheduleDecision"
import * as ScheduleIntervals from "effect/ScheduleIntervals"
import type { AvaraError } from "../../AvaraError.js"
import type { Outcome } from "../../RateLimiter.js"
import type { CallResponse } from "../observe/observation.js"
import { monotonicMillis, sleep } from "../platform/clock.js"
import { type Failure, timedOut } from "../response/failure.js"
import { isSuccess } from "../transport/transport.js"
import { attempt, meaningOf, type Success } from "./attempt.js"
import { type Call, remainingMillis } from "./call.js"
import { type Ambiguous, ambiguousIn, limiterOutcome, mayRetry, outcomeUnknown } from "./retryRules.js"

/** The last failure of a call. @internal */
export interface LastFailure extends Failure {
  /** Whether an attempt before the last one may have been processed by the server. */
  readonly afterAmbiguous: boolean
}

/** The progress of a call through its attempts. */
interface Progress {
  /** The number of the current attempt, from 1. */
  readonly number: number
  readonly schedule: unknown
  readonly lastError: AvaraError | undefined
  /** The first failure of an attempt that the server may still have processed. */
  readonly ambiguous: Ambiguous | undefined
}

const accepted: Outcome = { _tag: "Accepted" }

/** Runs the attempt when the limiter permits it. Only the call's deadline limits that wait. */
const inTurn = <A>(call: Call<A>, number: number): Effect.Effect<Success<A>, Failure> => {
  const { limiter, observation, prepared, restore, settings } = call
  const callTimedOut = (attempts: number) => timedOut(prepared.operation.name, attempts, "call", settings.deadline)
  const left = remainingMillis(call)
  if (left <= 0) return Effect.fail(callTimedOut(number - 1))
  if (limiter === undefined) return attempt(call, number, left, restore)
  let sent = number - 1
  let last: CallResponse | undefined
  const onResponse = (response: CallResponse) => {
    last = response
  }
  // The status determines what a refusal means, even if its body has not arrived yet.
  const onTimeout = () =>
    last === undefined || isSuccess(last.head) ? Effect.fail(callTimedOut(sent)) : meaningOf(call, last)
  const started = Effect.uninterruptibleMask((restore) => {
    const left = remainingMillis(call)
    if (left <= 0) return Effect.fail(callTimedOut(sent))
    sent = number
    return attempt(call, number, left, restore, onResponse)
  })
  return Effect.tapBoth(limiter.limit(started), {
    onSuccess: () => limiter.report(accepted),
    onFailure: (failure) =>
      Option.isSome(failure.status) ? limiter.report(limiterOutcome(failure, settings.retry)) : Effect.void
  }).pipe(
    Effect.withParentSpan(observation.span()),
    Effect.timeoutTo({ duration: Duration.millis(left), onSuccess: Effect.succeed, onTimeout }),
    Effect.flatten,
    restore
  )
}

/** Returns the wait before the next attempt with the next state of the schedule, or none if there is no further attempt. */
const delayAfter = (
  call: Call<unknown>,
  { schedule }: Progress,
  failure: Failure
): Effect.Effect<Option.Option<readonly [delay: Duration.Duration, schedule: unknown]>> => {
  const { observation, prepared, settings } = call
  const { account, retry } = settings
  if (!mayRetry(failure, retry, prepared.isReplayable)) return Effect.succeed(Option.none())
  return Effect.gen(function* () {
    const left = remainingMillis(call)
    const now = Math.round(monotonicMillis(observation.clock))
    const [next, , decision] = yield* retry.schedule.step(now, failure.error, schedule)
    if (ScheduleDecision.isDone(decision)) return Option.none()
    const backoff = Duration.millis(Math.max(0, Math.ceil(ScheduleIntervals.start(decision.intervals) - now)))
    const delay = Option.getOrElse(failure.retryAfter, () => backoff)
    return Duration.toMillis(delay) < left && account.budget.take(failure.error)
      ? Option.some([delay, next] as const)
      : Option.none()
  })
}

/** Continues after a failed attempt: waits and runs the next one, or fails. */
const afterFailure = <A>(call: Call<A>, progress: Progress, failure: Failure): Effect.Effect<Success<A>, LastFailure> =>
  Effect.gen(function* () {
    const { observation, prepared, restore } = call
    const ambiguous = progress.ambiguous ?? ambiguousIn(failure, progress.number)
    const next = yield* restore(delayAfter(call, progress, failure))
    if (Option.isNone(next)) {
      const isUnsafe = prepared.operation.replay === "unsafe"
      const last = isUnsafe && ambiguous !== undefined ? outcomeUnknown(ambiguous, failure) : failure
      return yield* Effect.fail({ ...last, afterAmbiguous: progress.ambiguous !== undefined })
    }
    const [delay, schedule] = next.value
    const retrying = observation.retrying(failure.error, progress.number, delay)
    yield* restore(Effect.zipRight(retrying, sleep(Duration.toMillis(delay))))
    return yield* attemptFrom(call, { number: progress.number + 1, schedule, ambiguous, lastError: failure.error })
  })

const attemptFrom = <A>(call: Call<A>, progress: Progress): Effect.Effect<Success<A>, LastFailure> =>
  Effect.matchEffect(inTurn(call, progress.number), {
    onSuccess: (success) => {
      call.settings.account.budget.refill(progress.lastError)
      return Effect.succeed(success)
    },
    onFailure: (failure) => afterFailure(call, progress, failure)
  })

/**
 * Runs attempts until one succeeds, or until the policy, the budget, the deadline or the operation forbids another one.
 *
 * An operation that is not safe to send twice fails with `OutcomeUnknown` if the server may have processed any of its attempts.
 *
 * @internal
 */
export const withRetries = <A>(call: Call<A>): Effect.Effect<Success<A>, LastFailure> =>
  attemptFrom(call, {
    number: 1,
    schedule: call.settings.retry.schedule.initial,
    lastError: undefined,
    ambiguous: undefined
  })
