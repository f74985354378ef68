/**
 * Exports: every customer once, into a file or a table. A stopped export can be resumed.
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
 * The progress of an export.
 *
 * @since 0.1.0
 * @category models
 */
export interface Progress {
  /** `listing` while pages are read, `finishing` while the file is written in its format and checked. */
  readonly phase: "listing" | "finishing"
  /** The number of customers written, including those of earlier runs. */
  readonly rows: number
  /** The number of pages read, including those of earlier runs. */
  readonly pages: number
  /** The number of repeated customers that were dropped. */
  readonly duplicates: number
  /** The number of customers that the filter left out. */
  readonly skipped: number
  /** The number of `rows` that earlier runs wrote. */
  readonly resumedRows: number
  /** The time since this run started. */
  readonly elapsed: Duration.Duration
}

/**
 * The options of an export.
 *
 * @since 0.1.0
 * @category options
 */
export interface Options<R, E = never> {
  /** The file, the table or the stream to write to. */
  readonly sink: Sink<R, E>
  /**
   * Whether to continue an unfinished export where it stopped; if there is none, a new one starts. `false` by default, which refuses an
   * unfinished export.
   */
  readonly resume?: boolean | undefined
  /** Whether to drop an unfinished export and start over, even if `resume` is set; `false` by default. */
  readonly discard?: boolean | undefined
  /** The customers to keep; all by default. */
  readonly filter?: Filter | undefined
  /** The number of customers per page, 1 to 100; 100 by default. */
  readonly limit?: number | undefined
  /**
   * `"overlap"` detects customers that are deleted while the list is read, because a deletion can hide other customers. It also covers the
   * time between a run and the run that resumes it. `"none"` by default. See `verify` of `StreamParams`.
   */
  readonly verify?: "none" | "overlap" | undefined
  /** The source of the list, such as the base URL and a hash of the key. An export of one source is not resumed with another. */
  readonly source?: string | undefined
  /** Runs after every page and when the export starts to finish the file. */
  readonly onProgress?: ((progress: Progress) => Effect.Effect<void>) | undefined
  /** When this effect completes, the run fails with `Stopped` after a complete page. It does not wait for a page that is on its way. */
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

/** If the server refuses the cursor of an earlier run, it will refuse it every time. */
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
    // A lenient client reads a wrong time as absent, and the filter would leave the customer out.
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
 * Writes every customer in the list once, in the order of the list, and returns the manifest.
 *
 * A file appears under its name only after the server has said that the list is complete. Until then its rows are in the hidden directory
 * `.<file>.avara` next to it. After at most 50 pages or one second, the export makes the rows durable (fsync), and only then replaces the
 * checkpoint (write, fsync, rename, fsync of the directory). You can kill a run at any moment: `resume` continues from the checkpoint, and
 * the finished file is byte-for-byte the same. A table receives each page together with its checkpoint in one transaction.
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
