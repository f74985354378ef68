/** Remembers what was made for each of a few keys. @internal */
export const memoize = <A, K extends string = string>(make: (key: K) => A): ((key: K) => A) => {
  const known = new Map<K, A>()
  return (key) => {
    const value = known.get(key) ?? make(key)
    known.set(key, value)
    return value
  }
}

/** Remembers what was made for the keys that were used last, at most so many. @internal */
export const memoizeRecent = <A>(limit: number, make: (key: string) => A): ((key: string) => A) => {
  const known = new Map<string, A>()
  return (key) => {
    const value = known.get(key) ?? make(key)
    // A map keeps its keys in the order in which they were set.
    known.delete(key)
    known.set(key, value)
    const [oldest] = known.keys()
    if (known.size > limit && oldest !== undefined) known.delete(oldest)
    return value
  }
}
