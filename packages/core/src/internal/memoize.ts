/** Remembers what was made for each of a few keys. @internal */
export const memoize = <A, K extends string = string>(make: (key: K) => A): ((key: K) => A) => {
  const known = new Map<K, A>()
  return (key) => {
    const value = known.get(key) ?? make(key)
    known.set(key, value)
    return value
  }
}
