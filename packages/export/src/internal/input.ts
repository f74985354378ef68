import { pipeline, Readable } from "node:stream"
import * as FileSystem from "@effect/platform/FileSystem"
import type { Issue } from "@effect-avara/core/Issue"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import { InputRefused, StorageFailed } from "../ExportError.js"
import { plainColumns } from "./row.js"
import { storageFailed } from "./storage.js"

/** What a file to read rows from is. @internal */
export type InputFormat = "csv" | "ndjson"

/** @internal */
export type Fields = Readonly<Record<string, unknown>>

/** A row of a file, or what is wrong with it, and the line that it begins at, from 1. @internal */
export interface InputRow {
  readonly line: number
  /** The row as it stands in the file. */
  readonly raw: unknown
  readonly fields: Either.Either<Fields, ReadonlyArray<Issue>>
}

/** @internal */
export const formatOf = (file: string, format: InputFormat | undefined): Effect.Effect<InputFormat, InputRefused> => {
  if (format !== undefined) return Effect.succeed(format)
  if (/\.csv$/i.test(file)) return Effect.succeed("csv")
  if (/\.(ndjson|jsonl)$/i.test(file)) return Effect.succeed("ndjson")
  return Effect.fail(
    new InputRefused({ file, detail: "its name ends neither in .csv nor in .ndjson: say which it is" })
  )
}

const parseJson = (text: string): Either.Either<unknown, void> =>
  Either.try({ try: () => JSON.parse(text), catch: () => undefined })

const notAnObject: Issue = { path: [], message: "expected a JSON object" }

const readNdjson = (file: string): Stream.Stream<InputRow, InputRefused | StorageFailed, FileSystem.FileSystem> =>
  Stream.unwrap(Effect.map(FileSystem.FileSystem, (fs) => Stream.mapError(fs.stream(file), storageFailed(file)))).pipe(
    Stream.decodeText(),
    Stream.splitLines,
    Stream.zipWithIndex,
    Stream.map(([text, index]): readonly [string, number] => [index === 0 ? text.replace(/^\uFEFF/, "") : text, index]),
    Stream.filter(([text]) => text.trim() !== ""),
    Stream.map(([text, index]): InputRow => {
      const raw = Either.getOrUndefined(parseJson(text))
      const isObject = Predicate.isReadonlyRecord(raw) && !Array.isArray(raw)
      return {
        line: index + 1,
        raw: raw === undefined ? text : raw,
        fields: isObject ? Either.right(raw) : Either.left([notAnObject])
      }
    })
  )

type Cells = ReadonlyArray<string | null>

interface CsvRecord {
  readonly record: Cells
  readonly info: { readonly lines: number }
}

const ignoredColumns: ReadonlySet<string> = new Set([...plainColumns, "extra"])

const isKnown = (columns: ReadonlySet<string>) => (name: string) =>
  columns.has(name) || ignoredColumns.has(name) || name === "metadata" || name.startsWith("metadata.")

/** The columns of the header, all of them known. */
const readHeader = (
  file: string,
  cells: Cells,
  required: ReadonlyArray<string>
): Effect.Effect<ReadonlyArray<string>, InputRefused> => {
  const names = cells.map((cell) => cell ?? "")
  const refuse = (detail: string) => Effect.fail(new InputRefused({ file, line: 1, detail }))
  const list = (columns: ReadonlyArray<string>) => columns.map((name) => `"${name.slice(0, 100)}"`).join(", ")
  const unknown = names.filter((name) => !isKnown(new Set(required))(name))
  const missing = required.filter((name) => !names.includes(name))
  const repeated = names.filter((name, index) => names.indexOf(name) !== index)
  if (unknown.length > 0) return refuse(`unknown columns ${list(unknown)}`)
  if (missing.length > 0) return refuse(`there is no column ${list(missing)}`)
  return repeated.length > 0 ? refuse(`columns that are there twice: ${list(repeated)}`) : Effect.succeed(names)
}

const metadataPrefix = "metadata."

const wrongMetadata: Issue = { path: ["metadata"], message: "expected a JSON object of texts" }

const metadataIn = (
  names: ReadonlyArray<string>,
  cells: Cells
): Either.Either<Fields | undefined, ReadonlyArray<Issue>> => {
  const own = names.flatMap((name, index): ReadonlyArray<readonly [string, unknown]> => {
    const cell = cells[index]
    return name.startsWith(metadataPrefix) && typeof cell === "string"
      ? [[name.slice(metadataPrefix.length), cell]]
      : []
  })
  const text = cells[names.indexOf("metadata")]
  if (typeof text !== "string" || text === "")
    return Either.right(own.length === 0 ? undefined : Object.fromEntries(own))
  const json = Either.getOrUndefined(parseJson(text))
  if (!Predicate.isReadonlyRecord(json) || Array.isArray(json)) return Either.left([wrongMetadata])
  return Either.right(Object.fromEntries([...Object.entries(json), ...own]))
}

const fieldsOf = (names: ReadonlyArray<string>, cells: Cells): InputRow["fields"] => {
  if (cells.length !== names.length) {
    return Either.left([{ path: [], message: `expected ${names.length} cells, not ${cells.length}` }])
  }
  return Either.map(metadataIn(names, cells), (metadata) => {
    const plain = names.flatMap((name, index): ReadonlyArray<readonly [string, unknown]> => {
      const cell = cells[index]
      return name.startsWith("metadata") || cell === null ? [] : [[name, cell]]
    })
    return Object.fromEntries(metadata === undefined ? plain : [...plain, ["metadata", metadata]])
  })
}

const newlinesIn = (cells: Cells): number =>
  cells.reduce((sum, cell) => sum + (cell === null ? 0 : cell.split(/\r\n|\n|\r/).length - 1), 0)

const isCsvError = (error: unknown): error is { readonly code: string; readonly lines?: unknown } =>
  Predicate.isRecord(error) && typeof error["code"] === "string" && error["code"].startsWith("CSV_")

const csvFailed = (file: string) => (error: unknown) =>
  isCsvError(error)
    ? new InputRefused({
        file,
        ...(typeof error.lines === "number" ? { line: error.lines } : {}),
        detail: `it is not CSV (${error.code})`
      })
    : new StorageFailed({ path: file, reason: "other" })

/** Text in quotes is a text, empty or not; nothing between two commas is no value. */
const csvOptions = {
  bom: true,
  info: true,
  relax_column_count: true,
  skip_empty_lines: true,
  cast: (value: string, { quoting }: { readonly quoting: boolean }) => (value === "" && !quoting ? null : value)
}

const parseCsv = (file: string): Stream.Stream<CsvRecord, InputRefused | StorageFailed, FileSystem.FileSystem> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const { parse } = yield* Effect.promise(() => import("csv-parse"))
      const bytes = yield* Stream.toAsyncIterableEffect(fs.stream(file))
      const parser = parse(csvOptions)
      pipeline(Readable.from(bytes), parser, () => undefined)
      return Stream.fromAsyncIterable<CsvRecord, InputRefused | StorageFailed>(parser, csvFailed(file))
    })
  )

const toRow = (names: ReadonlyArray<string>, { info, record }: CsvRecord): InputRow => ({
  line: info.lines - newlinesIn(record),
  raw: Object.fromEntries(record.map((cell, index) => [names[index] ?? `column ${index + 1}`, cell])),
  fields: fieldsOf(names, record)
})

const readCsv = (file: string, required: ReadonlyArray<string>) =>
  parseCsv(file).pipe(
    Stream.orElseIfEmptyStream(() => Stream.fail(new InputRefused({ file, detail: "it has no header" }))),
    Stream.mapAccumEffect(Option.none<ReadonlyArray<string>>(), (header, found) =>
      Option.match(header, {
        onNone: () =>
          Effect.map(
            readHeader(file, found.record, required),
            (names) => [Option.some(names), Option.none<InputRow>()] as const
          ),
        onSome: (names) => Effect.succeed([header, Option.some(toRow(names, found))] as const)
      })
    ),
    Stream.filterMap((row) => row)
  )

/** The rows of a file, which must have the required columns, and none that this library does not know. @internal */
export const readRows = (
  file: string,
  format: InputFormat,
  required: ReadonlyArray<string>
): Stream.Stream<InputRow, InputRefused | StorageFailed, FileSystem.FileSystem> =>
  format === "csv" ? readCsv(file, required) : readNdjson(file)
