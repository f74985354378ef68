/** What an export may replace: a regular file, and next to it a manifest of this library. */
import * as fs from "node:fs"
import { basename } from "node:path"
import * as Effect from "effect/Effect"
import { StorageFailed } from "../ExportError.js"
import * as Manifest from "../Manifest.js"
import { assertPlain, attempt, kindOf, look, occupied, openPlain } from "./files.js"

const assertReplaceable = (file: string): void => {
  const found = look(file)
  if (found?.isDirectory() || basename(file) === "" || /[\\/]$/.test(file)) {
    throw new StorageFailed({ path: file, reason: "directory" })
  }
  if (found?.isSymbolicLink()) throw new StorageFailed({ path: file, reason: "special", detail: linkText })
  if (found !== undefined && !found.isFile()) {
    const detail = `it is ${kindOf(found)}, but an export writes a regular file; write to another path`
    throw new StorageFailed({ path: file, reason: "special", detail })
  }
}

const linkText = "it is a symbolic link, which the export would replace with a file; give the path that it points to"

const readStart = (path: string): string => {
  const fd = openPlain(path, fs.constants.O_RDONLY)
  try {
    const buffer = Buffer.alloc(64 * 1024)
    return buffer.toString("utf8", 0, fs.readSync(fd, buffer, 0, buffer.length, 0))
  } finally {
    fs.closeSync(fd)
  }
}

/** Recognizes the manifests of other versions too. */
const isManifest = (text: string): boolean => {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== "object" || value === null || !("library" in value)) return false
    return typeof value.library === "string" && value.library.startsWith("@effect-avara/export ")
  } catch {
    return false
  }
}

const assertManifest = (path: string): void => {
  assertPlain(path)
  if (look(path) !== undefined && !isManifest(readStart(path))) {
    throw occupied(path, "it is not the manifest of an export, but an export needs the name for its manifest")
  }
}

/** Refuses to replace anything that an export did not write, except a regular file at the path itself. @internal */
export const assertFree = (file: string): Effect.Effect<void, StorageFailed> => {
  const path = Manifest.pathOf(file)
  return attempt(file, () => assertReplaceable(file)).pipe(Effect.zipRight(attempt(path, () => assertManifest(path))))
}

/** Returns the mode and the owner of the file to replace, if it exists. @internal */
export const access = (
  file: string
): { readonly mode: number; readonly uid: number; readonly gid: number } | undefined => {
  const found = fs.lstatSync(file, { throwIfNoEntry: false })
  return found === undefined ? undefined : { mode: found.mode & 0o777, uid: found.uid, gid: found.gid }
}
