/** File operations that `FileSystem` does not have: opening without following links, and inspecting a link itself. */
import * as fs from "node:fs"
import * as Effect from "effect/Effect"
import { StorageFailed } from "../ExportError.js"
import { storageFailedWith } from "./storage.js"

/** Returns the code of an error that a system call throws. @internal */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined

/** Runs system calls; an error of theirs names the path. @internal */
export const attempt = <A>(path: string, call: () => A): Effect.Effect<A, StorageFailed> =>
  Effect.try({
    try: call,
    catch: (error) => (error instanceof StorageFailed ? error : storageFailedWith(path, codeOf(error)))
  })

/** Returns the stats of the path itself, without following a link. @internal */
export const look = (path: string): fs.BigIntStats | undefined =>
  fs.lstatSync(path, { bigint: true, throwIfNoEntry: false })

/** Names the kind of something that is not a regular file. @internal */
export const kindOf = (stats: fs.BigIntStats): string => {
  if (stats.isSymbolicLink()) return "a symbolic link"
  if (stats.isDirectory()) return "a directory"
  if (stats.isFIFO()) return "a named pipe"
  if (stats.isSocket()) return "a socket"
  return "a device"
}

/** Refuses something at a path that this library needs for its own file. @internal */
export const occupied = (path: string, what: string): StorageFailed =>
  new StorageFailed({
    path,
    reason: "occupied",
    detail: `${what}; nothing was changed. Move it away, or write to another path`
  })

/** Fails if there is something at the path that is not a regular file. @internal */
export const assertPlain = (path: string): void => {
  const found = look(path)
  if (found !== undefined && !found.isFile()) throw occupied(path, `it is ${kindOf(found)}, not a file`)
}

// Windows does not have this flag.
const noFollow = fs.constants.O_NOFOLLOW ?? 0

/** Opens a regular file, without following a link. @internal */
export const openPlain = (path: string, flags: number): number => {
  assertPlain(path)
  return fs.openSync(path, flags | noFollow, 0o600)
}

/** Runs a call whose failure does not matter, such as a cleanup. @internal */
export const ignore = (call: () => void): void => {
  try {
    call()
  } catch {
    // The next run takes over what remains.
  }
}
