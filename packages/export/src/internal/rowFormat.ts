import type * as FileSystem from "@effect/platform/FileSystem"
import type * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type { StorageFailed } from "../ExportError.js"
import * as storage from "./storage.js"

/** @internal */
export type Platform = FileSystem.FileSystem | Path.Path

/** The options of all formats; each format uses its own. @internal */
export interface FormatOptions {
  readonly metadata: "json" | "columns" | "map"
  readonly formulas: "keep" | "escape"
  readonly bom: boolean
}

/** The rows of a complete list, one JSON text per line. @internal */
export interface Staged {
  readonly path: string
  readonly bytes: number
}

/** The text of a file: before its rows, for some rows (which are JSON texts), and after its rows. @internal */
export interface Texts {
  readonly beginning: string
  readonly rows: (lines: ReadonlyArray<string>, isFirst: boolean) => string
  readonly end: string
}

/** The code that writes and counts the rows of a format. @internal */
export interface Encoding {
  /** `undefined` if the rows must wait for the end of the list. */
  readonly texts: ((options: FormatOptions) => Texts) | undefined
  /** Converts the staged rows to a file of this format; `undefined` if the staged file already is one. */
  readonly convert:
    | ((staged: Staged, to: string, options: FormatOptions) => Effect.Effect<void, StorageFailed, Platform>)
    | undefined
  /** Counts the rows in a file of this size; none if the file cannot be read. */
  readonly count: (
    path: string,
    size: number
  ) => Effect.Effect<Option.Option<number>, StorageFailed, FileSystem.FileSystem>
}

/** Writes the staged rows as text to a file. @internal */
export const writeTexts = (staged: Staged, to: string, { beginning, end, rows }: Texts) =>
  Effect.scoped(
    Effect.gen(function* () {
      const file = yield* storage.open(to, "w")
      const encoder = new TextEncoder()
      const put = (text: string) => Effect.mapError(file.writeAll(encoder.encode(text)), storage.storageFailed(to))
      let isFirst = true
      yield* put(beginning)
      yield* storage.eachLines(staged.path, staged.bytes, (lines) => {
        const text = rows(lines, isFirst)
        isFirst = false
        return put(text)
      })
      if (end !== "") yield* put(end)
      yield* Effect.mapError(file.sync, storage.storageFailed(to))
    })
  )

/** Returns how many bytes of a file satisfy a predicate, which sees them in order. @internal */
export const countBytes = (path: string, isCounted: (byte: number) => boolean) =>
  Effect.suspend(() => {
    let counted = 0
    const count = (block: Uint8Array) => {
      for (const byte of block) if (isCounted(byte)) counted += 1
    }
    return Effect.map(
      storage.eachBlock(path, Number.POSITIVE_INFINITY, (block) => Effect.sync(() => count(block))),
      () => counted
    )
  })

/** @internal */
export const newline = 10

/** @internal */
export const countLines = (path: string): Effect.Effect<number, StorageFailed, FileSystem.FileSystem> =>
  countBytes(path, (byte) => byte === newline)
