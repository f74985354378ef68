import * as Duration from "effect/Duration"
import * as Option from "effect/Option"

type Headers = Readonly<Record<string, string | undefined>>

const decimal = /^\d+(?:\.\d+)?$/

const httpDate = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? .*\d{2}:\d{2}:\d{2}/

const parseNumber = (text: string | undefined): number =>
  text !== undefined && decimal.test(text) ? Number(text) : NaN

const parseDate = (text: string | undefined): number =>
  text !== undefined && httpDate.test(text) ? Date.parse(text.endsWith("GMT") ? text : `${text} GMT`) : NaN

/**
 * Returns the wait that a response asks for: `retry-after-ms`, then `Retry-After` in seconds or as an HTTP date.
 * Invalid values, zero and past times return none, so that they never cause a hot loop.
 *
 * @internal
 */
export const retryAfter = (headers: Headers, nowMillis: number): Option.Option<Duration.Duration> =>
  Option.firstSomeOf(
    [
      parseNumber(headers["retry-after-ms"]?.trim()),
      parseNumber(headers["retry-after"]?.trim()) * 1000,
      parseDate(headers["retry-after"]?.trim()) - nowMillis
    ].map((millis) =>
      millis > 0 ? Option.some(Duration.millis(Math.min(Math.ceil(millis), Number.MAX_SAFE_INTEGER))) : Option.none()
    )
  )
