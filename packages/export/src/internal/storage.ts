import { createHash, type Hash } from "node:crypto"
import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import { constVoid } from "effect/Function"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import { StorageFailed } from "../ExportError.js"

const reasonsByCode: Readonly<Record<string, StorageFailed["reason"]>> = {
  ENOSPC: "full",
  EDQUOT: "full",
  EFBIG: "full",
  EACCES: "denied",
  EPERM: "denied",
  EROFS: "readOnly",
  ENOENT: "missing",
  EISDIR: "directory",
  ENOTDIR: "directory",
  ENAMETOOLONG: "name"
}

/** @internal */
export const storageFailedWith = (
  path: string,
  code: string | undefined,
  otherwise: StorageFailed["reason"] = "other"
): StorageFailed =>
  new StorageFailed({
    path,
    reason: code === undefined ? otherwise : (reasonsByCode[code] ?? otherwise),
    ...(code === undefined ? {} : { code })
  })

const codeOf = (error: PlatformError): string | undefined => {
  const { cause }: { cause?: unknown } = error
  const code = typeof cause === "object" && cause !== null && "code" in cause ? cause.code : undefined
  return typeof code === "string" ? code : undefined
}

/** Only this user can read files with customer data. */
const privateMode = 0o600

const isMissing = (error: PlatformError): boolean => error._tag === "SystemError" && error.reason === "NotFound"

/** @internal */
export const storageFailed =
  (path: string) =>
  (error: PlatformError): StorageFailed =>
    storageFailedWith(path, codeOf(error), isMissing(error) ? "missing" : "other")

/** Opens a file; its errors name the file. `w` replaces an existing file with a new one that only this user can read. @internal */
export const open = (
  path: string,
  flag: "r" | "r+" | "w"
): Effect.Effect<FileSystem.File, StorageFailed, FileSystem.FileSystem | Scope.Scope> =>
  Effect.flatMap(FileSystem.FileSystem, (fs) =>
    Effect.mapError(
      flag === "w"
        ? Effect.zipRight(fs.remove(path, { force: true }), fs.open(path, { flag: "wx", mode: privateMode }))
        : fs.open(path, { flag }),
      storageFailed(path)
    )
  )

/** Returns the size of a file, or none if it does not exist. Fails for a directory. @internal */
export const sizeOf = (path: string): Effect.Effect<Option.Option<number>, StorageFailed, FileSystem.FileSystem> =>
  Effect.flatMap(FileSystem.FileSystem, (fs) =>
    Effect.matchEffect(fs.stat(path), {
      onFailure: (error) => (isMissing(error) ? Effect.succeedNone : Effect.fail(storageFailed(path)(error))),
      onSuccess: ({ size, type }) =>
        type === "Directory"
          ? Effect.fail(new StorageFailed({ path, reason: "directory" }))
          : Effect.succeedSome(Number(size))
    })
  )

/** Returns the text of a file, or none if it does not exist. @internal */
export const readText = (path: string): Effect.Effect<Option.Option<string>, StorageFailed, FileSystem.FileSystem> =>
  Effect.flatMap(FileSystem.FileSystem, (fs) =>
    Effect.matchEffect(fs.readFileString(path), {
      onFailure: (error) => (isMissing(error) ? Effect.succeedNone : Effect.fail(storageFailed(path)(error))),
      onSuccess: Effect.succeedSome
    })
  )

/** Removes a file that may be missing. @internal */
export const remove = (path: string): Effect.Effect<void, StorageFailed, FileSystem.FileSystem> =>
  Effect.flatMap(FileSystem.FileSystem, (fs) => Effect.mapError(fs.remove(path, { force: true }), storageFailed(path)))

/** Makes renames and removals in the file's directory durable, if the platform can. @internal */
export const syncDirectoryOf = (file: string): Effect.Effect<void, never, FileSystem.FileSystem | Path.Path> =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const directory = yield* fs.open(path.dirname(path.resolve(file)), { flag: "r" })
    yield* directory.sync
  }).pipe(Effect.scoped, Effect.ignore)

/** Renames a durable file to its final name, durably. @internal */
export const rename = (
  from: string,
  to: string
): Effect.Effect<void, StorageFailed, FileSystem.FileSystem | Path.Path> =>
  Effect.flatMap(FileSystem.FileSystem, (fs) => Effect.mapError(fs.rename(from, to), storageFailed(to))).pipe(
    Effect.zipRight(syncDirectoryOf(to))
  )

/** Replaces a file atomically through a temporary file in the same file system: after a crash it has the old text or the new one. @internal */
export const replaceText = (
  path: string,
  text: string,
  temporary: string,
  mode = privateMode
): Effect.Effect<void, StorageFailed, FileSystem.FileSystem | Path.Path> =>
  Effect.gen(function* () {
    const write = Effect.gen(function* () {
      const file = yield* open(temporary, "w")
      yield* Effect.mapError(
        Effect.zipRight(file.writeAll(new TextEncoder().encode(text)), file.sync),
        storageFailed(path)
      )
    })
    const place = Effect.zipRight(setMode(temporary, mode), rename(temporary, path))
    yield* Effect.zipRight(Effect.scoped(write), place).pipe(Effect.tapError(() => Effect.ignore(remove(temporary))))
  })

/** @internal */
export const setMode = (path: string, mode: number): Effect.Effect<void, StorageFailed, FileSystem.FileSystem> =>
  mode === privateMode
    ? Effect.void
    : Effect.flatMap(FileSystem.FileSystem, (fs) => Effect.mapError(fs.chmod(path, mode), storageFailed(path)))

const blockSize = 256 * 1024

/** Reads up to `bytes` from the start of a file, block by block. A block is valid until the next one. Returns the number of bytes read. @internal */
export const eachBlock = <E, R>(
  path: string,
  bytes: number,
  use: (block: Uint8Array) => Effect.Effect<void, E, R>
): Effect.Effect<number, StorageFailed | E, FileSystem.FileSystem | R> =>
  Effect.scoped(
    Effect.gen(function* () {
      const file = yield* open(path, "r")
      const buffer = new Uint8Array(blockSize)
      let done = 0
      while (done < bytes) {
        const wanted = buffer.subarray(0, Math.min(blockSize, bytes - done))
        const read = Number(yield* Effect.mapError(file.read(wanted), storageFailed(path)))
        if (read === 0) break
        done += read
        yield* use(buffer.subarray(0, read))
      }
      return done
    })
  )

/** Reads the complete lines in the first `bytes` of a file, some at a time. @internal */
export const eachLines = <E, R>(
  path: string,
  bytes: number,
  use: (lines: ReadonlyArray<string>) => Effect.Effect<void, E, R>,
  inspect: (block: Uint8Array) => unknown = constVoid
): Effect.Effect<void, StorageFailed | E, FileSystem.FileSystem | R> =>
  Effect.suspend(() => {
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true })
    let rest = ""
    return Effect.asVoid(
      eachBlock(path, bytes, (block) => {
        inspect(block)
        const lines = (rest + decoder.decode(block, { stream: true })).split("\n")
        rest = lines.pop() ?? ""
        return lines.length === 0 ? Effect.void : use(lines)
      })
    )
  })

/** The size and the checksum of some content. @internal */
export interface Digest {
  readonly bytes: number
  readonly sha256: string
}

/** @internal */
export const newHash = (): Hash => createHash("sha256")

/** Returns the digest so far of a hash that can still be updated. @internal */
export const digestSoFar = (hash: Hash): string => hash.copy().digest("hex")

/** Returns the size and the checksum of a file. @internal */
export const digestOf = (path: string): Effect.Effect<Digest, StorageFailed, FileSystem.FileSystem> =>
  Effect.suspend(() => {
    const hash = newHash()
    return Effect.map(
      eachBlock(path, Number.POSITIVE_INFINITY, (block) => Effect.sync(() => void hash.update(block))),
      (bytes) => ({ bytes, sha256: hash.digest("hex") })
    )
  })

/** @internal */
export const hashText = (text: string): string => newHash().update(text).digest("hex")

/** @internal */
export const isThere = (path: string) => Effect.map(sizeOf(path), Option.isSome)
