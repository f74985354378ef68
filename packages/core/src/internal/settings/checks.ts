import * as Either from "effect/Either"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import type { RateLimiterService } from "../../RateLimiter.js"
import type { RetryPolicy } from "../../RetryPolicy.js"
import { type Checked, checkWait } from "../platform/durations.js"
import { largestMaxBodySize } from "../transport/transport.js"

/** Returns the text in a `Redacted`, or what is expected. @internal */
export const checkRedacted = (input: unknown): Checked<string> => {
  const expected = 'expected text in a Redacted, such as Redacted.make("...")'
  if (!Redacted.isRedacted(input)) return Either.left(expected)
  return Either.filterOrLeft(
    Either.try({ try: () => Redacted.value(input), catch: () => `${expected}, not a wiped one` }),
    Predicate.isString,
    () => expected
  )
}

const expectedPolicy = "expected a RetryPolicy, such as RetryPolicy.retries(3)"

/** Checks a policy. If it was made from invalid values, it says so itself. @internal */
export const checkRetry = (input: RetryPolicy): Checked<RetryPolicy> => {
  if (!Predicate.isRecord(input) || !Schedule.isSchedule(input.schedule) || typeof input.while !== "function") {
    return Either.left(expectedPolicy)
  }
  if (input.wrong !== undefined) return Either.left(input.wrong)
  return Either.mapBoth(checkWait(input.maxRetryAfter), {
    onLeft: (message) => `maxRetryAfter: ${message}`,
    onRight: () => input
  })
}

/** @internal */
export const checkLimiter = (input: RateLimiterService): Checked<RateLimiterService> =>
  Predicate.isRecord(input) && typeof input.limit === "function" && typeof input.report === "function"
    ? Either.right(input)
    : Either.left("expected a RateLimiterService, such as the result of RateLimiter.make")

/** @internal */
export const checkBoolean = (input: unknown): Checked<boolean> =>
  typeof input === "boolean" ? Either.right(input) : Either.left("expected true or false")

/** @internal */
export const checkValidation = (input: unknown): Checked<"strict" | "lenient"> =>
  input === "strict" || input === "lenient" ? Either.right(input) : Either.left('expected "strict" or "lenient"')

const logLevels = ["error", "warn", "info", "debug", "off"] as const

/** @internal */
export const checkLogLevel = (input: unknown): Checked<(typeof logLevels)[number]> =>
  Either.fromNullable(
    logLevels.find((level) => level === input),
    () => 'expected "error", "warn", "info", "debug" or "off"'
  )

/** @internal */
export const checkText = (input: unknown): Checked<string> =>
  typeof input === "string" ? Either.right(input) : Either.left("expected text")

/** Checks for a plain object. A `Map`, an array or the `Headers` of `fetch` would appear empty. @internal */
export const isNames = (input: unknown): input is Readonly<Record<string, unknown>> =>
  typeof input === "object" && input !== null && !(Symbol.iterator in input)

/** @internal */
export const checkMaxBodySize = (input: unknown): Checked<number> =>
  typeof input === "number" && Number.isSafeInteger(input) && input > 0 && input <= largestMaxBodySize
    ? Either.right(input)
    : Either.left(`expected a whole number of bytes above zero, at most ${largestMaxBodySize}`)

/** @internal */
export const checkRetryBudget = (input: unknown): Checked<number> =>
  typeof input === "number" && input >= 0
    ? Either.right(input)
    : Either.left("expected a number of tokens, 0 or more; Infinity for no limit")
