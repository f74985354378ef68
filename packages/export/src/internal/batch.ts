import type * as FileSystem from "@effect/platform/FileSystem"
import type * as Path from "@effect/platform/Path"
import type { Issue } from "@effect-avara/core/Issue"
import type * as Chunk from "effect/Chunk"
import * as Clock from "effect/Clock"
import type * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { type ImportError, Stopped } from "../ExportError.js"
import { type Fields, formatOf, type InputFormat, type InputRow, readRows } from "./input.js"
import * as journals from "./journal.js"
import * as lock from "./lock.js"
import * as storage from "./storage.js"

/** How far a run over the rows of a file is. @internal */
export interface BatchProgress {
  /** How many rows the file has. */
  readonly total: number
  /** How many of them are behind the run. */
  readonly rows: number
  readonly done: number
  /** How many an earlier run had done. */
  readonly skipped: number
  readonly rejected: number
  readonly elapsed: Duration.Duration
}

/** @internal */
export interface BatchOptions {
  readonly file: string
  readonly format?: InputFormat | undefined
  readonly dryRun?: boolean | undefined
  readonly resume?: boolean | undefined
  readonly concurrency?: number | undefined
  readonly onProgress?: ((progress: BatchProgress) => Effect.Effect<void>) | undefined
  readonly stop?: Effect.Effect<unknown> | undefined
}

/** A row that is ready to be sent. @internal */
export interface Item<A> {
  readonly line: number
  readonly raw: unknown
  readonly value: A
  /** What the row is known by on the server, if it is. */
  readonly key: string
  /** Whether an earlier run may have sent it. */
  readonly wasStarted: boolean
}

/** What to do with the rows of a file. @internal */
export interface Work<A, E, R> {
  readonly operation: string
  readonly required: ReadonlyArray<string>
  readonly decode: (fields: Fields) => Either.Either<A, ReadonlyArray<Issue>>
  readonly keyOf: (value: A, line: number, fileHash: string) => string
  /** Finds out which of the rows that were sent, perhaps, are done; answers their lines with the ids. */
  readonly settle: (open: ReadonlyMap<number, string>) => Effect.Effect<ReadonlyMap<number, string>, E, R>
  /** Does a row, or says why the server does not want it. */
  readonly perform: (item: Item<A>) => Effect.Effect<Either.Either<string, ReadonlyArray<Issue>>, E, R>
}

/** @internal */
export interface BatchReport {
  readonly rows: number
  readonly done: number
  readonly skipped: number
  readonly rejected: number
  /** Where the rejected rows are, with line numbers and reasons, if there are any. */
  readonly rejectsFile?: string
}

type Platform = FileSystem.FileSystem | Path.Path

const defaultConcurrency = 4

/** As many rows are written into the journal at a time, with one fsync. */
const rowsPerSync = 64

/** A file that is made when the first row goes into it; the one of an earlier run is gone. */
const openRejects = (path: string) =>
  Effect.gen(function* () {
    yield* storage.remove(path)
    const context = yield* Effect.context<FileSystem.FileSystem>()
    const scope = yield* Effect.scope
    const file = yield* Effect.cached(
      Effect.provide(Effect.provideService(storage.open(path, "w"), Scope.Scope, scope), context)
    )
    const encoder = new TextEncoder()
    return (line: number, issues: ReadonlyArray<Issue>, row: unknown) =>
      Effect.flatMap(file, (file) =>
        Effect.mapError(
          file.writeAll(encoder.encode(`${JSON.stringify({ line, issues, row })}\n`)),
          storage.storageFailed(path)
        )
      )
  })

/** Counts as rows are behind the run, and tells. */
const makeTally = ({ onProgress }: BatchOptions, total: number) =>
  Effect.map(Clock.currentTimeMillis, (began) => {
    const counts = { done: 0, skipped: 0, rejected: 0 }
    const rows = () => counts.done + counts.skipped + counts.rejected
    const count = (what: keyof typeof counts) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) => {
        counts[what] += 1
        return onProgress === undefined
          ? Effect.void
          : onProgress({ total, rows: rows(), ...counts, elapsed: Duration.millis(now - began) })
      })
    return { count, counts: () => ({ rows: rows(), ...counts }) }
  })

/** Reads the whole file once, so that a file that cannot be read to its end is refused before anything is sent. */
const countRows = (file: string, format: InputFormat, required: ReadonlyArray<string>) =>
  Stream.runCount(readRows(file, format, required))

const noJournal: journals.Journal = {
  isDone: () => false,
  open: new Map(),
  append: () => Effect.void,
  sync: Effect.void
}

const openJournal = (options: BatchOptions, operation: string, fileHash: string) =>
  options.dryRun === true
    ? Effect.succeed(noJournal)
    : Effect.zipRight(
        lock.acquire(`${options.file}.journal.lock`),
        journals.open(`${options.file}.journal.ndjson`, {
          operation,
          file: fileHash,
          resume: options.resume === true
        })
      )

const settleOpen = <A, E, R>(work: Work<A, E, R>, journal: journals.Journal) =>
  Effect.gen(function* () {
    if (journal.open.size === 0) return new Set<number>()
    const settled = yield* work.settle(journal.open)
    yield* journal.append(Array.from(settled, ([line, id]) => ({ line, state: "done" as const, id })))
    return new Set(settled.keys())
  })

/** Does the work for every row of a file that no earlier run has done, and keeps the journal. @internal */
export const run = <A, E, R>(
  options: BatchOptions,
  work: Work<A, E, R>
): Effect.Effect<BatchReport, E | ImportError, R | Platform> =>
  Effect.flatMap(Effect.context<R>(), (context) => Effect.scoped(runScoped(options, provided(work, context))))

const provided = <A, E, R>(work: Work<A, E, R>, context: Context.Context<R>): Work<A, E, never> => ({
  ...work,
  settle: (open) => Effect.provide(work.settle(open), context),
  perform: (item) => Effect.provide(work.perform(item), context)
})

/** Whether nobody asked to stop yet. */
const untilStopped = (stop: Effect.Effect<unknown> = Effect.never) => {
  let goesOn = true
  const end = Effect.sync(() => {
    goesOn = false
  })
  return Effect.as(Effect.forkScoped(Effect.zipRight(stop, end)), () => goesOn)
}

const runScoped = <A, E>(options: BatchOptions, work: Work<A, E, never>) =>
  Effect.gen(function* () {
    const { concurrency = defaultConcurrency, dryRun = false, file, stop } = options
    const format = yield* formatOf(file, options.format)
    const { sha256 } = yield* storage.digestOf(file)
    const total = yield* countRows(file, format, work.required)
    const journal = yield* openJournal(options, work.operation, sha256)
    const settled = yield* settleOpen(work, journal)
    const rejectsFile = `${file}.rejects.ndjson`
    const reject = yield* openRejects(rejectsFile)
    const { count, counts } = yield* makeTally(options, total)

    const rejectRow = ({ line, raw }: { readonly line: number; readonly raw: unknown }, issues: ReadonlyArray<Issue>) =>
      Effect.uninterruptible(Effect.zipRight(reject(line, issues, raw), count("rejected")))

    const toItem = (row: InputRow) =>
      Effect.gen(function* () {
        if (journal.isDone(row.line) || settled.has(row.line)) return yield* Effect.as(count("skipped"), Option.none())
        const value = Either.flatMap(row.fields, work.decode)
        if (Either.isLeft(value)) return yield* Effect.as(rejectRow(row, value.left), Option.none())
        const key = work.keyOf(value.right, row.line, sha256)
        const item: Item<A> = { ...row, value: value.right, key, wasStarted: journal.open.has(row.line) }
        return Option.some(item)
      })

    const announce = (items: Chunk.Chunk<Item<A>>) =>
      journal
        .append(Array.from(items, ({ key, line }) => ({ line, state: "started" as const, key })))
        .pipe(Effect.zipRight(journal.sync), Effect.as(items))

    const perform = (item: Item<A>) =>
      Effect.flatMap(
        work.perform(item),
        Either.match({
          onLeft: (issues) =>
            Effect.zipRight(journal.append([{ line: item.line, state: "rejected" }]), rejectRow(item, issues)),
          onRight: (id) => Effect.zipRight(journal.append([{ line: item.line, state: "done", id }]), count("done"))
        })
      )

    const items = Stream.filterMapEffect(readRows(file, format, work.required), (row) => Option.some(toItem(row))).pipe(
      Stream.filterMap((item) => item)
    )
    const goesOn = yield* untilStopped(stop)
    yield* dryRun
      ? Stream.runForEach(items, () => count("done"))
      : items.pipe(
          Stream.takeWhile(goesOn),
          Stream.rechunk(rowsPerSync),
          Stream.mapChunksEffect(announce),
          Stream.mapEffect((item) => (goesOn() ? perform(item) : Effect.void), { concurrency, unordered: true }),
          Stream.runDrain
        )
    yield* journal.sync
    const report = counts()
    if (report.rows < total) return yield* new Stopped({ destination: file, rows: report.rows })
    return { ...report, ...(report.rejected === 0 ? {} : { rejectsFile }) }
  })
