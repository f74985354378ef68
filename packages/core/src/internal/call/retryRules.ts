import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as AvaraError from "../../AvaraError.js"
import type * as RateLimiter from "../../RateLimiter.js"
import type { RetryPolicy } from "../../RetryPolicy.js"
import type { Failure } from "../response/failure.js"
import { knownStatus } from "../transport/page.js"

/** Checks whether another attempt is wanted and allowed. A call that is not replayable must not have been processed. @internal */
export const mayRetry = (
  { error, retryAfter, shouldRetry }: Failure,
  policy: RetryPolicy,
  isReplayable: boolean
): boolean =>
  Option.getOrElse(shouldRetry, () => policy.while(error)) &&
  !Option.exists(retryAfter, Duration.greaterThan(policy.maxRetryAfter)) &&
  (isReplayable || !isAmbiguous(error))

/** The errors that `OutcomeUnknown` can name; no other error of a request can be ambiguous. @internal */
export type Ambiguous = Extract<AvaraError.AvaraError, { readonly _tag: AvaraError.OutcomeUnknown["reason"] }>

const isAmbiguous = (error: AvaraError.AvaraError): error is Ambiguous => AvaraError.isAmbiguous(error)

/** Creates the failure of a call that must not be repeated, after an attempt that may have succeeded. @internal */
export const outcomeUnknown = (first: Ambiguous, { error, ...last }: Failure): Failure => {
  const status = "status" in first ? knownStatus(first.status) : undefined
  return {
    ...last,
    error: new AvaraError.OutcomeUnknown({
      operation: error.operation,
      attempts: error.attempts,
      ...(error.requestId === undefined ? {} : { requestId: error.requestId }),
      ...(status === undefined ? {} : { status }),
      ...("pageOrigin" in first && first.pageOrigin !== undefined ? { pageOrigin: first.pageOrigin } : {}),
      reason: first._tag
    })
  }
}

/** Returns the error of this attempt if the attempt was sent and may have been processed. A passed deadline prevents sending. @internal */
export const ambiguousIn = ({ error }: Failure, attempt: number): Ambiguous | undefined =>
  isAmbiguous(error) && error.attempts === attempt ? error : undefined

/** Limits the wait to the longest one that the policy accepts, so that it does not hold back other calls for longer. @internal */
export const limiterOutcome = ({ error, retryAfter }: Failure, { maxRetryAfter }: RetryPolicy): RateLimiter.Outcome =>
  error._tag === "RateLimited" || (error._tag === "ServerError" && error.status === 503 && Option.isSome(retryAfter))
    ? { _tag: "Throttled", retryAfter: Option.map(retryAfter, Duration.min(maxRetryAfter)) }
    : { _tag: "Accepted" }
