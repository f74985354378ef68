import * as DateTime from "effect/DateTime"
import { dayMillis, daysTo, isDay } from "./calendar.js"
import { canonicalMillis } from "./canonicalTime.js"

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
