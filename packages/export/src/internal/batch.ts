import type * as FileSystem from "@effect/platform/FileSystem"
import type * as Path from "@effect/platform/Path"
import { type OutcomeUnknown, Validation } from "@effect-avara/core/AvaraError"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { type ImportError, Stopped } from "../ExportError.js"
import type { Item, Work } from "../Work.js"
import * as journals from "./journal.js"
import * as ledgers from "./ledger.js"
import * as lock from "./lock.js"
import * as rejects from "./rejects.js"
import * as rows from "./rows.js"
import * as settling from "./settling.js"

/** @internal */
export interface BatchOptions extends rows.RowsOptions, Pick<ledgers.Books, "onProgress"> {
  readonly dryRun?: boolean | undefined
  readonly resume?: boolean | undefined
  readonly lookFirst?: boolean | undefined
  readonly concurrency?: number | undefined
  readonly stop?: Effect.Effect<unknown> | undefined
}

/** @internal */
export interface BatchReport {
  readonly rows: number
  readonly done: number
  readonly skipped: number
  /** The number of skipped rows that were found on the server. */
  readonly found: number
  readonly rejected: number
  /** The file with the rejected rows, their line numbers and the reasons; missing if no row was rejected. */
  readonly rejectsFile?: string
}

type Platform = FileSystem.FileSystem | Path.Path

const defaultConcurrency = 4

const maxConcurrency = 1000

const checkConcurrency = (operation: string, concurrency: number) =>
  Number.isSafeInteger(concurrency) && concurrency >= 1 && concurrency <= maxConcurrency
    ? Effect.void
    : notAllowed(operation, "concurrency", `expected an integer from 1 to ${maxConcurrency}`)

/** Refuses an option that is not allowed, before anything is read or sent. @internal */
export const notAllowed = (operation: string, option: string, message: string) =>
  Effect.fail(new Validation({ operation, attempts: 0, source: "client", issues: [{ path: [option], message }] }))

/** Finds on the server the rows that an earlier run may have sent, and the rows with the given keys. */
const lookFor = <A, E>(
  { look, resend, settle }: Work<A, E, never>,
  journal: journals.Journal,
  keys: ReadonlyMap<number, string>
) =>
  Effect.gen(function* () {
    const wanted = new Map([...keys, ...journal.open].filter(([line]) => !journal.isDone(line)))
    if (resend === "safe" || wanted.size === 0) return new Set<number>()
    if (journal.open.size > 0) yield* Effect.sleep(settle)
    const found = yield* look(wanted)
    yield* journal.append(Array.from(found, ([line, id]) => ({ line, state: "done" as const, id })))
    return new Set(found.keys())
  })

/** Does the work for every row that no earlier run has done, and writes the journal. @internal */
export const run = <A, E, R>(
  name: string,
  options: BatchOptions,
  work: Work<A, E, R>
): Effect.Effect<BatchReport, E | OutcomeUnknown | ImportError | Validation, R | Platform> =>
  Effect.zipRight(
    checkConcurrency(name, options.concurrency ?? defaultConcurrency),
    Effect.flatMap(Effect.context<R>(), (context) => Effect.scoped(runScoped(options, provided(work, context))))
  )

const provided = <A, E, R>(work: Work<A, E, R>, context: Context.Context<R>): Work<A, E, never> => ({
  ...work,
  look: (keys) => Effect.provide(work.look(keys), context),
  perform: (item) => Effect.provide(work.perform(item), context)
})

/** Returns a function that checks whether the run may continue. It may until `stop` completes. */
const untilStopped = (stop: Effect.Effect<unknown> = Effect.never) => {
  let continues = true
  const end = Effect.sync(() => {
    continues = false
  })
  return Effect.as(Effect.forkScoped(Effect.zipRight(stop, end)), () => continues)
}

/** Reads the file under its lock, and opens the journal, the rejects and the ledger of the run. */
const openFile = <A, E>(options: BatchOptions, work: Work<A, E, never>) =>
  Effect.gen(function* () {
    const { dryRun = false, file, lookFirst = false, onProgress, resume = false } = options
    const source = yield* rows.sourceOf(options, work)
    const { check } = yield* lock.acquire(`${file}.journal.lock`)
    const { keys, sha256, total, ...checked } = yield* rows.open(source, work, lookFirst)
    const rejectsFile = `${file}.rejects.ndjson`
    yield* rejects.checkOwn(rejectsFile)
    const about = { operation: work.operation, file: sha256, resume, check }
    const journal = dryRun ? journals.none : yield* journals.open(`${file}.journal.ndjson`, about)
    const found = yield* lookFor(work, journal, keys)
    const reject = yield* rejects.open(rejectsFile)
    const ledger = yield* ledgers.open({ total, journal, check, reject, found, onProgress })
    const end = Effect.gen(function* () {
      yield* journal.sync
      const report = { ...ledger.counts(), found: found.size }
      if (report.rows < total) return yield* new Stopped({ destination: file, rows: report.rows })
      return { ...report, ...(report.rejected === 0 ? {} : { rejectsFile }) }
    })
    return { rows: checked.rows, ledger, end }
  })

const runScoped = <A, E>(options: BatchOptions, work: Work<A, E, never>) =>
  Effect.gen(function* () {
    const { concurrency = defaultConcurrency, dryRun = false, stop } = options
    const { end, ledger, rows: checked } = yield* openFile(options, work)

    const toItem = ({ key, line, raw, value }: rows.CheckedRow<A>) =>
      Effect.gen(function* () {
        if (ledger.isDone(line)) return yield* Effect.as(ledger.skip, Option.none())
        if (Either.isLeft(value)) return yield* Effect.as(ledger.reject({ line, raw }, value.left), Option.none())
        return Option.some({ line, raw, key, value: value.right, wasSent: ledger.wasSent(line) })
      })
    const items = Stream.filterMap(Stream.mapEffect(checked, toItem), (item) => item)

    const continues = yield* untilStopped(stop)
    const send = yield* settling.make(work)
    const perform = (item: Item<A> & ledgers.RawRow) =>
      send(item, {
        start: Effect.suspend(() => (continues() ? Effect.as(ledger.start(item), true) : Effect.succeed(false))),
        record: (outcome) => ledger.record(item, outcome)
      })
    yield* dryRun
      ? Stream.runForEach(items, (item) => ledger.record(item, { _tag: "Done", id: "" }))
      : items.pipe(
          Stream.takeWhile(continues),
          Stream.mapEffect(perform, { concurrency, unordered: true }),
          Stream.runDrain
        )
    return yield* end
  })
