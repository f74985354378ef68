import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { makeHandoff } from "../../src/internal/list/handoff.js"

describe("a handoff", () => {
  it.live("passes a value to a later taker, once", () =>
    Effect.gen(function* () {
      const { put, take } = makeHandoff<number>()
      put(1)
      expect(yield* take).toBe(1)
      const taking = yield* Effect.fork(take)
      yield* Effect.yieldNow()
      expect(taking.unsafePoll()).toBeNull()
      put(2)
      expect(yield* Fiber.join(taking)).toBe(2)
    })
  )

  it.live("keeps a value that was put after a taker was interrupted or received one", () =>
    Effect.gen(function* () {
      const { put, take } = makeHandoff<number>()
      const interrupted = yield* Effect.fork(take)
      yield* Effect.yieldNow()
      yield* Fiber.interrupt(interrupted)
      put(1)
      expect(yield* take).toBe(1)
      const taking = yield* Effect.fork(take)
      yield* Effect.yieldNow()
      put(2)
      put(3)
      expect([yield* Fiber.join(taking), yield* take]).toEqual([2, 3])
    })
  )
})
