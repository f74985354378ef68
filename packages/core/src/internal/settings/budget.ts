import type { AvaraError } from "../../AvaraError.js"

/** The tokens that all calls of a client pay their retries from, so that retries cannot multiply the load of a storm. @internal */
export interface RetryBudget {
  /** Takes the price of a retry after this failure; `false` if there is not enough left. */
  readonly take: (error: AvaraError) => boolean
  /** Gives back the price of the retry that succeeded, or a token for a first attempt that did. */
  readonly refill: (paid: AvaraError | undefined) => void
}

const retryCost = 5

/** A timeout has held a connection for long, so that a retry of it costs more. */
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
