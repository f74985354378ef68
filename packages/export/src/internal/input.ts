import type * as FileSystem from "@effect/platform/FileSystem"
import type { Issue } from "@effect-avara/core/Issue"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import { InputRefused, type StorageFailed } from "../ExportError.js"
import { readCsv } from "./csvRows.js"
import type { Encoding } from "./encoding.js"
import { type InputRow, maxRow, nestsTooDeep, parseJson, tooDeep, tooLong } from "./inputRow.js"
import { readText, type Watch } from "./textFile.js"

/** The format of a file of rows. @internal */
export type InputFormat = "csv" | "ndjson"

/** @internal */
export const formatOf = (file: string, format: InputFormat | undefined): Effect.Effect<InputFormat, InputRefused> => {
  if (format !== undefined) return Effect.succeed(format)
  if (/\.csv$/i.test(file)) return Effect.succeed("csv")
  if (/\.(ndjson|jsonl)$/i.test(file)) return Effect.succeed("ndjson")
  return Effect.fail(
    new InputRefused({ file, detail: "its name does not end in .csv or .ndjson; set the format (--format)" })
  )
}

const notAnObject: Issue = { path: [], message: "expected a JSON object" }

const lineEnd = /\r\n|\n|\r/

/** Splits text into numbered lines without the blank ones. Refuses a line that is too long before it is read completely. */
const numberedLines = <E, R>(file: string, text: Stream.Stream<string, E, R>) =>
  Stream.suspend(() => {
    let rest = ""
    let number = 0
    const take = (more: string) =>
      Effect.suspend(() => {
        // The line feed of a CRLF may be in the next piece.
        const whole = rest + more
        const held = whole.endsWith("\r") ? "\r" : ""
        const lines = whole.slice(0, whole.length - held.length).split(lineEnd)
        rest = (lines.pop() ?? "") + held
        const numbered = lines.map((line, index) => [line, number + index + 1] as const)
        number += lines.length
        return rest.length > maxRow
          ? Effect.fail(new InputRefused({ file, line: number + 1, detail: tooLong }))
          : Effect.succeed(numbered)
      })
    return Stream.concat(text, Stream.succeed("\n")).pipe(Stream.mapEffect(take), Stream.flattenIterables)
  }).pipe(Stream.filter(([line]) => line.trim() !== ""))

const inBrackets =
  "it starts with [; NDJSON has one JSON object on each line, without brackets around them and without commas between them"

const readNdjson = <R>(file: string, text: Stream.Stream<string, InputRefused | StorageFailed, R>) =>
  numberedLines(file, text).pipe(
    Stream.zipWithIndex,
    Stream.mapEffect(([[text, line], index]): Effect.Effect<InputRow, InputRefused> => {
      if (index === 0 && text.trimStart().startsWith("[")) {
        return Effect.fail(new InputRefused({ file, line, detail: inBrackets }))
      }
      const raw = Either.getOrUndefined(parseJson(text))
      if (nestsTooDeep(text, raw)) return Effect.succeed({ line, raw: text, fields: Either.left([tooDeep]) })
      const isObject = Predicate.isReadonlyRecord(raw) && !Array.isArray(raw)
      return Effect.succeed({
        line,
        raw: raw === undefined ? text : raw,
        fields: isObject ? Either.right(raw) : Either.left([notAnObject])
      })
    })
  )

/** The file to read, its format and its encoding. @internal */
export interface Source {
  readonly file: string
  readonly format: InputFormat
  readonly encoding: Encoding | undefined
  readonly required: ReadonlyArray<string>
}

/** Reads the rows of a file, which must have all required columns and no unknown ones. @internal */
export const readRows = (
  { encoding, file, format, required }: Source,
  watch: Watch
): Stream.Stream<InputRow, InputRefused | StorageFailed, FileSystem.FileSystem> => {
  const text = readText(file, encoding, watch)
  return format === "csv" ? readCsv(file, text, required) : readNdjson(file, text)
}
