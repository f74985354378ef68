import { InvalidArgumentError } from "@commander-js/extra-typings"
import { isAmbiguous } from "../url.js"

const refuse = (allowed: string): never => {
  throw new InvalidArgumentError(allowed)
}

/** The value of an argument. */
export const word = (text: string): string => (text === "" ? refuse("It must not be empty.") : text)

/** The value of an option: one that begins with `-` is the next option, as the value was left out. */
export const text = (text: string): string =>
  text.startsWith("-") ? refuse("It must not begin with -: is the value missing?") : word(text)

/** An API key, which may be any text but a blank one. */
export const key = (text: string): string => (text.trim() === "" ? refuse("It must not be blank.") : text)

/** A secret that a browser shows in a header. */
export const token = (text: string): string =>
  /^[!-~]{16,}$/.test(text) ? text : refuse("It takes at least 16 visible ASCII characters without a space.")

export const url = (text: string): string =>
  URL.canParse(text) && /^https?:\/\//i.test(text) && !isAmbiguous(text)
    ? text
    : refuse("It takes an absolute URL such as https://api.avarasoftware.com.")

/** What a browser calls the origin of a page; every origin at once is none. */
export const origin = (text: string): string =>
  URL.canParse(text) && /^https?:\/\//i.test(text) && new URL(text).origin === text
    ? text
    : refuse("It takes one origin such as http://localhost:3000, without a path; * is not allowed.")

export const integer =
  (min: number, max: number) =>
  (text: string): number =>
    /^\d{1,16}$/.test(text) && Number(text) >= min && Number(text) <= max
      ? Number(text)
      : refuse(
          `It takes an integer ${max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`}.`
        )

export type Pair = readonly [key: string, value: string]

/** Adds `key=value` to those before it; the value may hold `=`, the key not. */
export const pairs = (text: string, previous: ReadonlyArray<Pair>): ReadonlyArray<Pair> => {
  const at = text.indexOf("=")
  return at < 1 ? refuse("It takes key=value.") : [...previous, [text.slice(0, at), text.slice(at + 1)]]
}

const isoDate = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?$/

/** A day or a moment; without an offset it is UTC. */
export const date = (text: string): Date => {
  const isComplete = !text.includes("T") || /(?:Z|[+-]\d{2}:\d{2})$/.test(text)
  const date = new Date(isComplete ? text : `${text}Z`)
  const isReal = isoDate.test(text) && !Number.isNaN(date.getTime()) && isRealDay(text.slice(0, 10))
  return isReal ? date : refuse("It takes a date such as 2026-01-31 or 2026-01-31T08:00:00Z.")
}

/** JavaScript reads February 30 as March 2. */
const isRealDay = (day: string) => {
  const date = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day)
}

const perSecond: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 }

/** `20/s`, `600/m` or `20`, as requests a second. */
export const rate = (text: string): number => {
  const [, count, unit = "s"] = /^(\d+(?:\.\d+)?)(?:\/([smh]))?$/.exec(text) ?? []
  const requests = Number(count) / (perSecond[unit] ?? 1)
  return requests > 0 ? requests : refuse("It takes a rate such as 20/s or 600/m.")
}

const units: Readonly<Record<string, string>> = { ms: "millis", s: "seconds", m: "minutes", h: "hours", d: "days" }

/** `30s`, `500ms`, `2m`, `30d` or Effect's own `30 seconds`, as Effect writes it. */
export const duration = (text: string): string => {
  const [, count, unit = ""] = /^(\d+(?:\.\d+)?) ?(ms|s|m|h|d|(?:milli|second|minute|hour|day)s?)$/.exec(text) ?? []
  return Number(count) > 0
    ? `${count} ${units[unit] ?? unit}`
    : refuse('It takes a duration above zero such as 30s, 500ms or "2 minutes".')
}

/** How long something is kept. */
export const keep = (text: string): string => (text === "forever" ? text : duration(text))
