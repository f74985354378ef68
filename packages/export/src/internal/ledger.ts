import type { Issue } from "@effect-avara/core/Issue"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Locked, StorageFailed } from "../ExportError.js"
import type { Item } from "../Work.js"
import type { Journal } from "./journal.js"
import type { Reject } from "./rejects.js"
import type { Settled } from "./settling.js"

/** The progress of a run over the rows of a file. @internal */
export interface BatchProgress {
  /** The number of rows in the file. */
  readonly total: number
  /** The number of rows that the run has finished. */
  readonly rows: number
  readonly done: number
  /** The number of rows that were done before. */
  readonly skipped: number
  readonly rejected: number
  readonly elapsed: Duration.Duration
}

/** A row as it is in its file. @internal */
export interface RawRow {
  readonly line: number
  readonly raw: unknown
}

/** Records the outcome of each row of a run: in the journal, in the rejects and in the counts. @internal */
export interface Ledger {
  /** Whether the row was done before this run. */
  readonly isDone: (line: number) => boolean
  /** Whether an earlier run may have sent the row. */
  readonly wasSent: (line: number) => boolean
  readonly skip: Effect.Effect<void>
  /** Records a row that is not allowed. */
  readonly reject: (row: RawRow, issues: ReadonlyArray<Issue>) => Effect.Effect<void, StorageFailed>
  /** Records durably that a row is about to be sent. */
  readonly start: (item: Pick<Item<unknown>, "line" | "key">) => Effect.Effect<void, StorageFailed | Locked>
  readonly record: (row: RawRow, outcome: Settled) => Effect.Effect<void, StorageFailed | Locked>
  readonly counts: () => Pick<BatchProgress, "rows" | "done" | "skipped" | "rejected">
}

/** The journal, the rejects and the callbacks of a ledger. @internal */
export interface Books {
  readonly total: number
  readonly journal: Journal
  /** Fails as soon as another run has taken over the lock. */
  readonly check: Effect.Effect<void, Locked>
  readonly reject: Reject
  /** The lines that were found on the server. */
  readonly found: ReadonlySet<number>
  readonly onProgress?: ((progress: BatchProgress) => Effect.Effect<void>) | undefined
}

/** @internal */
export const open = ({ check, found, journal, onProgress, reject, total }: Books): Effect.Effect<Ledger> =>
  Effect.map(Clock.currentTimeNanos, (began) => {
    const counts = { done: 0, skipped: 0, rejected: 0 }
    const withRows = () => ({ rows: counts.done + counts.skipped + counts.rejected, ...counts })
    const count = (what: keyof typeof counts) =>
      Effect.flatMap(Clock.currentTimeNanos, (now) => {
        counts[what] += 1
        return onProgress === undefined
          ? Effect.void
          : onProgress({ total, ...withRows(), elapsed: Duration.nanos(now - began) })
      })
    const rejectRow: Ledger["reject"] = ({ line, raw }, issues) =>
      Effect.uninterruptible(Effect.zipRight(reject(line, issues, raw), count("rejected")))
    return {
      isDone: (line) => journal.isDone(line) || found.has(line),
      wasSent: (line) => journal.open.has(line),
      skip: count("skipped"),
      reject: rejectRow,
      start: ({ key, line }) => Effect.zipRight(journal.start(line, key), check),
      record: (row, outcome) =>
        outcome._tag === "Done"
          ? Effect.zipRight(journal.append([{ line: row.line, state: "done", id: outcome.id }]), count("done"))
          : Effect.zipRight(journal.append([{ line: row.line, state: "rejected" }]), rejectRow(row, outcome.issues)),
      counts: withRows
    }
  })
