import * as DateTime from "effect/DateTime"
import { dayMillis, daysTo, isDay } from "./calendar.js"
import { canonicalMillis } from "./canonicalTime.js"

const pattern =
  /^(\d{4}|[+-]\d{6})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?(?:[Zz]|([+-])(\d{2})(?::?(\d{2}))?)?)?$/

const minuteMillis = 60_000

const dateMillis = (year: number, month: number, day: number): number =>
  isDay(year, month, day) ? daysTo(year, month, day) * dayMillis : Number.NaN

/** Accepts 24:00 as the end of a day. */
const timeMillis = (hour: number, minute: number, second: number, fraction: number): number => {
  const millis = (hour * 60 + minute) * minuteMillis + second * 1000 + fraction
  return minute <= 59 && second <= 60 && (hour <= 23 || millis === dayMillis) ? millis : Number.NaN
}

const offsetMillis = (sign: string | undefined, hours: number, minutes: number): number =>
  hours <= 23 && minutes <= 59 ? (sign === "-" ? -1 : 1) * (hours * 60 + minutes) * minuteMillis : Number.NaN

/** A clock without leap seconds shows a leap second as the first second of a UTC day. */
const isLeapSecond = (millis: number): boolean => millis - Math.floor(millis / dayMillis) * dayMillis < 1000

/** The largest distance of a JavaScript date from 1970. */
const maxMillis = 8_640_000_000_000_000

/** Reads an ISO 8601 date or date-time in the extended format. Digits after the milliseconds are dropped. */
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
 * Reads a date, which means its midnight, or a date-time. Without an offset it is UTC. Returns `undefined` for any other text.
 *
 * @internal
 */
export const readTimestamp = (text: string): DateTime.Utc | undefined => {
  const millis = canonicalMillis(text) ?? isoMillis(text)
  // Unlike `DateTime.unsafeMake`, this allocates no `Date`.
  return millis === undefined ? undefined : DateTime.mapEpochMillis(epoch, () => millis)
}
