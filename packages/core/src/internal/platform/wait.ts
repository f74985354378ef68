import * as Effect from "effect/Effect"

/** Starts something, resumes once it has ended, and returns what cancels it. @internal */
export type Start<I, A, E> = (input: I, resume: (result: Effect.Effect<A, E>) => void) => Effect.Effect<void>

/**
 * Waits for what starts with this input, and keeps nothing of it once it has ended. It can run once.
 *
 * A fiber keeps the last `Effect.async` that it waited for as long as somebody keeps the fiber, as `Effect.forEach` does to its end. With the
 * stock one, that is the request and the response of each call, and a `retrieve` takes up to twice the processor time.
 *
 * @internal
 */
export const waitFor = <I, A, E>(input: I, start: Start<I, A, E>): Effect.Effect<A, E> => {
  let held: I | undefined = input
  return Effect.async((resume) => {
    const taken = held
    held = undefined
    if (taken === undefined) return resume(Effect.dieMessage("what has started cannot start again"))
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
