import * as Effect from "effect/Effect"
import { countDrift } from "./metrics.js"

/** Reports the fields of a response that were read as absent. @internal */
export type ReportDrift = (operation: string, paths: ReadonlyArray<string>) => Effect.Effect<void>

/** Creates a report that warns once per operation and path, and counts every field. @internal */
export const makeDriftReport = (): ReportDrift => {
  const warned = new Set<string>()
  const warn = (operation: string, path: string): Effect.Effect<void> =>
    Effect.suspend(() => {
      const name = `${operation} ${path}`
      if (warned.has(name)) return Effect.void
      warned.add(name)
      return Effect.logWarning("a field does not have its documented shape and is read as absent").pipe(
        Effect.annotateLogs({ operation, path })
      )
    })
  return (operation, paths) =>
    Effect.forEach(paths, (path) => Effect.zipRight(countDrift(operation, path), warn(operation, path)), {
      discard: true
    })
}
