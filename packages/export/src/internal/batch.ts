import type * as FileSystem from "@effect/platform/FileSystem"
import type * as Path from "@effect/platform/Path"
import { Validation } from "@effect-avara/core/AvaraError"
import type { Issue } from "@effect-avara/core/Issue"
import * as Clock from "effect/Clock"
import type * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { type ImportError, InputRefused, Stopped } from "../ExportError.js"
import type { Encoding } from "./encoding.js"
import { formatOf, type InputFormat, readRows, type Source } from "./input.js"
import type { Fields, InputRow } from "./inputRow.js"
import * as journals from "./journal.js"
import * as lock from "./lock.js"
import * as rejects from "./rejects.js"
import { checkKind, type Sums, watch } from "./textFile.js"

/** How far a run over the rows of a file is. @internal */
export interface BatchProgress {
  /** How many rows the file has. */
  readonly total: number
  /** How many of them are behind the run. */
  readonly rows: number
  readonly done: number
  /** How many were done before. */
  readonly skipped: number
  readonly rejected: number
  readonly elapsed: Duration.Duration
}

/** @internal */
export interface BatchOptions {
  readonly file: string
  readonly format?: InputFormat | undefined
  readonly encoding?: Encoding | undefined
  readonly dryRun?: boolean | undefined
  readonly resume?: boolean | undefined
  readonly lookFirst?: boolean | undefined
  readonly concurrency?: number | undefined
  readonly onProgress?: ((progress: BatchProgress) => Effect.Effect<void>) | undefined
  readonly stop?: Effect.Effect<unknown> | undefined
}

/** A row that is ready to be sent. @internal */
export interface Item<A> {
  readonly line: number
  readonly raw: unknown
  readonly value: A
  /** What tells the row's customer or membership from every other. */
  readonly key: string
  /** Whether an earlier run may have sent it. */
  readonly wasStarted: boolean
}

/** What to do with the rows of a file. @internal */
export interface Work<A, E, R> {
  readonly operation: string
  readonly required: ReadonlyArray<string>
  readonly decode: (fields: Fields) => Either.Either<A, ReadonlyArray<Issue>>
  /** What the row itself says that no other row may say, and what that is called. */
  readonly identity: (value: A) => Option.Option<string>
  readonly identityName: string
  readonly keyOf: (value: A, line: number, fileHash: string) => string
  /** Looks which rows are done, by their lines and keys, and returns the lines with the ids. */
  readonly look: (
    rows: ReadonlyMap<number, string>,
    wasSent: boolean
  ) => Effect.Effect<ReadonlyMap<number, string>, E, R>
  /** Does a row, or says why the server does not want it. */
  readonly perform: (item: Item<A>) => Effect.Effect<Either.Either<string, ReadonlyArray<Issue>>, E, R>
}

/** @internal */
export interface BatchReport {
  readonly rows: number
  readonly done: number
  readonly skipped: number
  /** How many of the skipped rows were found on the server. */
  readonly found: number
  readonly rejected: number
  /** Where the rejected rows are, with line numbers and reasons, if there are any. */
  readonly rejectsFile?: string
}

type Platform = FileSystem.FileSystem | Path.Path

const defaultConcurrency = 4

const maxConcurrency = 1000

const checkConcurrency = (operation: string, concurrency: number) =>
  Number.isSafeInteger(concurrency) && concurrency >= 1 && concurrency <= maxConcurrency
    ? Effect.void
    : notAllowed(operation, "concurrency", `expected an integer from 1 to ${maxConcurrency}`)

/** An option that is not allowed, before anything is read or sent. @internal */
export const notAllowed = (operation: string, option: string, message: string) =>
  Effect.fail(new Validation({ operation, attempts: 0, source: "client", issues: [{ path: [option], message }] }))

/** Counts as rows are behind the run, and tells. */
const makeTally = ({ onProgress }: BatchOptions, total: number) =>
  Effect.map(Clock.currentTimeNanos, (began) => {
    const counts = { done: 0, skipped: 0, rejected: 0 }
    const rows = () => counts.done + counts.skipped + counts.rejected
    const count = (what: keyof typeof counts) =>
      Effect.flatMap(Clock.currentTimeNanos, (now) => {
        counts[what] += 1
        return onProgress === undefined
          ? Effect.void
          : onProgress({ total, rows: rows(), ...counts, elapsed: Duration.nanos(now - began) })
      })
    return { count, counts: () => ({ rows: rows(), ...counts }) }
  })

const decoded = <A, E, R>(work: Work<A, E, R>, { fields }: InputRow) => Either.flatMap(fields, work.decode)

const maxPairs = 10

/** What a run knows of a file before it sends anything. */
interface Scan {
  readonly total: number
  readonly sums: Sums
  readonly sha256: string
  /** The lines of the rows that are allowed, with their keys, if they are looked for. */
  readonly keys: ReadonlyMap<number, string>
}

/** Finds rows that are the same to the server. */
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

/** Reads the whole file, so that one that cannot be used to its end is refused before anything is sent. */
const scan = <A, E, R>(source: Source, work: Work<A, E, R>, keepsRows: boolean) =>
  Effect.gen(function* () {
    const seen = watch(source.file)
    const repeats = makeRepeats(source.file, work)
    const rows = new Map<number, A>()
    let total = 0
    yield* Stream.runForEach(readRows(source, seen), (row) =>
      Effect.sync(() => {
        total += 1
        const value = decoded(work, row)
        if (Either.isLeft(value)) return
        repeats.see(row.line, value.right)
        if (keepsRows) rows.set(row.line, value.right)
      })
    )
    yield* repeats.check
    const sha256 = seen.sha256()
    const keys = new Map(Array.from(rows, ([line, value]) => [line, work.keyOf(value, line, sha256)]))
    const scanned: Scan = { total, sums: seen.sums(), sha256, keys }
    return scanned
  })

const noJournal: journals.Journal = {
  isDone: () => false,
  open: new Map(),
  start: () => Effect.void,
  append: () => Effect.void,
  sync: Effect.void
}

/** Finds on the server what an earlier run may have sent, and what else is looked for. */
const lookFor = <A, E, R>(work: Work<A, E, R>, journal: journals.Journal, { keys }: Scan) =>
  Effect.gen(function* () {
    const wanted = new Map([...keys, ...journal.open].filter(([line]) => !journal.isDone(line)))
    if (wanted.size === 0) return new Set<number>()
    const found = yield* work.look(wanted, journal.open.size > 0)
    yield* journal.append(Array.from(found, ([line, id]) => ({ line, state: "done" as const, id })))
    return new Set(found.keys())
  })

/** Does the work for every row of a file that no earlier run has done, and keeps the journal. @internal */
export const run = <A, E, R>(
  name: string,
  options: BatchOptions,
  work: Work<A, E, R>
): Effect.Effect<BatchReport, E | ImportError | Validation, R | Platform> =>
  Effect.zipRight(
    checkConcurrency(name, options.concurrency ?? defaultConcurrency),
    Effect.flatMap(Effect.context<R>(), (context) => Effect.scoped(runScoped(options, provided(work, context))))
  )

const provided = <A, E, R>(work: Work<A, E, R>, context: Context.Context<R>): Work<A, E, never> => ({
  ...work,
  look: (rows, wasSent) => Effect.provide(work.look(rows, wasSent), context),
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

const openFile = (
  { dryRun = false, encoding, file, format, resume = false }: BatchOptions,
  required: Source["required"]
) =>
  Effect.gen(function* () {
    yield* checkKind(file)
    const source: Source = { file, encoding, required, format: yield* formatOf(file, format) }
    const { check } = yield* lock.acquire(`${file}.journal.lock`)
    const openJournal = (operation: string, sha256: string) =>
      dryRun
        ? Effect.succeed(noJournal)
        : journals.open(`${file}.journal.ndjson`, { operation, file: sha256, resume, check })
    return { source, check, openJournal }
  })

const runScoped = <A, E>(options: BatchOptions, work: Work<A, E, never>) =>
  Effect.gen(function* () {
    const { concurrency = defaultConcurrency, dryRun = false, file, lookFirst = false, stop } = options
    const { check, openJournal, source } = yield* openFile(options, work.required)
    const scanned = yield* scan(source, work, lookFirst)
    const { sha256, sums, total } = scanned
    const rejectsFile = `${file}.rejects.ndjson`
    yield* rejects.checkOwn(rejectsFile)
    const journal = yield* openJournal(work.operation, sha256)
    const found = yield* lookFor(work, journal, scanned)
    const reject = yield* rejects.open(rejectsFile)
    const { count, counts } = yield* makeTally(options, total)

    const rejectRow = ({ line, raw }: { readonly line: number; readonly raw: unknown }, issues: ReadonlyArray<Issue>) =>
      Effect.uninterruptible(Effect.zipRight(reject(line, issues, raw), count("rejected")))

    const toItem = (row: InputRow) =>
      Effect.gen(function* () {
        if (journal.isDone(row.line) || found.has(row.line)) return yield* Effect.as(count("skipped"), Option.none())
        const value = decoded(work, row)
        if (Either.isLeft(value)) return yield* Effect.as(rejectRow(row, value.left), Option.none())
        const key = work.keyOf(value.right, row.line, sha256)
        const item: Item<A> = { ...row, value: value.right, key, wasStarted: journal.open.has(row.line) }
        return Option.some(item)
      })

    const record = (item: Item<A>) =>
      Either.match({
        onLeft: (issues: ReadonlyArray<Issue>) =>
          Effect.zipRight(journal.append([{ line: item.line, state: "rejected" }]), rejectRow(item, issues)),
        onRight: (id: string) =>
          Effect.zipRight(journal.append([{ line: item.line, state: "done", id }]), count("done"))
      })

    const perform = (item: Item<A>) =>
      journal
        .start(item.line, item.key)
        .pipe(Effect.zipRight(check), Effect.zipRight(work.perform(item)), Effect.flatMap(record(item)))

    const items = Stream.filterMapEffect(readRows(source, watch(file, sums)), (row) => Option.some(toItem(row))).pipe(
      Stream.filterMap((item) => item)
    )
    const goesOn = yield* untilStopped(stop)
    yield* dryRun
      ? Stream.runForEach(items, () => count("done"))
      : items.pipe(
          Stream.takeWhile(goesOn),
          Stream.mapEffect((item) => (goesOn() ? perform(item) : Effect.void), { concurrency, unordered: true }),
          Stream.runDrain
        )
    yield* journal.sync
    const report = { ...counts(), found: found.size }
    if (report.rows < total) return yield* new Stopped({ destination: file, rows: report.rows })
    return { ...report, ...(report.rejected === 0 ? {} : { rejectsFile }) }
  })
