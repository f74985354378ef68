import type * as PlatformError from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"

/** A file that cannot be written, and why. */
export class WriteFailed extends Data.TaggedError("WriteFailed")<{ readonly path: string; readonly reason: string }> {
  override get message(): string {
    return `${this.path} cannot be written: ${this.reason}`
  }
}

const failed = (path: string) =>
  Effect.mapError(
    (error: PlatformError.PlatformError) => new WriteFailed({ path, reason: error.description ?? error.message })
  )

/**
 * Writes a stream of text to a file that appears whole or not at all: an older file of that name stays until the stream has ended
 * successfully and everything is on the disk.
 */
export const writeAtomically = <E, R>(path: string, text: Stream.Stream<string, E, R>) =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const { basename, dirname, join } = yield* Path.Path
    const partial = join(dirname(path), `.${basename(path)}.${process.pid}.partial`)
    const encoder = new TextEncoder()

    yield* failed(path)(fs.makeDirectory(dirname(path), { recursive: true }))
    yield* Effect.addFinalizer(() => Effect.ignore(fs.remove(partial, { force: true })))
    yield* Effect.scoped(
      Effect.gen(function* () {
        const file = yield* failed(path)(fs.open(partial, { flag: "w" }))
        // A write is not left behind by an interruption: the file is closed when it has ended.
        const write = (chunk: string) => failed(path)(Effect.uninterruptible(file.writeAll(encoder.encode(chunk))))
        // Writing nothing would count as a failed write.
        yield* Stream.runForEach(
          Stream.filter(text, (chunk) => chunk !== ""),
          write
        )
        yield* failed(path)(file.sync)
      })
    )
    yield* failed(path)(fs.rename(partial, path))
  }).pipe(Effect.scoped)
