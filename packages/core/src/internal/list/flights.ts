import * as Effect from "effect/Effect"
import type * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"

/** The pages that are being requested, by their offsets. */
interface Flights<P, E, R> {
  /** Requests the pages at these offsets, unless they are already being requested. */
  readonly launch: (offsets: ReadonlyArray<number>) => Effect.Effect<void, never, R>
  /** Waits for the page at an offset. */
  readonly land: (offset: number) => Effect.Effect<Either.Either<P, E>, never, R>
  /** Waits for all pages. */
  readonly landAll: Effect.Effect<ReadonlyArray<Either.Either<P, E>>, never, R>
  /** Cancels all requests. */
  readonly ground: Effect.Effect<void>
}

/** @internal */
export const makeFlights = <P, E, R>(
  fetchFor: (offset: number) => Effect.Effect<P, E, R>,
  scope: Scope.Scope
): Flights<P, E, R> => {
  const flying = new Map<number, Fiber.Fiber<Either.Either<P, E>>>()

  const land = (offset: number) =>
    Effect.suspend(() => {
      const flight = flying.get(offset)
      flying.delete(offset)
      return flight === undefined ? Effect.either(fetchFor(offset)) : Fiber.join(flight)
    })

  return {
    launch: (offsets) =>
      Effect.forEach(
        offsets.filter((offset) => !flying.has(offset)),
        (offset) =>
          Effect.map(Effect.forkIn(Effect.either(fetchFor(offset)), scope), (flight) => flying.set(offset, flight)),
        { discard: true }
      ),
    land,
    landAll: Effect.suspend(() => Effect.forEach(Array.from(flying.keys()), land)),
    ground: Effect.suspend(() => {
      const grounded = Array.from(flying.values())
      flying.clear()
      return Fiber.interruptAll(grounded)
    })
  }
}
