/** A random source that repeats itself for the same seed. */
export interface Chance {
  /** A number from 0 to below 1. */
  readonly unit: () => number
  /** An integer from 0 to below `below`. */
  readonly int: (below: number) => number
  readonly chance: (probability: number) => boolean
  readonly pick: <A>(values: readonly [A, ...ReadonlyArray<A>]) => A
}

export const makeChance = (seed: number): Chance => {
  let state = seed | 0
  const unit = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x100000000
  }
  const int = (below: number) => Math.floor(unit() * below)
  return {
    unit,
    int,
    chance: (probability) => unit() < probability,
    pick: (values) => values[int(values.length)] ?? values[0]
  }
}
