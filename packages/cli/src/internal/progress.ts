import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { Output } from "./output.js"
import { CurrentSettings, Retries } from "./services.js"
import { integer, type SafeText, safe, truncate } from "./text.js"

/** How far a long run is. */
export interface Tally {
  /** What is done, earlier runs included. */
  readonly done: number
  /** What of it earlier runs did. */
  readonly before: number
  /** What there is in all, where that is known. */
  readonly total: number | undefined
  /** More that is worth a word, such as `12 pages`. */
  readonly facts: ReadonlyArray<string>
}

export interface Shown extends Tally {
  readonly noun: string
  readonly elapsedMillis: number
  readonly retries: number
}

/** `1:05`, `2:00:00`. */
export const clockText = (millis: number): string => {
  const seconds = Math.max(0, Math.round(millis / 1000))
  const two = (value: number) => String(value).padStart(2, "0")
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}

const barWidth = 20

const bar = (share: number): string => {
  const full = Math.round(share * barWidth)
  return `[${"#".repeat(full)}${"-".repeat(barWidth - full)}] ${Math.floor(share * 100)}%`
}

const perSecond = ({ before, done, elapsedMillis }: Shown): number =>
  elapsedMillis < 1 ? 0 : ((done - before) * 1000) / elapsedMillis

const timeLeft = (shown: Shown): string => {
  const { done, total } = shown
  const rate = perSecond(shown)
  return total === undefined || rate === 0 || done >= total ? "" : `${clockText(((total - done) * 1000) / rate)} left`
}

const counted = (count: number, singular: string, plural: string): string =>
  count === 0 ? "" : `${integer(count)} ${count === 1 ? singular : plural}`

/** The line in its parts, the most important ones first. */
const parts = (shown: Shown): ReadonlyArray<string> =>
  [
    shown.total === undefined || shown.total === 0 ? "" : bar(Math.min(1, shown.done / shown.total)),
    `${integer(shown.done)} ${shown.noun}`,
    `${integer(perSecond(shown))}/s`,
    timeLeft(shown),
    counted(shown.retries, "retry", "retries"),
    clockText(shown.elapsedMillis),
    ...shown.facts
  ].filter((part) => part !== "")

/** The line in as many of its parts as there is room for. */
export const progressLine = (shown: Shown, columns: number): string => {
  const [first = "", ...others] = parts(shown)
  const line = others.reduce(
    (text, part) => (text.length + 2 + part.length < columns ? `${text}  ${part}` : text),
    first
  )
  return truncate(line, columns - 1)
}

const clearLine = safe`\r\u001b[K`

const terminalEvery = "100 millis"

const plainEvery = "5 seconds"

export interface Progress {
  readonly update: (tally: Tally) => Effect.Effect<void>
  /** A line of its own, beside the progress. */
  readonly say: (line: SafeText) => Effect.Effect<void>
}

/** Shows how far a long run is: a line that is rewritten on a terminal, elsewhere a line every few seconds. It is gone with the scope. */
export const make = (noun: string) =>
  Effect.gen(function* () {
    const { columns, err } = yield* Output
    const { quiet } = yield* CurrentSettings
    const retries = yield* Retries
    const startMillis = yield* Clock.currentTimeMillis
    let tally: Tally | undefined
    const clear = err.isTerminal ? err.write(clearLine) : Effect.void

    const show = Effect.flatMap(Clock.currentTimeMillis, (now) => {
      if (tally === undefined) return Effect.void
      const shown = { ...tally, noun, elapsedMillis: now - startMillis, retries: retries.count() }
      return err.isTerminal
        ? err.write(safe`${clearLine}${progressLine(shown, columns())}`)
        : err.write(safe`${progressLine(shown, Number.POSITIVE_INFINITY)}\n`)
    })

    if (!quiet) {
      const every = err.isTerminal ? terminalEvery : plainEvery
      yield* Effect.addFinalizer(() => clear)
      yield* Effect.forkScoped(Effect.delay(Effect.repeat(show, Schedule.spaced(every)), every))
    }
    const progress: Progress = {
      update: (next) =>
        Effect.sync(() => {
          tally = next
        }),
      say: (line) => Effect.zipRight(quiet ? Effect.void : clear, err.write(safe`${line}\n`))
    }
    return progress
  })
