import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { Output } from "./output.js"
import { CurrentSettings } from "./services.js"
import { integer, safe } from "./text.js"

const patienceMillis = 1000

const clearLine = safe`\r\u001b[K`

/** Shows the progress of generating customers on a terminal, after the first second. */
export const makeSeeding = Effect.gen(function* () {
  const { err } = yield* Output
  const { quiet } = yield* CurrentSettings
  const start = yield* Clock.currentTimeMillis
  return (customers: number, total: number) =>
    Effect.gen(function* () {
      if (quiet || !err.isTerminal || (yield* Clock.currentTimeMillis) - start < patienceMillis) return
      const line = safe`generating customers: ${integer(customers)} of ${integer(total)}`
      yield* err.write(customers < total ? safe`${clearLine}${line}` : clearLine)
    })
})
