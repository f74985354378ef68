import type * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { JournalRefused, type StorageFailed } from "../ExportError.js"
import * as storage from "./storage.js"

const Header = Schema.parseJson(
  Schema.Struct({
    journal: Schema.Literal("avara"),
    version: Schema.Literal(1),
    operation: Schema.String,
    /** The sha256 of the file whose rows the journal is about. */
    file: Schema.String
  })
)

const Entry = Schema.parseJson(
  Schema.Struct({
    line: Schema.Int,
    /** `started` is written before anything is sent, `done` and `rejected` after the answer. */
    state: Schema.Literal("started", "done", "rejected"),
    key: Schema.optionalWith(Schema.String, { exact: true }),
    id: Schema.optionalWith(Schema.String, { exact: true })
  })
)

/** @internal */
export type Entry = typeof Entry.Type

const encodeHeader = Schema.encodeSync(Header)
const encodeEntry = Schema.encodeSync(Entry)
const decodeHeader = Schema.decodeEither(Header)
const decodeEntry = Schema.decodeEither(Entry)

/** What was done, line by line, so that nothing is done twice. @internal */
export interface Journal {
  readonly isDone: (line: number) => boolean
  /** The lines that were sent, perhaps, and whose answer is not known, with their keys. */
  readonly open: ReadonlyMap<number, string>
  /** Appends entries; they are durable after `sync`. */
  readonly append: (entries: ReadonlyArray<Entry>) => Effect.Effect<void, StorageFailed>
  readonly sync: Effect.Effect<void, StorageFailed>
}

interface State {
  readonly done: Set<number>
  readonly open: Map<number, string>
}

const apply = ({ done, open }: State, { key = "", line, state }: Entry): void => {
  if (state === "started") open.set(line, key)
  else open.delete(line)
  if (state === "done") done.add(line)
}

interface Found extends State {
  /** How much of the file is complete lines. */
  readonly bytes: number
}

const nothing = (): Found => ({ done: new Set(), open: new Map(), bytes: 0 })

/** Reads a journal; a last line that a crash cut off does not count. */
const read = (path: string, expected: typeof Header.Type, size: number) =>
  Effect.gen(function* () {
    const state = nothing()
    let bytes = 0
    let isFirst = true
    const encoder = new TextEncoder()
    const refuse = (reason: JournalRefused["reason"]) => new JournalRefused({ path, reason })
    const readHeader = (line: string) =>
      Either.match(decodeHeader(line), {
        onLeft: () => Effect.fail(refuse("damaged")),
        onRight: ({ file, operation }) =>
          file === expected.file && operation === expected.operation ? Effect.void : Effect.fail(refuse("foreign"))
      })
    const readEntry = (line: string) =>
      Either.match(decodeEntry(line), {
        onLeft: () => Effect.fail(refuse("damaged")),
        onRight: (entry) => Effect.sync(() => apply(state, entry))
      })
    yield* storage.eachLines(path, size, (lines) =>
      Effect.forEach(
        lines,
        (line) => {
          bytes += encoder.encode(line).length + 1
          const readLine = isFirst ? readHeader : readEntry
          isFirst = false
          return readLine(line)
        },
        { discard: true }
      )
    )
    return { ...state, bytes }
  })

/** Opens the journal of a file's rows, as long as the scope. @internal */
export const open = (
  path: string,
  about: { readonly operation: string; readonly file: string; readonly resume: boolean }
): Effect.Effect<Journal, JournalRefused | StorageFailed, FileSystem.FileSystem | Scope.Scope> =>
  Effect.gen(function* () {
    const header = { journal: "avara", version: 1, operation: about.operation, file: about.file } as const
    const size = yield* storage.sizeOf(path)
    const found = Option.isSome(size) ? yield* read(path, header, size.value) : nothing()
    const isUsed = found.done.size + found.open.size > 0
    if (isUsed && !about.resume) return yield* new JournalRefused({ path, reason: "exists" })

    const file = yield* storage.open(path, found.bytes === 0 ? "w" : "r+")
    const named = Effect.mapError(storage.storageFailed(path))
    const encoder = new TextEncoder()
    const put = (lines: ReadonlyArray<string>) =>
      Effect.uninterruptible(named(file.writeAll(encoder.encode(lines.map((line) => `${line}\n`).join("")))))
    if (found.bytes === 0) yield* put([encodeHeader(header)])
    else yield* Effect.zipRight(named(file.truncate(found.bytes)), file.seek(found.bytes, "start"))
    return {
      isDone: (line) => found.done.has(line),
      open: found.open,
      append: (entries) => (entries.length === 0 ? Effect.void : put(entries.map((entry) => encodeEntry(entry)))),
      sync: Effect.uninterruptible(named(file.sync))
    }
  })
