import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"
import { Output } from "../src/internal/output.js"
import { makeSeeding } from "../src/internal/seeding.js"
import { CurrentSettings } from "../src/internal/services.js"
import { plain } from "../src/internal/style.js"
import { render, type SafeText } from "../src/internal/text.js"

/** Returns the output while 300,000 customers are generated in 2 seconds. */
const written = (isTerminal: boolean, quiet?: true) =>
  Effect.gen(function* () {
    const texts: Array<string> = []
    const write = (text: SafeText) => Effect.sync(() => void texts.push(render(text)))
    const sink = { isTerminal, style: plain, write }
    const seeding = makeSeeding.pipe(
      Effect.provideService(Output, { out: sink, err: sink, columns: () => 80 }),
      Effect.provideService(CurrentSettings, quiet === undefined ? {} : { quiet })
    )
    const show = yield* seeding
    yield* show(2000, 300_000)
    yield* TestClock.adjust("1 second")
    yield* show(150_000, 300_000)
    yield* TestClock.adjust("1 second")
    yield* show(300_000, 300_000)
    return texts
  })

it.effect("the progress of a slow start is a line on a terminal, which is cleared at the end", () =>
  Effect.gen(function* () {
    expect(yield* written(true)).toEqual(["\r\u001b[Kgenerating customers: 150,000 of 300,000", "\r\u001b[K"])
    expect(yield* written(false)).toEqual([])
    expect(yield* written(true, true)).toEqual([])
  })
)
