import * as Effect from "effect/Effect"

/** Passes values from one fiber to another, one at a time. @internal */
export interface Handoff<A> {
  readonly put: (value: A) => void
  readonly take: Effect.Effect<A>
}

/**
 * A queue of one that holds on to nothing: what a `Deferred`, a `Queue` or an `async` that ends at once keeps is taken for long-lived by V8,
 * and then stays in memory, with the value, until a full collection.
 *
 * @internal
 */
export const makeHandoff = <A>(): Handoff<A> => {
  let held: A | undefined
  let taker: ((value: A) => void) | undefined
  const wait = Effect.async<A>((resume) => {
    taker = (value) => {
      taker = undefined
      resume(Effect.succeed(value))
    }
    return Effect.sync(() => {
      taker = undefined
    })
  })
  return {
    put: (value) => {
      if (taker === undefined) held = value
      else taker(value)
    },
    take: Effect.suspend(() => {
      if (held === undefined) return wait
      const value = held
      held = undefined
      return Effect.succeed(value)
    })
  }
}
