import * as Either from "effect/Either"
import type { Reader } from "./param.js"

export const text: Reader<string> = (text) =>
  text === "" ? Either.left("takes text that is not empty") : Either.right(text)

export const url: Reader<string> = (text) =>
  URL.canParse(text) ? Either.right(text) : Either.left("takes an absolute URL such as https://api.avarasoftware.com")

export const integer =
  (min: number, max: number): Reader<number> =>
  (text) =>
    /^\d{1,16}$/.test(text) && Number(text) >= min && Number(text) <= max
      ? Either.right(Number(text))
      : Either.left(
          max === Number.MAX_SAFE_INTEGER
            ? `takes an integer of at least ${min}`
            : `takes an integer from ${min} to ${max}`
        )

export const choice =
  <const A extends string>(choices: ReadonlyArray<A>): Reader<A> =>
  (text) =>
    Either.fromNullable(
      choices.find((choice) => choice === text),
      () => `takes ${choices.slice(0, -1).join(", ")} or ${choices.at(-1)}`
    )

/** `key=value`; the value may hold `=`, the key not. */
export const pair: Reader<readonly [string, string]> = (text) => {
  const at = text.indexOf("=")
  return at < 1 ? Either.left("takes key=value") : Either.right([text.slice(0, at), text.slice(at + 1)])
}

const isoDate = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?$/

/** A day or a moment; without an offset it is UTC. */
export const date: Reader<Date> = (text) => {
  const isComplete = !text.includes("T") || /(?:Z|[+-]\d{2}:\d{2})$/.test(text)
  const date = new Date(isComplete ? text : `${text}Z`)
  const isReal = isoDate.test(text) && !Number.isNaN(date.getTime()) && isRealDay(text.slice(0, 10))
  return isReal ? Either.right(date) : Either.left("takes a date such as 2026-01-31 or 2026-01-31T08:00:00Z")
}

/** JavaScript reads February 30 as March 2. */
const isRealDay = (day: string) => {
  const date = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day)
}

const perSecond: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 }

/** `20/s`, `600/m` or `20`, as requests a second. */
export const rate: Reader<number> = (text) => {
  const [, count, unit = "s"] = /^(\d+(?:\.\d+)?)(?:\/([smh]))?$/.exec(text) ?? []
  const requests = Number(count) / (perSecond[unit] ?? 1)
  return requests > 0 ? Either.right(requests) : Either.left("takes a rate such as 20/s or 600/m")
}

const units: Readonly<Record<string, string>> = { ms: "millis", s: "seconds", m: "minutes", h: "hours" }

/** `30s`, `500ms`, `2m` or Effect's own `30 seconds`, as Effect writes it. */
export const duration: Reader<string> = (text) => {
  const [, count, unit = ""] = /^(\d+(?:\.\d+)?) ?(ms|s|m|h|(?:milli|second|minute|hour)s?)$/.exec(text) ?? []
  return Number(count) > 0
    ? Either.right(`${count} ${units[unit] ?? unit}`)
    : Either.left('takes a duration above zero such as 30s, 500ms or "2 minutes"')
}
