/** The deepest JSON that the library accepts: `JSON.stringify`, SQLite and others have their own limits. @internal */
export const maxDepth = 1000

const isContainer = (value: unknown): value is object => typeof value === "object" && value !== null

/** Counts the levels of objects and arrays in JSON. It does not recurse, because that could overflow the stack. @internal */
export const depthOf = (json: unknown): number => {
  let depth = 0
  let level = [json].filter(isContainer)
  while (level.length > 0) {
    depth += 1
    level = level.flatMap((value) => Object.values(value)).filter(isContainer)
  }
  return depth
}
