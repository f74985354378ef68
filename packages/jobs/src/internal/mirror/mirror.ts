import * as SqlClient from "@effect/sql/SqlClient"
import type { StreamError } from "@effect-avara/core/AvaraError"
import type { Customers } from "@effect-avara/core/Customers"
import * as Checkpoint from "@effect-avara/export/Checkpoint"
import * as Export from "@effect-avara/export/Export"
import { type DatabaseFailed, type ExportError, Locked } from "@effect-avara/export/ExportError"
import * as Sink from "@effect-avara/export/Sink"
import * as Arr from "effect/Array"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Changes from "../../Changes.js"
import type { JobId } from "../../Job.js"
import { JobsDatabaseFailed } from "../../JobError.js"
import { type Database, open, transaction } from "../database/database.js"
import type { MirrorPayload } from "../database/payload.js"
import { record } from "./changes.js"

/** @internal */
export interface Options {
  readonly jobId: JobId
  readonly payload: typeof MirrorPayload.Type
  /** Returns whether the job was cancelled; it runs every second. */
  readonly isCancelled: Effect.Effect<boolean>
  /** Runs after every page. */
  readonly onProgress: (progress: Export.Progress) => Effect.Effect<void>
}

/**
 * The errors of a mirror. `Stopped`: the job was cancelled. `Locked`: another run has taken the table, so this one ends. `JobsDatabaseFailed`: a
 * later attempt may succeed. `DatabaseFailed`: the table can never be a mirror.
 *
 * @internal
 */
export type MirrorError = StreamError | ExportError | JobsDatabaseFailed

/** The time between two checks of whether the job was cancelled. */
const often = Schedule.spaced("1 second")

const orLater = (error: DatabaseFailed): DatabaseFailed | JobsDatabaseFailed =>
  error.unusable === true ? error : new JobsDatabaseFailed({ reason: "other", detail: error.message })

/** A checkpoint of another job, or one that cannot be used, does not help this job, and a list can shift while it is read. */
const needsBeginning = (error: StreamError | ExportError): boolean =>
  error._tag === "CheckpointRefused" ||
  (error._tag === "BrokenPagination" && (error.reason === "shiftedList" || error.reason === "refusedCursor"))

/** Starts over at most once if the list must be read again from the start, because it may shift again. */
const copy = ({ isCancelled, jobId, onProgress, payload: { table, verify } }: Options) => {
  const pass = (discard: boolean) =>
    Export.run({
      sink: Sink.sql({ table }),
      resume: true,
      discard,
      source: jobId,
      verify,
      onProgress,
      stop: Effect.repeat(isCancelled, { until: (cancelled) => cancelled, schedule: often })
    })
  return pass(false).pipe(
    Effect.catchIf(needsBeginning, () => pass(true)),
    Effect.catchTag("DatabaseFailed", (error) => Effect.fail(orLater(error)))
  )
}

/** The table in which `Sink.sql` keeps its checkpoints. */
const checkpointTable = "avara_export_checkpoint"

const hasCheckpoints = ({ dialect, sql }: Database) =>
  Effect.map(
    dialect === "pg"
      ? sql`SELECT 1 WHERE to_regclass(${checkpointTable}) IS NOT NULL`
      : sql`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ${checkpointTable}`,
    (rows) => rows.length > 0
  )

/** Returns the pass of this job if it is complete. Until the transaction ends, no other run can take the table and mark its rows again. */
const holdPass = ({ sql }: Database, { jobId, payload: { table } }: Options) =>
  Effect.gen(function* () {
    const [row] = yield* sql<{ state: string }>`UPDATE ${sql(checkpointTable)} SET run = run
      WHERE name = ${table} RETURNING state`
    if (row === undefined) return Option.none()
    const checkpoint = yield* Effect.option(Checkpoint.fromText(checkpointTable, row.state))
    return Option.filterMap(checkpoint, ({ fingerprint, position: { endedAt, startedAt } }) =>
      endedAt === undefined || fingerprint["source"] !== jobId
        ? Option.none()
        : Option.some({ table, jobId, lastSeenAt: DateTime.formatIso(startedAt) })
    )
  })

/** Records the mirror if its pass is complete, and only once even if the job runs several times. */
const finish = (database: Database, options: Options) =>
  transaction(
    database,
    Effect.gen(function* () {
      const pass = (yield* hasCheckpoints(database)) ? yield* holdPass(database, options) : Option.none()
      const recorded = Effect.map(Changes.runs({ jobId: options.jobId }), Arr.head)
      const before = yield* recorded
      if (Option.isSome(before) || Option.isNone(pass)) return before
      yield* record(database, pass.value)
      return yield* recorded
    })
  )

/**
 * Copies the list into the table, and records the changes since the last complete mirror. A job that runs again continues where it stopped. A job
 * that runs for the first time starts at the beginning of the list, even if an earlier job left a checkpoint.
 *
 * @internal
 */
export const run = (options: Options): Effect.Effect<Changes.Run, MirrorError, Customers | SqlClient.SqlClient> =>
  Effect.gen(function* () {
    const database = yield* open
    const before = yield* finish(database, options)
    if (Option.isSome(before)) return before.value
    yield* Effect.provideService(copy(options), SqlClient.SqlClient, database.sql)
    const after = yield* finish(database, options)
    if (Option.isSome(after)) return after.value
    return yield* new Locked({ path: options.payload.table, owner: "a later export" })
  })
