import type * as FileSystem from "@effect/platform/FileSystem"
import type { Issue } from "@effect-avara/core/Issue"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { InputRefused, type StorageFailed } from "../ExportError.js"
import type { Work } from "../Work.js"
import type { Encoding } from "./encoding.js"
import { formatOf, type InputFormat, readRows, type Source } from "./input.js"
import type { InputRow } from "./inputRow.js"
import { checkKind, watch } from "./textFile.js"

/** @internal */
export interface RowsOptions {
  readonly file: string
  readonly format?: InputFormat | undefined
  readonly encoding?: Encoding | undefined
}

/** A row with its decoded value; the key is empty if the row is not allowed. @internal */
export interface CheckedRow<A> extends InputRow {
  readonly value: Either.Either<A, ReadonlyArray<Issue>>
  readonly key: string
}

/** A file that was checked to its end, before anything is sent. @internal */
export interface CheckedFile<A> {
  readonly total: number
  readonly sha256: string
  /** The keys of the allowed rows by line; empty unless `keepsKeys` was set. */
  readonly keys: ReadonlyMap<number, string>
  /** Reads the file again, and fails if it has changed. */
  readonly rows: Stream.Stream<CheckedRow<A>, InputRefused | StorageFailed, FileSystem.FileSystem>
}

const maxPairs = 10

/** Finds rows with the same identity. */
const makeRepeats = <A, E, R>(file: string, work: Work<A, E, R>) => {
  const lines = new Map<string, number>()
  const pairs: Array<readonly [first: number, second: number]> = []
  let count = 0
  const see = (line: number, value: A) => {
    const identity = work.identity(value)
    if (Option.isNone(identity)) return
    const first = lines.get(identity.value)
    if (first === undefined) return void lines.set(identity.value, line)
    count += 1
    if (count <= maxPairs) pairs.push([first, line])
  }
  const refused = () => {
    const texts = pairs.map(([first, second]) => `lines ${first} and ${second}`)
    const more = count > maxPairs ? [`${count - maxPairs} more`] : []
    const detail = `rows with the same ${work.identityName}: ${[...texts, ...more].join(", ")}; keep one of each`
    return new InputRefused({ file, detail })
  }
  return { see, check: Effect.suspend(() => (count === 0 ? Effect.void : refused())) }
}

const check = <A, E, R>(work: Work<A, E, R>, row: InputRow, sha256: string): CheckedRow<A> => {
  const value = Either.flatMap(row.fields, work.decode)
  return { ...row, value, key: Either.isLeft(value) ? "" : work.keyOf(value.right, row.line, sha256) }
}

/** Returns the file to read, or fails if its rows cannot be read. @internal */
export const sourceOf = <A, E, R>(
  { encoding, file, format }: RowsOptions,
  { required }: Work<A, E, R>
): Effect.Effect<Source, InputRefused | StorageFailed, FileSystem.FileSystem> =>
  Effect.zipRight(
    checkKind(file),
    Effect.map(formatOf(file, format), (format) => ({ file, encoding, required, format }))
  )

/** Reads a file completely, so that a file with a mistake anywhere is refused before anything is sent. @internal */
export const open = <A, E, R>(
  source: Source,
  work: Work<A, E, R>,
  keepsKeys = false
): Effect.Effect<CheckedFile<A>, InputRefused | StorageFailed, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const seen = watch(source.file)
    const repeats = makeRepeats(source.file, work)
    const kept = new Map<number, A>()
    let total = 0
    yield* Stream.runForEach(readRows(source, seen), (row) =>
      Effect.sync(() => {
        total += 1
        const value = Either.flatMap(row.fields, work.decode)
        if (Either.isLeft(value)) return
        repeats.see(row.line, value.right)
        if (keepsKeys) kept.set(row.line, value.right)
      })
    )
    yield* repeats.check
    const sha256 = seen.sha256()
    const sums = seen.sums()
    return {
      total,
      sha256,
      keys: new Map(Array.from(kept, ([line, value]) => [line, work.keyOf(value, line, sha256)])),
      rows: Stream.suspend(() => readRows(source, watch(source.file, sums))).pipe(
        Stream.map((row) => check(work, row, sha256))
      )
    }
  })
