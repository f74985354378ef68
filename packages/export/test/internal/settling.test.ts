import { describe, expect, it } from "@effect/vitest"
import { OutcomeUnknown } from "@effect-avara/core/AvaraError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as TestClock from "effect/TestClock"
import * as settling from "../../src/internal/settling.js"
import type { Outcome, Work } from "../../src/Work.js"

const unsure: Outcome = {
  _tag: "Unsure",
  error: new OutcomeUnknown({ operation: "customers.create", reason: "TimedOut" })
}

const workOf = (more: Pick<Work<number, string, never>, "look" | "perform">): Work<number, string, never> => ({
  operation: "test",
  required: [],
  decode: () => Either.right(0),
  identity: () => Option.none(),
  identityName: "",
  keyOf: () => "",
  resend: "settle",
  settle: Duration.seconds(5),
  ...more
})

/** Sends rows two at a time, and returns the events by time and name, and the result. */
const sent = (
  lines: ReadonlyArray<number>,
  performs: (line: number, wasSent: boolean) => Effect.Effect<Outcome, string>,
  look: (keys: ReadonlyMap<number, string>) => Effect.Effect<ReadonlyMap<number, string>, string>,
  start: Effect.Effect<boolean> = Effect.succeed(true)
) =>
  Effect.gen(function* () {
    const log: Array<string> = []
    const note = (text: string) =>
      Effect.map(TestClock.currentTimeMillis, (now) => void log.push(`${now / 1000} s: ${text}`))
    const send = yield* settling.make(
      workOf({
        look: (keys) => Effect.zipRight(note(`looks for ${[...keys.values()].sort().join(", ")}`), look(keys)),
        perform: ({ line, wasSent }) => Effect.zipRight(note(`sends ${line}`), performs(line, wasSent))
      })
    )
    const run = Effect.forEach(
      lines,
      (line) =>
        send(
          { line, value: line, key: `key ${line}`, wasSent: false },
          { start, record: ({ _tag }) => note(`${line} is ${_tag}`) }
        ),
      { concurrency: 2, discard: true }
    )
    const fiber = yield* Effect.fork(Effect.either(run))
    yield* TestClock.adjust("1 minute")
    return { log: log.sort((a, b) => a.localeCompare(b, "en", { numeric: true })), ended: yield* Fiber.join(fiber) }
  })

const done = Effect.succeed<Outcome>({ _tag: "Done", id: "cus" })

const lost = Effect.delay(Effect.succeed(unsure), "1 second")

describe("a row whose response is lost", () => {
  it.effect("delays the next rows until those in flight have ended and one look has settled it", () =>
    Effect.gen(function* () {
      const performs = (line: number, wasSent: boolean) =>
        line === 1 && !wasSent ? lost : Effect.delay(done, "2 seconds")
      const { ended, log } = yield* sent([1, 2, 3, 4], performs, () => Effect.succeed(new Map()))
      expect(ended).toEqual(Either.void)
      expect(log).toEqual([
        "0 s: sends 1",
        "0 s: sends 2",
        "2 s: 2 is Done",
        "7 s: looks for key 1",
        "7 s: sends 1",
        "7 s: sends 3",
        "9 s: 1 is Done",
        "9 s: 3 is Done",
        "9 s: sends 4",
        "11 s: 4 is Done"
      ])
    })
  )

  it.effect("is looked for together with other lost rows, and not sent again if it is found", () =>
    Effect.gen(function* () {
      const found = (keys: ReadonlyMap<number, string>) =>
        Effect.succeed(new Map([...keys.keys()].map((line) => [line, "cus"])))
      const { ended, log } = yield* sent([1, 2], () => lost, found)
      expect(ended).toEqual(Either.void)
      expect(log).toEqual([
        "0 s: sends 1",
        "0 s: sends 2",
        "6 s: 1 is Done",
        "6 s: 2 is Done",
        "6 s: looks for key 1, key 2"
      ])
    })
  )

  it.effect("is not sent again after the run was asked to stop; a row that waited is not sent either", () =>
    Effect.gen(function* () {
      const start = Effect.map(TestClock.currentTimeMillis, (now) => now < 2000)
      const { ended, log } = yield* sent(
        [1, 2, 3],
        () => lost,
        () => Effect.succeed(new Map()),
        start
      )
      expect(ended).toEqual(Either.void)
      expect(log).toEqual(["0 s: sends 1", "0 s: sends 2", "6 s: looks for key 1, key 2"])
    })
  )

  it.effect("is sent at most three times, and then fails as unknown", () =>
    Effect.gen(function* () {
      const { ended, log } = yield* sent(
        [1],
        () => lost,
        () => Effect.succeed(new Map())
      )
      expect(Either.flip(ended)).toMatchObject({ right: { _tag: "OutcomeUnknown" } })
      expect(log.filter((text) => text.includes("sends"))).toHaveLength(3)
      expect(log.at(-1)).toBe("18 s: looks for key 1")
    })
  )

  it.effect("stays unknown if the look fails", () =>
    Effect.gen(function* () {
      const { ended, log } = yield* sent(
        [1, 2, 3],
        () => lost,
        () => Effect.fail("no list")
      )
      expect(Either.flip(ended)).toMatchObject({ right: { _tag: "OutcomeUnknown" } })
      expect(log).toEqual(["0 s: sends 1", "0 s: sends 2", "6 s: looks for key 1, key 2"])
    })
  )
})
