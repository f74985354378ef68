import * as Effect from "effect/Effect"

/** Starts an action, calls `resume` when it ends, and returns an Effect that cancels it. @internal */
export type Start<I, A, E> = (input: I, resume: (result: Effect.Effect<A, E>) => void) => Effect.Effect<void>

/**
 * Starts an action with this input and waits for its end. It keeps no reference to either afterwards, and it can run only once.
 *
 * A fiber keeps a reference to the last `Effect.async` that it waited for, and `Effect.forEach` keeps its fibers to its end. With the stock
 * `Effect.async`, this retains the request and the response of each call, and a `retrieve` takes up to twice the processor time.
 *
 * @internal
 */
export const waitFor = <I, A, E>(input: I, start: Start<I, A, E>): Effect.Effect<A, E> => {
  let held: I | undefined = input
  return Effect.async((resume) => {
    const taken = held
    held = undefined
    if (taken === undefined) return resume(Effect.dieMessage("this wait has already started and cannot start again"))
    let hasEnded = false
    let cancel: Effect.Effect<void> = Effect.void
    const started = start(taken, (result) => {
      hasEnded = true
      cancel = Effect.void
      resume(result)
    })
    if (!hasEnded) cancel = started
    return Effect.suspend(() => cancel)
  })
}
