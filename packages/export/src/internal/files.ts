/** What `FileSystem` does not offer: opening without following links, and looking at what stands at a path itself. */
import * as fs from "node:fs"
import * as Effect from "effect/Effect"
import { StorageFailed } from "../ExportError.js"
import { storageFailedWith } from "./storage.js"

/** What an operating system call throws. @internal */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined

/** Runs calls that concern a path. @internal */
export const attempt = <A>(path: string, call: () => A): Effect.Effect<A, StorageFailed> =>
  Effect.try({
    try: call,
    catch: (error) => (error instanceof StorageFailed ? error : storageFailedWith(path, codeOf(error)))
  })

/** What stands at the path, be it a link. @internal */
export const look = (path: string): fs.BigIntStats | undefined =>
  fs.lstatSync(path, { bigint: true, throwIfNoEntry: false })

/** The kind of what is no regular file. @internal */
export const kindOf = (stats: fs.BigIntStats): string => {
  if (stats.isSymbolicLink()) return "a symbolic link"
  if (stats.isDirectory()) return "a directory"
  if (stats.isFIFO()) return "a named pipe"
  if (stats.isSocket()) return "a socket"
  return "a device"
}

/** Refuses what stands in the way of a file that only this library writes. @internal */
export const occupied = (path: string, what: string): StorageFailed =>
  new StorageFailed({
    path,
    reason: "occupied",
    detail: `${what}; nothing was changed. Move it away, or write to another path`
  })

/** Fails where something stands at the path that is no regular file. @internal */
export const assertPlain = (path: string): void => {
  const found = look(path)
  if (found !== undefined && !found.isFile()) throw occupied(path, `it is ${kindOf(found)}, where a file belongs`)
}

// Windows has no such flag.
const noFollow = fs.constants.O_NOFOLLOW ?? 0

/** Opens a regular file, without following a link. @internal */
export const openPlain = (path: string, flags: number): number => {
  assertPlain(path)
  return fs.openSync(path, flags | noFollow, 0o600)
}

/** Runs a call that may fail, such as one that tidies up. @internal */
export const ignore = (call: () => void): void => {
  try {
    call()
  } catch {
    // What stays is taken over by the next run.
  }
}
