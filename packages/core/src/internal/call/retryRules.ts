import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as AvaraError from "../../AvaraError.js"
import type * as RateLimiter from "../../RateLimiter.js"
import type { RetryPolicy } from "../../RetryPolicy.js"
import type { Failure } from "../answer/failure.js"

/** Whether another attempt is wanted and allowed after this failure; what is not replayable must not have been processed. @internal */
export const mayRetry = (
  { error, retryAfter, shouldRetry }: Failure,
  policy: RetryPolicy,
  isReplayable: boolean
): boolean =>
  Option.getOrElse(shouldRetry, () => policy.while(error)) &&
  !Option.exists(retryAfter, Duration.greaterThan(policy.maxRetryAfter)) &&
  (isReplayable || !isAmbiguous(error))

/** What `OutcomeUnknown` can name: the record of the errors lets no other one of a request be ambiguous. @internal */
export type Ambiguous = Extract<AvaraError.AvaraError, { readonly _tag: AvaraError.OutcomeUnknown["reason"] }>

const isAmbiguous = (error: AvaraError.AvaraError): error is Ambiguous => AvaraError.isAmbiguous(error)

/** The failure of what must not be done twice, after an attempt that may have done it. @internal */
export const outcomeUnknown = (first: Ambiguous, { error, ...last }: Failure): Failure => ({
  ...last,
  error: new AvaraError.OutcomeUnknown({
    operation: error.operation,
    attempts: error.attempts,
    ...(error.requestId === undefined ? {} : { requestId: error.requestId }),
    ...("status" in first && first.status !== undefined && first.status !== 0 ? { status: first.status } : {}),
    ...("pageOrigin" in first && first.pageOrigin !== undefined ? { pageOrigin: first.pageOrigin } : {}),
    reason: first._tag
  })
})

/** The failure of the attempt of this number if that was sent and may have been processed; a call whose time was over before it was not. @internal */
export const ambiguousIn = ({ error }: Failure, attempt: number): Ambiguous | undefined =>
  isAmbiguous(error) && error.attempts === attempt ? error : undefined

/** A wait that the policy would not sit out for one call holds no other call back for longer either. @internal */
export const limiterOutcome = ({ error, retryAfter }: Failure, { maxRetryAfter }: RetryPolicy): RateLimiter.Outcome =>
  error._tag === "RateLimited" || (error._tag === "ServerError" && error.status === 503 && Option.isSome(retryAfter))
    ? { _tag: "Throttled", retryAfter: Option.map(retryAfter, Duration.min(maxRetryAfter)) }
    : { _tag: "Accepted" }
