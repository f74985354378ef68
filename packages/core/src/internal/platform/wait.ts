import * as Effect from "effect/Effect"

/** Begins something, resumes once it has ended, and returns what cancels it. @internal */
export type Begin<I, A, E> = (input: I, resume: (result: Effect.Effect<A, E>) => void) => Effect.Effect<void>

/**
 * Waits for what begins with this input, and keeps nothing of it once it has ended.
 *
 * A fiber keeps the last `Effect.async` that it waited for as long as somebody keeps the fiber, as `Effect.forEach` does to its end: with the
 * stock one, that is the request and the response of each call. It then costs twice the processor time of a `retrieve`.
 *
 * @internal
 */
export const waitFor = <I, A, E>(input: I, begin: Begin<I, A, E>): Effect.Effect<A, E> => {
  let held: I | undefined = input
  return Effect.async((resume) => {
    const taken = held
    held = undefined
    if (taken === undefined) return
    let hasEnded = false
    let cancel: Effect.Effect<void> = Effect.void
    const begun = begin(taken, (result) => {
      hasEnded = true
      cancel = Effect.void
      resume(result)
    })
    if (!hasEnded) cancel = begun
    return Effect.suspend(() => cancel)
  })
}
