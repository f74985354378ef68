import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"
import { makeGate, type Turn } from "../../src/internal/run/gate.js"

const open: Turn = { _tag: "Open" }

const probe: Turn = { _tag: "Probe" }

it.effect("stays open after two lost responses, and closes after three in a row", () =>
  Effect.gen(function* () {
    const { responded, enter, holds, troubled } = yield* makeGate
    yield* Effect.all([troubled(open, "a"), troubled(open, "b"), responded, troubled(open, "c"), troubled(open, "d")])
    expect(yield* enter).toEqual(open)
    yield* troubled(open, "the server is down")
    expect(yield* enter).toMatchObject({ _tag: "Closed", reason: "the server is down" })
    expect(holds(open)).toBe(true)
  })
)

it.effect("lets one lane try after pauses that double up to 30 seconds, and all lanes after it succeeds", () =>
  Effect.gen(function* () {
    const { responded, enter, failed, leave, troubled } = yield* makeGate
    yield* failed(open, "down")
    for (const seconds of [1, 2, 4, 8, 16, 30, 30]) {
      yield* TestClock.adjust(`${seconds * 1000 - 1} millis`)
      expect(yield* enter).toMatchObject({ _tag: "Closed" })
      yield* TestClock.adjust("1 millis")
      expect(yield* enter).toEqual(probe)
      expect(yield* enter).toMatchObject({ _tag: "Closed" })
      yield* troubled(probe, "down")
      yield* leave(probe)
    }
    yield* TestClock.adjust("30 seconds")
    expect(yield* enter).toEqual(probe)
    yield* leave(probe)
    expect(yield* enter).toEqual(probe)
    yield* responded
    expect(yield* enter).toEqual(open)
  })
)
