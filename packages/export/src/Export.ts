/**
 * Every customer into a file or a table, exactly once, from where the last run stopped.
 *
 * @since 0.1.0
 */

import { withOptions } from "@effect-avara/core/AvaraClient"
import type { StreamError } from "@effect-avara/core/AvaraError"
import type { Customer, StreamPage } from "@effect-avara/core/Customer"
import { Customers } from "@effect-avara/core/Customers"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Fingerprint, Position } from "./Checkpoint.js"
import { CheckpointRefused, type ExportError, Stopped } from "./ExportError.js"
import type { Page, Row, Session } from "./internal/session.js"
import type { Filter, Manifest } from "./Manifest.js"
import type { Sink } from "./Sink.js"

/**
 * How far an export is.
 *
 * @since 0.1.0
 * @category models
 */
export interface Progress {
  /** `listing` while pages come in, `finishing` while the file is written in its format and checked. */
  readonly phase: "listing" | "finishing"
  /** How many customers are written, those of earlier runs included. */
  readonly rows: number
  readonly pages: number
  /** How many customers came again and were dropped. */
  readonly duplicates: number
  /** How many customers the filter left out. */
  readonly skipped: number
  /** How many of the rows earlier runs wrote. */
  readonly resumedRows: number
  /** Since this run began. */
  readonly elapsed: Duration.Duration
}

/**
 * What to export, and where to.
 *
 * @since 0.1.0
 * @category options
 */
export interface Options<R, E = never> {
  readonly sink: Sink<R, E>
  /** Goes on where an unfinished export stopped; begins one if there is none. `false` by default, which refuses an unfinished one. */
  readonly resume?: boolean | undefined
  /** Drops an unfinished export and begins again, whatever `resume` says; `false` by default. */
  readonly discard?: boolean | undefined
  /** Which customers to keep. */
  readonly filter?: Filter | undefined
  /** How many customers a page holds, 1 to 100; 100 by default. */
  readonly limit?: number | undefined
  /**
   * `"overlap"` detects customers that are deleted while the list is read, which would hide others, also between a run and the one that
   * resumes it; `"none"` by default. See `verify` of `StreamParams`.
   */
  readonly verify?: "none" | "overlap" | undefined
  /** Where the list comes from, such as the base URL and a hash of the key: an export of one account is not resumed with another. */
  readonly source?: string | undefined
  /** Runs after every page and as the file is finished. */
  readonly onProgress?: ((progress: Progress) => Effect.Effect<void>) | undefined
  /** Ends the run with `Stopped` when it completes: at the end of a page, without waiting for one on its way. */
  readonly stop?: Effect.Effect<unknown> | undefined
}

const defaultLimit = 100

const fingerprintOf = <R, E>({ filter, limit = defaultLimit, sink, source }: Options<R, E>): Fingerprint => ({
  ...sink.fingerprint,
  limit: String(limit),
  ...(filter?.active === undefined ? {} : { active: String(filter.active) }),
  ...(filter?.createdSince === undefined ? {} : { createdSince: DateTime.formatIso(filter.createdSince) }),
  ...(source === undefined ? {} : { source })
})

const keeps =
  (filter: Filter | undefined) =>
  ({ createdAt, isActive }: Customer): boolean => {
    if (filter?.active !== undefined && filter.active !== isActive) return false
    return (
      filter?.createdSince === undefined ||
      (createdAt !== null && DateTime.greaterThanOrEqualTo(createdAt, filter.createdSince))
    )
  }

const lastIdOf = ({ expressCustomers }: StreamPage): Pick<Position, "lastId"> => {
  const last = expressCustomers.at(-1)
  return last === undefined ? {} : { lastId: last.expressCustomerId }
}

const positionAfter = (before: Position, page: StreamPage, rows: number, now: DateTime.Utc): Position => ({
  ...before,
  ...lastIdOf(page),
  rows: before.rows + rows,
  pages: before.pages + 1,
  duplicates: before.duplicates + page.duplicates,
  skipped: before.skipped + page.expressCustomers.length - rows,
  ...(page.hasMore && page.cursor !== undefined
    ? { cursor: page.cursor, firstCursor: before.firstCursor ?? page.cursor }
    : { endedAt: now })
})

const toPage = (before: Position, page: StreamPage, keep: (customer: Customer) => boolean, now: DateTime.Utc): Page => {
  const all = page.expressCustomers.map((customer, index): Row => ({ customer, received: page.received[index] }))
  const rows = all.filter(({ customer }) => keep(customer))
  const skipped = all.filter(({ customer }) => !keep(customer)).map(({ customer }) => customer.expressCustomerId)
  return { rows, skipped, position: positionAfter(before, page, rows.length, now) }
}

/** A server that refuses the cursor of an earlier run refuses it every time. */
const isExpired = (error: StreamError): boolean => error._tag === "BrokenPagination" && error.reason === "refusedCursor"

const pagesOf = <R, E>(
  { limit = defaultLimit, sink, verify }: Options<R, E>,
  { position: { cursor, lastId }, seen }: Session<E>
) =>
  Stream.unwrap(
    Effect.map(Customers, (customers) => {
      if (cursor === undefined) return customers.pages({ limit, seen, verify })
      let isFirst = true
      return customers.pages({ limit, cursor, after: lastId, verify, seen }).pipe(
        Stream.tap(() =>
          Effect.sync(() => {
            isFirst = false
          })
        ),
        Stream.mapError((error) =>
          isFirst && isExpired(error) ? new CheckpointRefused({ path: sink.destination, reason: "expired" }) : error
        )
      )
    })
  )

const readPages = <R, E>(
  options: Options<R, E>,
  session: Session<E>,
  report: (position: Position) => Effect.Effect<void>
) =>
  Effect.gen(function* () {
    const all = pagesOf(options, session)
    // A time that is read as absent would leave its customer out.
    const pages = options.filter?.createdSince === undefined ? all : withOptions({ validation: "strict" })(all)
    const keep = keeps(options.filter)
    let position = session.position
    const append = (page: StreamPage) =>
      Effect.gen(function* () {
        const next = toPage(position, page, keep, yield* DateTime.now)
        yield* session.append(next)
        position = next.position
      })
    const write = (page: StreamPage) =>
      Effect.zipRight(
        Effect.uninterruptible(append(page)),
        Effect.suspend(() => report(position))
      )
    const reading = Stream.runForEach(pages, write)
    const { stop } = options
    yield* (stop === undefined ? reading : Effect.raceFirst(reading, stop)).pipe(
      Effect.onError(() => Effect.ignore(session.save))
    )
    if (position.endedAt !== undefined) return position
    yield* session.save
    return yield* new Stopped({ destination: options.sink.destination, rows: position.rows, pages: position.pages })
  })

/**
 * Writes every customer of the list once, in the list's order, and returns what it wrote.
 *
 * A file appears under its name only when the server said that the list is complete; until then its rows are in the hidden directory
 * `.<file>.avara` beside it. At most every 50 pages or every second, the rows are made durable (fsync), and only then the checkpoint behind
 * them is replaced (write, fsync, rename, fsync of the directory). A run that was killed at any moment resumes from there, and the finished
 * file is byte-for-byte the same. A table takes each page together with its checkpoint in one transaction.
 *
 * @example
 * ```ts
 * import { Export, Sink } from "@effect-avara/export"
 * import { NodeAvara } from "@effect-avara/node"
 * import * as NodeContext from "@effect/platform-node/NodeContext"
 * import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.gen(function*() {
 *   const { rows, sha256 } = yield* Export.run({ sink: Sink.ndjson("customers.ndjson"), resume: true })
 *   yield* Effect.log(`${rows} customers, sha256 ${sha256}`)
 * })
 *
 * program.pipe(Effect.provide([NodeAvara.layerConfig(), NodeContext.layer]), NodeRuntime.runMain)
 * ```
 *
 * @since 0.1.0
 * @category operations
 */
export const run = <R, E = never>(
  options: Options<R, E>
): Effect.Effect<Manifest, StreamError | ExportError | E, Customers | R> =>
  Effect.gen(function* () {
    const began = yield* Clock.currentTimeNanos
    const { discard = false, filter, resume = false, sink } = options
    const start = { fingerprint: fingerprintOf(options), resume, discard, filter }
    return yield* sink.withSession(start, (session) =>
      Effect.gen(function* () {
        const reportAs = (phase: Progress["phase"]) => (position: Position) =>
          options.onProgress === undefined
            ? Effect.void
            : Effect.flatMap(Clock.currentTimeNanos, (now) =>
                Effect.suspend(
                  () => options.onProgress?.(progressOf(phase, position, session.position, now - began)) ?? Effect.void
                )
              )
        const position =
          session.position.endedAt === undefined
            ? yield* readPages(options, session, reportAs("listing"))
            : session.position
        yield* reportAs("finishing")(position)
        return yield* session.finish
      })
    )
  }).pipe(Effect.withSpan("Export.run"))

const progressOf = (
  phase: Progress["phase"],
  { duplicates, pages, rows, skipped }: Position,
  resumed: Position,
  nanos: bigint
): Progress => ({
  phase,
  rows,
  pages,
  duplicates,
  skipped,
  resumedRows: resumed.rows,
  elapsed: Duration.nanos(nanos)
})
