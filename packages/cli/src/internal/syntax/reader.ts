import { InvalidArgumentError } from "@commander-js/extra-typings"
import { isAmbiguous } from "../url.js"

const refuse = (allowed: string): never => {
  throw new InvalidArgumentError(allowed)
}

/** Reads the value of an argument. */
export const word = (text: string): string => (text === "" ? refuse("It must not be empty.") : text)

/** Reads the value of an option. A value that starts with `-` is the next option: the value itself is missing. */
export const text = (text: string): string =>
  text.startsWith("-") ? refuse("It must not start with -: is the value missing?") : word(text)

/** Reads an API key, which may be any text that is not blank. */
export const key = (text: string): string => (text.trim() === "" ? refuse("It must not be blank.") : text)

/** Reads a secret that a browser sends in a header. */
export const token = (text: string): string =>
  /^[!-~]{16,}$/.test(text) ? text : refuse("Expected at least 16 visible ASCII characters without spaces.")

export const url = (text: string): string =>
  URL.canParse(text) && /^https?:\/\//i.test(text) && !isAmbiguous(text)
    ? text
    : refuse("Expected an absolute URL such as https://api.avarasoftware.com.")

/** Reads the origin of a page, as a browser names it; `*` is not an origin. */
export const origin = (text: string): string =>
  URL.canParse(text) && /^https?:\/\//i.test(text) && new URL(text).origin === text
    ? text
    : refuse("Expected one origin such as http://localhost:3000, without a path; * is not allowed.")

export const integer =
  (min: number, max: number) =>
  (text: string): number =>
    /^\d{1,16}$/.test(text) && Number(text) >= min && Number(text) <= max
      ? Number(text)
      : refuse(
          `Expected an integer ${max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`}.`
        )

export type Pair = readonly [key: string, value: string]

/** Adds `key=value` to the previous pairs. The value may contain `=`, but the key may not. */
export const pairs = (text: string, previous: ReadonlyArray<Pair>): ReadonlyArray<Pair> => {
  const at = text.indexOf("=")
  return at < 1 ? refuse("Expected key=value.") : [...previous, [text.slice(0, at), text.slice(at + 1)]]
}

const isoDate = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?$/

/** Reads a date or a time, in UTC unless it has an offset. */
export const date = (text: string): Date => {
  const isComplete = !text.includes("T") || /(?:Z|[+-]\d{2}:\d{2})$/.test(text)
  const date = new Date(isComplete ? text : `${text}Z`)
  const isReal = isoDate.test(text) && !Number.isNaN(date.getTime()) && isRealDay(text.slice(0, 10))
  return isReal ? date : refuse("Expected a date such as 2026-01-31 or 2026-01-31T08:00:00Z.")
}

/** JavaScript reads February 30 as March 2. */
const isRealDay = (day: string) => {
  const date = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day)
}

const perSecond: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 }

/** Reads `20/s`, `600/m` or `20` as requests per second. */
export const rate = (text: string): number => {
  const [, count, unit = "s"] = /^(\d+(?:\.\d+)?)(?:\/([smh]))?$/.exec(text) ?? []
  const requests = Number(count) / (perSecond[unit] ?? 1)
  return requests > 0 ? requests : refuse("Expected a rate such as 20/s or 600/m.")
}

const units: Readonly<Record<string, string>> = { ms: "millis", s: "seconds", m: "minutes", h: "hours", d: "days" }

/** Reads `30s`, `500ms`, `2m`, `30d` or Effect's `30 seconds`, and returns it in Effect's form. */
export const duration = (text: string): string => {
  const [, count, unit = ""] = /^(\d+(?:\.\d+)?) ?(ms|s|m|h|d|(?:milli|second|minute|hour|day)s?)$/.exec(text) ?? []
  return Number(count) > 0
    ? `${count} ${units[unit] ?? unit}`
    : refuse('Expected a duration above zero such as 30s, 500ms or "2 minutes".')
}

/** Reads how long to keep something. */
export const keep = (text: string): string => (text === "forever" ? text : duration(text))
