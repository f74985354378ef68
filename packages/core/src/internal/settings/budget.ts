import type { AvaraError } from "../../AvaraError.js"

/** The tokens that all calls of an account share for retries, so that retries cannot multiply the load on a failing server. @internal */
export interface RetryBudget {
  /** Takes the cost of a retry after this failure. Returns `false` if there are not enough tokens. */
  readonly take: (error: AvaraError) => boolean
  /** Returns the cost of a successful retry to the budget, or adds one token for a successful first attempt. */
  readonly refill: (paid: AvaraError | undefined) => void
}

const retryCost = 5

/** A retry after a timeout costs more, because the attempt has occupied a connection for a long time. */
const timeoutCost = 10

const costOf = (error: AvaraError) => (error._tag === "TimedOut" ? timeoutCost : retryCost)

/** @internal */
export const makeRetryBudget = (capacity: number): RetryBudget => {
  let tokens = capacity
  return {
    take: (error) => {
      const cost = costOf(error)
      if (cost > tokens) return false
      tokens -= cost
      return true
    },
    refill: (paid) => {
      tokens = Math.min(capacity, tokens + (paid === undefined ? 1 : costOf(paid)))
    }
  }
}
