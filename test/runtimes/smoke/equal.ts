/** Throws if something is not as expected, on any runtime. */
export const equal = (name: string, actual: unknown, expected: unknown): void => {
  const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (found !== wanted) throw new Error(`${name}: expected ${wanted}, got ${found}`)
}
