import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { Output } from "./output.js"
import { CurrentSettings, Retries } from "./services.js"
import { counted, integer, type SafeText, safe, truncate } from "./text.js"

/** The progress of a long run. */
export interface Tally {
  /** The number done, earlier runs included. */
  readonly done: number
  /** The number done by earlier runs. */
  readonly before: number
  /** The total number, if it is known. */
  readonly total: number | undefined
  /** Further facts, such as `12 pages`. */
  readonly facts: ReadonlyArray<string>
}

export interface Shown extends Tally {
  /** The singular of what is counted. */
  readonly noun: string
  readonly elapsedMillis: number
  readonly retries: number
}

/** Formats a duration as `1:05` or `2:00:00`. */
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

const retriesText = (count: number): string =>
  count === 0 ? "" : `${integer(count)} ${count === 1 ? "retry" : "retries"}`

/** Returns the parts of the line, most important first. */
const parts = (shown: Shown): ReadonlyArray<string> =>
  [
    shown.total === undefined || shown.total === 0 ? "" : bar(Math.min(1, shown.done / shown.total)),
    counted(shown.done, shown.noun),
    `${integer(perSecond(shown))}/s`,
    timeLeft(shown),
    retriesText(shown.retries),
    clockText(shown.elapsedMillis),
    ...shown.facts
  ].filter((part) => part !== "")

/** Returns the line with as many parts as fit. */
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
  /** Writes a separate line. */
  readonly say: (line: SafeText) => Effect.Effect<void>
}

/** Shows the progress of a long run: one line updated in place on a terminal, otherwise a line every few seconds. Ends with the scope. */
export const make = (noun: string) =>
  Effect.gen(function* () {
    const { columns, err } = yield* Output
    const { quiet } = yield* CurrentSettings
    const retries = yield* Retries
    const startNanos = yield* Clock.currentTimeNanos
    let tally: Tally | undefined
    const clear = err.isTerminal ? err.write(clearLine) : Effect.void

    const show = Effect.flatMap(Clock.currentTimeNanos, (now) => {
      if (tally === undefined) return Effect.void
      const shown = { ...tally, noun, elapsedMillis: Number(now - startNanos) / 1e6, retries: retries.count() }
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
