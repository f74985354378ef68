/** How deep JSON may nest: what writes or reads it again, such as `JSON.stringify` and SQLite, has limits of its own. @internal */
export const maxDepth = 1000

const isContainer = (value: unknown): value is object => typeof value === "object" && value !== null

/** How many levels of objects and arrays JSON has, found level by level, as a recursion would end where the stack does. @internal */
export const depthOf = (json: unknown): number => {
  let depth = 0
  let level = [json].filter(isContainer)
  while (level.length > 0) {
    depth += 1
    level = level.flatMap((value) => Object.values(value)).filter(isContainer)
  }
  return depth
}
