import * as DateTime from "effect/DateTime"

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

/** The days from the year 1970 to this day, which the month must have. */
const daysTo = (year: number, month: number, day: number): number => {
  // The leap day of this year counts from March on.
  const leapYear = month > 2 ? year : year - 1
  const leapDays = Math.floor(leapYear / 4) - Math.floor(leapYear / 100) + Math.floor(leapYear / 400) - 477
  return (year - 1970) * 365 + leapDays + (daysBeforeMonth[month - 1] ?? 0) + day - 1
}

const isLeapYear = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)

const daysInMonth = (year: number, month: number): number => {
  if (month === 2) return isLeapYear(year) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

const isDay = (year: number, month: number, day: number): boolean =>
  month >= 1 && month <= 12 && day >= 1 && (day <= 28 || day <= daysInMonth(year, month))

/**
 * The time of `YYYY-MM-DDTHH:MM:SS[.fff]Z`, or none for any other text: the form of the API's examples, which `isoMillis` reads too.
 * Without it, decoding a page takes half as long again (88 to 135 us).
 */
const canonicalMillis = (text: string): number | undefined => {
  if (!hasSeparators(text)) return undefined
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2)
  const month = twoDigits(text, 5)
  const day = twoDigits(text, 8)
  const hour = twoDigits(text, 11)
  const minute = twoDigits(text, 14)
  const second = twoDigits(text, 17)
  const millis = fractionMillis(text)
  const isTime = hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60 && millis >= 0
  return year >= 0 && isDay(year, month, day) && isTime
    ? daysTo(year, month, day) * dayMillis + ((hour * 60 + minute) * 60 + second) * 1000 + millis
    : undefined
}

const pattern =
  /^(\d{4}|[+-]\d{6})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?(?:[Zz]|([+-])(\d{2})(?::?(\d{2}))?)?)?$/

const minuteMillis = 60_000

const dateMillis = (year: number, month: number, day: number): number =>
  isDay(year, month, day) ? daysTo(year, month, day) * dayMillis : Number.NaN

/** The end of a day may be written as 24:00. */
const timeMillis = (hour: number, minute: number, second: number, fraction: number): number => {
  const millis = (hour * 60 + minute) * minuteMillis + second * 1000 + fraction
  return minute <= 59 && second <= 60 && (hour <= 23 || millis === dayMillis) ? millis : Number.NaN
}

const offsetMillis = (sign: string | undefined, hours: number, minutes: number): number =>
  hours <= 23 && minutes <= 59 ? (sign === "-" ? -1 : 1) * (hours * 60 + minutes) * minuteMillis : Number.NaN

/** Where a leap second is on a clock that counts none: in the first second of a day of UTC. */
const isLeapSecond = (millis: number): boolean => millis - Math.floor(millis / dayMillis) * dayMillis < 1000

/** The farthest from 1970 that a date can be. */
const maxMillis = 8_640_000_000_000_000

/** The time of a date or a date-time that ISO 8601 writes with hyphens and colons; digits beyond milliseconds are cut. */
const isoMillis = (text: string): number | undefined => {
  const match = pattern.exec(text)
  if (match === null || text.startsWith("-000000")) return undefined
  const [, year, month, day, hour = 0, minute = 0, second = 0, fraction = "", sign, hours = 0, minutes = 0] = match
  const millis =
    dateMillis(Number(year), Number(month), Number(day)) +
    timeMillis(Number(hour), Number(minute), Number(second), Number(`${fraction}00`.slice(0, 3))) -
    offsetMillis(sign, Number(hours), Number(minutes))
  const isInMinute = Number(second) < 60
  return Math.abs(millis) <= maxMillis && (isInMinute || isLeapSecond(millis)) ? millis : undefined
}

const epoch = DateTime.unsafeMake(0)

/**
 * Reads a date, which stands for its midnight, or a date-time; without an offset it is UTC. None for any other text.
 *
 * @internal
 */
export const readTimestamp = (text: string): DateTime.Utc | undefined => {
  const millis = canonicalMillis(text) ?? isoMillis(text)
  // Unlike `DateTime.unsafeMake`, this makes no `Date` on the way.
  return millis === undefined ? undefined : DateTime.mapEpochMillis(epoch, () => millis)
}
