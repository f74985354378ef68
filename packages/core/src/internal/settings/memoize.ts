/** Caches the result of `make` for every key. @internal */
export const memoize = <A, K extends string = string>(make: (key: K) => A): ((key: K) => A) => {
  const known = new Map<K, A>()
  return (key) => {
    const value = known.get(key) ?? make(key)
    known.set(key, value)
    return value
  }
}

/** Caches the results of `make` for the `limit` most recently used keys. @internal */
export const memoizeRecent = <A>(limit: number, make: (key: string) => A): ((key: string) => A) => {
  const known = new Map<string, A>()
  return (key) => {
    const value = known.get(key) ?? make(key)
    // A map keeps its keys in insertion order.
    known.delete(key)
    known.set(key, value)
    const [oldest] = known.keys()
    if (known.size > limit && oldest !== undefined) known.delete(oldest)
    return value
  }
}
