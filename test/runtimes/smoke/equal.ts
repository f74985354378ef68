/** Throws if a value is not as expected. Works on any runtime. */
export const equal = (name: string, actual: unknown, expected: unknown): void => {
  const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (found !== wanted) throw new Error(`${name}: expected ${wanted}, got ${found}`)
}
