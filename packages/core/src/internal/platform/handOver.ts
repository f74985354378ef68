/**
 * The function of its argument that hands this value over when it is called, once, and keeps nothing of it.
 *
 * What Effect makes interruptible, or waits for, it keeps in closures that V8 takes for long-lived: what those capture stays in memory
 * until a full collection.
 *
 * @internal
 */
export const handOver = <A, B, C>(value: A, use: (value: A, argument: B) => C): ((argument: B) => C) => {
  let held: A | undefined = value
  return (argument) => {
    if (held === undefined) throw new Error("what was handed over cannot be handed over again")
    const taken = held
    held = undefined
    return use(taken, argument)
  }
}
