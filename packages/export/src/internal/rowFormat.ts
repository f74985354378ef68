import type * as FileSystem from "@effect/platform/FileSystem"
import type * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type { StorageFailed } from "../ExportError.js"
import * as storage from "./storage.js"

/** @internal */
export type Platform = FileSystem.FileSystem | Path.Path

/** The options of all formats; each takes its own. @internal */
export interface FormatOptions {
  readonly metadata: "json" | "columns" | "map"
  readonly formulas: "keep" | "escape"
  readonly bom: boolean
}

/** The rows of a list that is complete, one JSON text a line. @internal */
export interface Staged {
  readonly path: string
  readonly bytes: number
}

/** The text of a file: before its rows, of some rows that are JSON texts, and after them. @internal */
export interface Texts {
  readonly beginning: string
  readonly rows: (lines: ReadonlyArray<string>, isFirst: boolean) => string
  readonly end: string
}

/** How a format holds rows. @internal */
export interface Encoding {
  /** None where rows have to wait for the end of the list. */
  readonly texts: ((options: FormatOptions) => Texts) | undefined
  /** Writes the staged rows into a file of the format; none where the staged file is such a file. */
  readonly convert:
    | ((staged: Staged, to: string, options: FormatOptions) => Effect.Effect<void, StorageFailed, Platform>)
    | undefined
  /** Counts the rows that a file of this size holds; none if it cannot be read. */
  readonly count: (
    path: string,
    size: number
  ) => Effect.Effect<Option.Option<number>, StorageFailed, FileSystem.FileSystem>
}

/** Writes the staged rows as text. @internal */
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

/** How many bytes of a file count, which are looked at in order. @internal */
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
