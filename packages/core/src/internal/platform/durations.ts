import * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import { maxTimerMillis } from "./clock.js"

/** A valid value, or text that says what is allowed. Values may come from plain JavaScript. @internal */
export type Checked<A> = Either.Either<A, string>

/** Checks for negative numbers and NaN, which Effect reads as zero. */
const isBelowZero = (input: unknown): boolean => {
  if (typeof input === "number") return !(input >= 0)
  if (typeof input === "bigint") return input < 0n
  if (Array.isArray(input)) return input.some(isBelowZero)
  return typeof input === "string" && input.trim().startsWith("-")
}

const durationOf = (input: unknown): Option.Option<Duration.Duration> =>
  isBelowZero(input) ? Option.none() : Duration.decodeUnknown(input)

const isWithinTimer = (duration: Duration.Duration) => Duration.toMillis(duration) <= maxTimerMillis

/** Checks a time limit; `Infinity` means no limit. @internal */
export const checkLimit = (input: unknown): Checked<Duration.Duration> =>
  Either.fromOption(
    Option.filter(
      durationOf(input),
      (duration) =>
        Duration.greaterThan(duration, Duration.zero) && (isWithinTimer(duration) || !Duration.isFinite(duration))
    ),
    () =>
      'expected a duration above zero and at most 24 days, such as "30 seconds" or "500 millis", or Infinity for no limit'
  )

/** Checks a finite wait. @internal */
export const checkWait = (input: unknown): Checked<Duration.Duration> =>
  Either.fromOption(
    Option.filter(durationOf(input), isWithinTimer),
    () => 'expected a duration from zero to 24 days, such as "5 seconds"'
  )
