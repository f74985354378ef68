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

/** Makes every number that it goes into negative. */
const noDigits = -1e6

/** The number that two digits write. */
const twoDigits = (text: string, at: number): number => {
  const tens = text.charCodeAt(at) - 48
  const ones = text.charCodeAt(at + 1) - 48
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : noDigits
}

const hasSeparators = (text: string): boolean =>
  text[4] === "-" && text[7] === "-" && text[10] === "T" && text[13] === ":" && text[16] === ":"

/** The fraction of a second in milliseconds, for `Z` and `.fffZ`; negative for any other end. */
const fractionMillis = (text: string): number => {
  if (text.length === 20 && text[19] === "Z") return 0
  const isFraction = text.length === 24 && text[19] === "." && text[23] === "Z"
  const hundredths = twoDigits(text, 20)
  const last = twoDigits(text, 21)
  return isFraction && last >= 0 ? hundredths * 10 + (last % 10) : noDigits
}

const dayMillis = 86_400_000

const daysBeforeMonth = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]

/** The days from the year 1970 to this day, of which the month surely has one. */
const daysTo = (year: number, month: number, day: number): number => {
  // The leap day of this year counts from March on.
  const leapYear = month > 2 ? year : year - 1
  const leapDays = Math.floor(leapYear / 4) - Math.floor(leapYear / 100) + Math.floor(leapYear / 400) - 477
  return (year - 1970) * 365 + leapDays + (daysBeforeMonth[month - 1] ?? 0) + day - 1
}

/** Days that every month has need no calendar. */
const surelyInMonth = 28

/** The time of `YYYY-MM-DDTHH:MM:SS[.fff]Z`, or none for what needs the full pattern. */
const canonicalMillis = (text: string): number | undefined => {
  if (!hasSeparators(text)) return undefined
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2)
  const month = twoDigits(text, 5)
  const day = twoDigits(text, 8)
  const hour = twoDigits(text, 11)
  const minute = twoDigits(text, 14)
  const second = twoDigits(text, 17)
  const millis = fractionMillis(text)
  const isDay = year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= surelyInMonth
  const isTime = hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60 && millis >= 0
  return isDay && isTime
    ? daysTo(year, month, day) * dayMillis + ((hour * 60 + minute) * 60 + second) * 1000 + millis
    : undefined
}

/** A `DateTime.Utc` as `DateTime.unsafeMake` gives it, which takes several times as long, as it defines a property on each. */
class Utc implements Pick<DateTime.Utc, "epochMillis" | "partsUtc"> {
  readonly epochMillis: number
  #parts: DateTime.Utc["partsUtc"]

  constructor(epochMillis: number) {
    this.epochMillis = epochMillis
  }

  get partsUtc() {
    return this.#parts
  }

  set partsUtc(parts) {
    this.#parts = parts
  }
}

Object.setPrototypeOf(Utc.prototype, Object.getPrototypeOf(DateTime.unsafeMake(0)))
Reflect.deleteProperty(Utc.prototype, "constructor")

/** As `parseTimestamp`, in a fraction of the time for the form that the API's examples have. @internal */
export const readTimestamp = (input: unknown): unknown => {
  if (typeof input !== "string") return invalid
  const millis = canonicalMillis(input)
  return millis === undefined ? Option.getOrElse(parseTimestamp(input), () => invalid) : new Utc(millis)
}
