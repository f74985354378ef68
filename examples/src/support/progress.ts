import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"

/** How far an export is. */
export interface Tally {
  readonly customers: number
  readonly pages: number
}

const say = (text: string) => Effect.sync(() => void process.stderr.write(text))

const clearLine = "\r\u001b[K"

/**
 * Shows how far an export is on standard error: one line that is rewritten on a terminal, elsewhere at most a line a second.
 * The line is gone when the scope closes.
 */
export const makeProgress = Effect.gen(function* () {
  const isTerminal = process.stderr.isTTY === true
  const pauseMillis = isTerminal ? 50 : 1000
  let tally: Tally = { customers: 0, pages: 0 }
  let shownMillis = yield* Clock.currentTimeMillis

  if (isTerminal) yield* Effect.addFinalizer(() => say(clearLine))

  const add = (customers: number) =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      tally = { customers: tally.customers + customers, pages: tally.pages + 1 }
      if (now - shownMillis < pauseMillis) return Effect.void
      shownMillis = now
      const text = `${tally.customers.toLocaleString("en-US")} customers, ${tally.pages.toLocaleString("en-US")} pages`
      return say(isTerminal ? `${clearLine}${text}` : `${text}\n`)
    })

  return { add, tally: Effect.sync(() => tally) }
})
