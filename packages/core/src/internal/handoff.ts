import * as Effect from "effect/Effect"

/** Passes values from one fiber to another, one at a time. @internal */
export interface Handoff<A> {
  readonly put: (value: A) => void
  readonly take: Effect.Effect<A>
}

/**
 * A queue of one that holds on to nothing: what a `Deferred` or a `Queue` allocates for each value may be taken for long-lived by V8, and
 * then stays in memory, with the value, until a full collection.
 *
 * @internal
 */
export const makeHandoff = <A>(): Handoff<A> => {
  let held: A | undefined
  let taker: ((value: A) => void) | undefined
  return {
    put: (value) => {
      if (taker === undefined) held = value
      else taker(value)
    },
    take: Effect.async((resume) => {
      const pass = (value: A) => {
        held = undefined
        taker = undefined
        resume(Effect.succeed(value))
      }
      if (held !== undefined) return pass(held)
      taker = pass
      return Effect.sync(() => {
        taker = undefined
      })
    })
  }
}
