import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import { invalid } from "./decoder.js"

const pattern =
  /^((?:\d{4}|[+-]\d{6})-\d{2}-(\d{2}))[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(?:[Zz]|([+-]\d{2}):?(\d{2}))?$/

/** Any ISO 8601 date-time; without an offset it is UTC. @internal */
export const parseTimestamp = (text: string): Option.Option<DateTime.Utc> => {
  const match = pattern.exec(text)
  if (match === null) return Option.none()
  const [, date, day, time, offsetHours, offsetMinutes] = match
  const isRealDay = new Date(`${date}T00:00:00Z`).getUTCDate() === Number(day)
  const offset = offsetHours === undefined ? "Z" : `${offsetHours}:${offsetMinutes}`
  return isRealDay ? DateTime.make(Date.parse(`${date}T${time}${offset}`)) : Option.none()
}

/** The number that two digits write, or NaN. */
const twoDigits = (text: string, at: number): number => {
  const tens = text.charCodeAt(at) - 48
  const ones = text.charCodeAt(at + 1) - 48
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}

const hasSeparators = (text: string): boolean =>
  text[4] === "-" && text[7] === "-" && text[10] === "T" && text[13] === ":" && text[16] === ":"

/** The fraction of a second in milliseconds, for `Z` and `.fffZ`; NaN for any other end. */
const fractionMillis = (text: string): number => {
  if (text.length === 20 && text[19] === "Z") return 0
  return text.length === 24 && text[19] === "." && text[23] === "Z"
    ? twoDigits(text, 20) * 10 + (twoDigits(text, 21) % 10)
    : Number.NaN
}

/** Days that every month has need no calendar. */
const surelyInMonth = 28

/** The time of `YYYY-MM-DDTHH:MM:SS[.fff]Z`, or NaN for what needs the full pattern. */
const canonicalMillis = (text: string): number => {
  if (!hasSeparators(text)) return Number.NaN
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2)
  const month = twoDigits(text, 5)
  const day = twoDigits(text, 8)
  const hour = twoDigits(text, 11)
  const minute = twoDigits(text, 14)
  const second = twoDigits(text, 17)
  const isPlain =
    year >= 100 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= surelyInMonth &&
    hour < 24 &&
    minute < 60 &&
    second < 60
  return isPlain ? Date.UTC(year, month - 1, day, hour, minute, second, fractionMillis(text)) : Number.NaN
}

const epoch = DateTime.unsafeMake(0)

/** As `parseTimestamp`, in a fraction of the time for the form that the API's examples have. @internal */
export const readTimestamp = (input: unknown): unknown => {
  if (typeof input !== "string") return invalid
  const millis = canonicalMillis(input)
  return Number.isNaN(millis)
    ? Option.getOrElse(parseTimestamp(input), () => invalid)
    : DateTime.mapEpochMillis(epoch, () => millis)
}
