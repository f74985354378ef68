import { appendFileSync, constants } from "node:fs"
import * as nodeFs from "node:fs/promises"
import { SystemError } from "@effect/platform/Error"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import type { StorageFailed } from "../ExportError.js"
import { storageFailed } from "./storage.js"

/** A file of `node:fs`, because the platform's `FileSystem` cannot open a file without following a link. @internal */
export type File = nodeFs.FileHandle

const ownerOnly = 0o600

const failed = (path: string) => (cause: unknown) =>
  storageFailed(path)(new SystemError({ reason: "Unknown", module: "FileSystem", method: "open", cause }))

/** Runs one call on a file; its error names the file. @internal */
export const attempt = <A>(path: string, call: () => Promise<A>): Effect.Effect<A, StorageFailed> =>
  Effect.tryPromise({ try: call, catch: failed(path) })

/** Appends a short text synchronously, because the thread pool takes longer than the write. @internal */
export const append = (path: string, file: File, text: string): Effect.Effect<void, StorageFailed> =>
  Effect.try({ try: () => appendFileSync(file.fd, text), catch: failed(path) })

const openWith = (path: string, flags: number) =>
  Effect.acquireRelease(
    attempt(path, () => nodeFs.open(path, flags | constants.O_APPEND | constants.O_NOFOLLOW, ownerOnly)),
    (file) => Effect.ignore(attempt(path, () => file.close()))
  )

/** Creates a file to append to, which only its owner can read. Fails if the name is taken. @internal */
export const create = (path: string): Effect.Effect<File, StorageFailed, Scope.Scope> =>
  openWith(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL)

const kindOf = (path: string) =>
  attempt(path, () => nodeFs.lstat(path)).pipe(
    Effect.map((stat) => (stat.isFile() ? ("file" as const) : ("special" as const))),
    Effect.catchIf(
      ({ reason }) => reason === "missing",
      () => Effect.succeed("nothing" as const)
    )
  )

/** Opens a file to append to. Returns none if it does not exist, and fails with `special` for a link, a pipe, a directory or a device. @internal */
export const openExisting = (
  path: string
): Effect.Effect<Option.Option<File>, StorageFailed | "special", Scope.Scope> =>
  Effect.gen(function* () {
    const kind = yield* kindOf(path)
    if (kind === "special") return yield* Effect.fail(kind)
    return kind === "nothing" ? Option.none() : Option.some(yield* openWith(path, constants.O_RDWR))
  })

const blockSize = 256 * 1024

const newline = 0x0a

/** This library never writes a longer line. */
const maxLine = 16 * 1024 * 1024

/**
 * Reads the complete lines of a file until `use` returns a reason to stop; `end` is the offset where the line ends. Returns that reason, or the
 * text after the last line.
 * @internal
 */
export const readLines = <A>(
  path: string,
  file: File,
  use: (line: string, end: number) => Option.Option<A>
): Effect.Effect<{ readonly stopped: Option.Option<A>; readonly rest: string }, StorageFailed> =>
  Effect.gen(function* () {
    const block = Buffer.alloc(blockSize)
    let rest = Buffer.alloc(0)
    let offset = 0
    while (rest.length <= maxLine) {
      const { bytesRead } = yield* attempt(path, () => file.read(block, 0, blockSize, offset))
      if (bytesRead === 0) break
      offset += bytesRead
      rest = Buffer.concat([rest, block.subarray(0, bytesRead)])
      let start = 0
      for (let at = rest.indexOf(newline); at !== -1; at = rest.indexOf(newline, start)) {
        const stopped = use(rest.toString("utf8", start, at), offset - rest.length + at + 1)
        start = at + 1
        if (Option.isSome(stopped)) return { stopped, rest: "" }
      }
      rest = rest.subarray(start)
    }
    return { stopped: Option.none(), rest: rest.toString("utf8") }
  })
