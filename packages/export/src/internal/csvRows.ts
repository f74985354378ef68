import { pipeline, Readable } from "node:stream"
import type { Issue } from "@effect-avara/core/Issue"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import { InputRefused, StorageFailed } from "../ExportError.js"
import type { Fields } from "../Work.js"
import { type InputRow, maxRow, parseJson, tooLong } from "./inputRow.js"
import { plainColumns } from "./row.js"

type Cells = ReadonlyArray<string | null>

interface CsvRecord {
  readonly record: Cells
  readonly line: number
}

const ignoredColumns: ReadonlySet<string> = new Set([...plainColumns, "extra"])

const isKnown = (columns: ReadonlySet<string>) => (name: string) =>
  columns.has(name) || ignoredColumns.has(name) || name === "metadata" || name.startsWith("metadata.")

const shown = (name: string): string => `"${name.slice(0, 100)}"`

const list = (columns: ReadonlyArray<string>) => columns.map(shown).join(", ")

const plain = (name: string): string => name.replaceAll(/[\s"_-]/g, "").toLowerCase()

/** Finds known columns that are misspelled only by their case or by a space. */
const misspelled = (unknown: ReadonlyArray<string>, required: ReadonlyArray<string>): ReadonlyArray<string> =>
  unknown.flatMap((name) => {
    const meant = [...required, ...ignoredColumns, "metadata"].find((known) => plain(known) === plain(name))
    return meant === undefined ? [] : [`${shown(name)} must be spelled ${meant}`]
  })

const otherDelimiter = (names: ReadonlyArray<string>): string | undefined => {
  const delimiter = /[;\t|]/.exec(names[0] ?? "")?.[0]
  return names.length > 1 || delimiter === undefined ? undefined : delimiter === "\t" ? "a tab" : `"${delimiter}"`
}

/** Returns what is wrong with a header, if anything. */
const headerProblem = (names: ReadonlyArray<string>, required: ReadonlyArray<string>): string | undefined => {
  const unknown = names.filter((name) => !isKnown(new Set(required))(name))
  const missing = required.filter((name) => !names.includes(name))
  const repeated = names.filter((name, index) => names.indexOf(name) !== index)
  const delimiter = otherDelimiter(names)
  if (unknown.length > 0 && delimiter !== undefined) {
    return `the columns are separated by ${delimiter}; save the file as CSV with commas`
  }
  const spelling = misspelled(unknown, required)
  if (spelling.length > 0) return `unknown columns ${list(unknown)}: ${spelling.join(", ")}`
  if (unknown.length > 0) return `unknown columns ${list(unknown)}; remove them, or name them metadata.KEY to keep them`
  if (missing.length > 0) return `there is no column ${list(missing)}; the first line must name the columns`
  return repeated.length > 0 ? `repeated columns: ${list(repeated)}; keep one of each` : undefined
}

/** Returns the columns of the header, and fails if one is unknown. */
const readHeader = (file: string, { line, record }: CsvRecord, required: ReadonlyArray<string>) => {
  const names = record.map((cell) => cell ?? "")
  const problem = headerProblem(names, required)
  return problem === undefined ? Effect.succeed(names) : Effect.fail(new InputRefused({ file, line, detail: problem }))
}

const metadataPrefix = "metadata."

const wrongMetadata: Issue = { path: ["metadata"], message: "expected a JSON object whose values are text" }

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

const wrongCount = (expected: number, found: number): Issue => ({
  path: [],
  message: `expected ${expected} cells, found ${found}${found > expected ? "; a cell that contains a comma must be in quotes" : ""}`
})

const fieldsOf = (names: ReadonlyArray<string>, cells: Cells): InputRow["fields"] => {
  if (cells.length !== names.length) return Either.left([wrongCount(names.length, cells.length)])
  return Either.map(metadataIn(names, cells), (metadata) => {
    const own = names.flatMap((name, index): ReadonlyArray<readonly [string, unknown]> => {
      const cell = cells[index]
      return name.startsWith("metadata") || cell === null ? [] : [[name, cell]]
    })
    return Object.fromEntries(metadata === undefined ? own : [...own, ["metadata", metadata]])
  })
}

const newlines = /\r\n|\n|\r/g

const newlinesIn = (text: string): number => text.match(newlines)?.length ?? 0

const example = 'such as "City ""Med"" Center"'

/** Counts lines in the text itself, because the parser counts a CRLF in quotes twice. */
const makeLines = () => {
  let before = 0
  let counted = 0
  return {
    /** Moves past a record, and returns the line where it starts. */
    pass: (raw: string, lines: number): number => {
      const blank = newlinesIn(/^[\r\n]*/.exec(raw)?.[0] ?? "")
      const line = before + blank + 1
      before += newlinesIn(raw)
      counted = lines
      return line
    },
    /** The line after the records that were passed. */
    next: () => before + 1,
    at: (lines: number) => before + Math.max(1, lines - counted)
  }
}

type Lines = ReturnType<typeof makeLines>

interface CsvError {
  readonly code: string
  readonly lines: number
}

const isCsvError = (error: unknown): error is CsvError =>
  Predicate.isRecord(error) && typeof error["code"] === "string" && typeof error["lines"] === "number"

/** Returns the line of a mistake, and the rule that it breaks. */
const mistake = ({ code, lines }: CsvError, at: Lines): { readonly line: number; readonly detail: string } => {
  const line = at.at(lines)
  const start = at.next() < line ? ` (the row starts at line ${at.next()})` : ""
  switch (code) {
    case "INVALID_OPENING_QUOTE":
      return {
        line,
        detail: `a cell that contains a quote must be in quotes, and the quote doubled, ${example}${start}`
      }
    case "CSV_INVALID_CLOSING_QUOTE":
      return {
        line,
        detail: `a quote inside a quoted cell must be doubled, ${example}, and only a comma or the end of the line may follow the last quote${start}`
      }
    case "CSV_QUOTE_NOT_CLOSED":
      return { line: at.next(), detail: "the row that starts here opens a quote that is never closed" }
    case "CSV_MAX_RECORD_SIZE":
      return { line: at.next(), detail: `${tooLong}; perhaps a quote is not closed` }
    default:
      return { line, detail: `it is not CSV (${code})` }
  }
}

const csvFailed = (file: string, lines: Lines) => (error: unknown) => {
  if (error instanceof InputRefused || error instanceof StorageFailed) return error
  return isCsvError(error)
    ? new InputRefused({ file, ...mistake(error, lines) })
    : new StorageFailed({ path: file, reason: "other" })
}

/** Text in quotes is a value, even if it is empty. An empty cell without quotes has no value. */
const csvOptions = {
  info: true,
  raw: true,
  relax_column_count: true,
  skip_empty_lines: true,
  record_delimiter: ["\r\n", "\n", "\r"],
  max_record_size: maxRow,
  cast: (value: string, { quoting }: { readonly quoting: boolean }) => (value === "" && !quoting ? null : value)
}

interface Parsed {
  readonly record: Cells
  readonly raw: string
  readonly info: { readonly lines: number }
}

const parseCsv = <R>(file: string, text: Stream.Stream<string, InputRefused | StorageFailed, R>) =>
  Stream.unwrap(
    Effect.gen(function* () {
      const { parse } = yield* Effect.promise(() => import("csv-parse"))
      const texts = yield* Stream.toAsyncIterableEffect(Stream.filter(text, (piece) => piece !== ""))
      // The parser is ahead of the rows that were taken from it.
      const [parsed, taken] = [makeLines(), makeLines()]
      const parser = parse({
        ...csvOptions,
        on_record: (record, { lines, raw = "" }) => {
          parsed.pass(raw, lines)
          return record
        }
      })
      pipeline(Readable.from(texts), parser, () => undefined)
      return Stream.map(
        Stream.fromAsyncIterable<Parsed, InputRefused | StorageFailed>(parser, csvFailed(file, parsed)),
        ({ info, raw, record }): CsvRecord => ({ record, line: taken.pass(raw, info.lines) })
      )
    })
  )

const toRow = (names: ReadonlyArray<string>, { line, record }: CsvRecord): InputRow => ({
  line,
  raw: Object.fromEntries(record.map((cell, index) => [names[index] ?? `column ${index + 1}`, cell])),
  fields: fieldsOf(names, record)
})

/** Reads the rows of CSV, which must have all required columns and no unknown ones. @internal */
export const readCsv = <R>(
  file: string,
  text: Stream.Stream<string, InputRefused | StorageFailed, R>,
  required: ReadonlyArray<string>
): Stream.Stream<InputRow, InputRefused | StorageFailed, R> =>
  parseCsv(file, text).pipe(
    Stream.orElseIfEmptyStream(() =>
      Stream.fail(
        new InputRefused({ file, detail: `it is empty; the first line must name the columns (${required.join(", ")})` })
      )
    ),
    Stream.mapAccumEffect(Option.none<ReadonlyArray<string>>(), (header, found) =>
      Option.match(header, {
        onNone: () =>
          Effect.map(
            readHeader(file, found, required),
            (names) => [Option.some(names), Option.none<InputRow>()] as const
          ),
        onSome: (names) => Effect.succeed([header, Option.some(toRow(names, found))] as const)
      })
    ),
    Stream.filterMap((row) => row)
  )
