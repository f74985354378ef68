import { describe, expect, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import { clockOf, startedWithin } from "../../src/internal/call/attempt.js"

type Done = (result: Effect.Effect<string, string>) => void

/** What is started when it is run, and what was done to it. */
const started = (start: (done: Done) => void, seconds = 10) => {
  const log: Array<string> = []
  const run = Effect.withFiberRuntime<string, string>((fiber) =>
    Effect.uninterruptibleMask((restore) =>
      startedWithin(
        {
          millis: seconds * 1000,
          clock: clockOf(fiber),
          fiber,
          context: Context.empty,
          restore,
          onTimeout: () => "timed out"
        },
        (done: Done) => {
          log.push("start")
          start(done)
          return () => {
            log.push("abort")
            done(Effect.fail("aborted"))
          }
        }
      )
    )
  )
  return { log, run }
}

describe("what is started without a fiber", () => {
  for (const [whose, region] of [
    ["of a caller that can be interrupted", Effect.interruptible],
    ["of one that cannot", Effect.uninterruptible]
  ] as const) {
    it.effect(`${whose} is aborted at its limit, and what it fails with then counts no more`, () =>
      Effect.gen(function* () {
        const { log, run } = started(() => undefined)
        const fiber = yield* Effect.fork(region(Effect.exit(run)))
        yield* TestClock.adjust("9999 millis")
        expect(log).toEqual(["start"])
        yield* TestClock.adjust("1 millis")
        expect(yield* Fiber.join(fiber)).toEqual(Exit.fail("timed out"))
        expect(log).toEqual(["start", "abort"])
      })
    )
  }

  it.effect("is aborted when it is given up", () =>
    Effect.gen(function* () {
      const { log, run } = started(() => undefined)
      const fiber = yield* Effect.fork(run)
      yield* TestClock.adjust("1 second")
      expect(Exit.isInterrupted(yield* Fiber.interrupt(fiber))).toBe(true)
      yield* TestClock.adjust("1 minute")
      expect(log).toEqual(["start", "abort"])
    })
  )

  it.effect("is left alone once it is done, even at once", () =>
    Effect.gen(function* () {
      const { log, run } = started((done) => done(Effect.succeed("done")))
      expect(yield* run).toBe("done")
      yield* TestClock.adjust("1 minute")
      expect(log).toEqual(["start"])
    })
  )

  it.effect("is a defect if it cannot even start", () =>
    Effect.gen(function* () {
      const { run } = started(() => {
        throw new Error("no start")
      })
      expect(yield* Effect.exit(run)).toEqual(Exit.die(new Error("no start")))
      yield* TestClock.adjust("1 minute")
    })
  )

  it.effect("is not started where there is no time", () =>
    Effect.gen(function* () {
      const { log, run } = started(() => undefined, 0)
      expect(yield* Effect.exit(run)).toEqual(Exit.fail("timed out"))
      expect(log).toEqual([])
    })
  )
})
