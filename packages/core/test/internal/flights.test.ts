import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { makeFlights } from "../../src/internal/list/flights.js"

/** Pages that are equal to their offset, except odd ones, which fail; with logs of requests and cancellations. */
const serving = Effect.gen(function* () {
  const asked: Array<number> = []
  const givenUp: Array<number> = []
  const flights = makeFlights(
    (offset: number) =>
      Effect.suspend(() => {
        asked.push(offset)
        return Effect.delay(offset % 2 === 0 ? Effect.succeed(offset) : Effect.fail(`no ${offset}`), "10 millis")
      }).pipe(Effect.onInterrupt(() => Effect.sync(() => givenUp.push(offset)))),
    yield* Effect.scope
  )
  return { asked, givenUp, flights }
})

describe("flights", () => {
  it.scopedLive("are requested concurrently, once each, and return their page or their failure", () =>
    Effect.gen(function* () {
      const { asked, flights } = yield* serving
      yield* flights.launch([0, 1])
      yield* flights.launch([1, 2])
      yield* Effect.yieldNow()
      expect(asked).toEqual([0, 1, 2])
      expect(yield* Effect.all([flights.land(0), flights.land(1), flights.land(2)])).toEqual([
        Either.right(0),
        Either.left("no 1"),
        Either.right(2)
      ])
      expect(asked).toEqual([0, 1, 2])
    })
  )

  it.scopedLive("that were not launched are launched when their page is needed", () =>
    Effect.gen(function* () {
      const { asked, flights } = yield* serving
      expect([yield* flights.land(4), asked]).toEqual([Either.right(4), [4]])
    })
  )

  it.scopedLive("all land, except those that have already landed", () =>
    Effect.gen(function* () {
      const { flights } = yield* serving
      yield* flights.launch([0, 1, 2])
      yield* flights.land(0)
      expect(yield* flights.landAll).toEqual([Either.left("no 1"), Either.right(2)])
      expect(yield* flights.landAll).toEqual([])
    })
  )

  it.scopedLive("are canceled when they are grounded", () =>
    Effect.gen(function* () {
      const { asked, flights, givenUp } = yield* serving
      yield* flights.launch([0, 2])
      yield* Effect.yieldNow()
      yield* flights.ground
      expect([asked, givenUp]).toEqual([
        [0, 2],
        [0, 2]
      ])
      expect(yield* flights.landAll).toEqual([])
    })
  )

  it.live("are canceled when the scope closes", () =>
    Effect.gen(function* () {
      const { givenUp } = yield* Effect.scoped(
        Effect.tap(serving, ({ flights }) => Effect.zipRight(flights.launch([0]), Effect.yieldNow()))
      )
      expect(givenUp).toEqual([0])
    })
  )
})
