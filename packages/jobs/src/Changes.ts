/**
 * Changes between mirrors: the customers that are new, changed or gone since the previous complete mirror of a table.
 *
 * @since 0.1.0
 */
import type * as SqlClient from "@effect/sql/SqlClient"
import { CustomerId } from "@effect-avara/core/Customer"
import * as Chunk from "effect/Chunk"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { type Database, open, orRefused } from "./internal/database/database.js"
import { Count, decode, Time } from "./internal/database/stored.js"
import * as internal from "./internal/mirror/changes.js"
import { JobId } from "./Job.js"
import type { JobsDatabaseFailed } from "./JobError.js"

/**
 * The schema of the kind of a change. A customer has at most one change in each mirror:
 *
 * - `created`: the previous mirror did not have the customer. In the first mirror of a table, every customer is `created`.
 * - `deactivated`, `reactivated`: `isActive` has changed. Other fields may have changed too.
 * - `changed`: `isActive` is the same, but another field of the response has changed. This includes fields that the library does not know, and
 *   `userCount`, so that adding a user to a customer changes the customer.
 * - `gone`: the customer is no longer in the list. Its row stays in the table, with an older `lastSeenAt`. If it is listed again, it is `created`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Kind = Schema.Literal("created", "changed", "deactivated", "reactivated", "gone")

/**
 * The kind of a change to a customer between two complete mirrors of a table.
 *
 * @since 0.1.0
 * @category models
 */
export type Kind = typeof Kind.Type

/**
 * The schema of a change.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Change = Schema.Struct({
  table: Schema.String,
  jobId: JobId,
  /** The time of the mirror, as in its `Run`. */
  at: Schema.DateTimeUtc,
  id: CustomerId,
  kind: Kind
})

/**
 * A change to one customer that one mirror found. The customer itself is in the table of the mirror.
 *
 * @since 0.1.0
 * @category models
 */
export interface Change extends Schema.Schema.Type<typeof Change> {}

/**
 * The schema of a complete mirror.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Run = Schema.Struct({
  table: Schema.String,
  jobId: JobId,
  /** When the mirror was completed, by the clock of the database. It is later than the `at` of every earlier mirror of the same table. */
  at: Schema.DateTimeUtc,
  /** Whether this is the first mirror of the table, so that every customer counts as `created`. */
  isFirst: Schema.Boolean,
  /** The number of customers in the list. */
  customers: Schema.NonNegativeInt,
  created: Schema.NonNegativeInt,
  changed: Schema.NonNegativeInt,
  deactivated: Schema.NonNegativeInt,
  reactivated: Schema.NonNegativeInt,
  gone: Schema.NonNegativeInt
})

/**
 * A complete mirror, with the number of changes of each kind that it found.
 *
 * @since 0.1.0
 * @category models
 */
export interface Run extends Schema.Schema.Type<typeof Run> {}

/**
 * The changes to read.
 *
 * @since 0.1.0
 * @category options
 */
export interface Options {
  /** The table of the mirrors. */
  readonly table: string
  /** Only changes of mirrors completed after this time, such as the `at` of the last change that you know; all by default. */
  readonly since?: DateTime.DateTime | undefined
}

/**
 * The mirrors to return; all by default.
 *
 * @since 0.1.0
 * @category options
 */
export interface RunsOptions {
  /** Only mirrors of this table. */
  readonly table?: string | undefined
  /** Only the mirror of this job. */
  readonly jobId?: JobId | undefined
}

const StoredRun = Schema.Struct({
  ...Run.fields,
  at: Time,
  isFirst: Schema.compose(Count, Schema.transformLiterals([0, false], [1, true])),
  customers: Count,
  created: Count,
  changed: Count,
  deactivated: Count,
  reactivated: Count,
  gone: Count
})

const decodeRuns = decode(Schema.Array(StoredRun), "avara_mirror_runs")

const decodeChanges = decode(Schema.Array(Schema.Struct({ ...Change.fields, at: Time })), "avara_mirror_changes")

const readRuns = (
  database: Database,
  options: internal.RunsOptions
): Effect.Effect<ReadonlyArray<Run>, JobsDatabaseFailed> =>
  Effect.flatMap(orRefused(internal.selectRuns(database, options)), decodeRuns)

const pageSize = 1000

const read = (
  database: Database,
  table: string,
  from: number,
  until: number
): Stream.Stream<Change, JobsDatabaseFailed> =>
  Stream.paginateChunkEffect({ at: from, id: "" }, (after) =>
    Effect.map(
      Effect.flatMap(orRefused(internal.selectChanges(database, table, after, until, pageSize)), decodeChanges),
      (changes) => {
        const last = changes.length < pageSize ? undefined : changes.at(-1)
        const next = Option.map(Option.fromNullable(last), ({ at, id }) => ({ at: DateTime.toEpochMillis(at), id }))
        return [Chunk.unsafeFromArray(changes), next]
      }
    )
  )

/**
 * Returns the complete mirrors, newest first.
 *
 * @since 0.1.0
 * @category operations
 */
export const runs = (
  options: RunsOptions = {}
): Effect.Effect<ReadonlyArray<Run>, JobsDatabaseFailed, SqlClient.SqlClient> =>
  Effect.flatMap(open, (database) => readRuns(database, options))

/**
 * Emits the changes of the complete mirrors of a table: the oldest mirror first, and within a mirror by id. An interrupted mirror shows
 * nothing until it is complete. If you apply all changes to an empty set, you get the customers of the last mirror.
 *
 * @example
 * ```ts
 * import { Changes } from "@effect-avara/jobs"
 * import * as Console from "effect/Console"
 * import * as DateTime from "effect/DateTime"
 * import * as Stream from "effect/Stream"
 *
 * const program = Changes.stream({ table: "clinics", since: DateTime.unsafeMake("2026-01-01") }).pipe(
 *   Stream.filter(({ kind }) => kind === "gone"),
 *   Stream.runForEach(({ at, id }) => Console.log(`${id} has been gone since ${DateTime.formatIso(at)}`))
 * )
 * ```
 *
 * @since 0.1.0
 * @category operations
 */
export const stream = ({ since, table }: Options): Stream.Stream<Change, JobsDatabaseFailed, SqlClient.SqlClient> => {
  const from = since === undefined ? 0 : DateTime.toEpochMillis(since) + 1
  return Stream.unwrap(Effect.map(open, (database) => read(database, table, from, Number.MAX_SAFE_INTEGER)))
}

/**
 * Emits the changes that one complete mirror found, by id.
 *
 * @since 0.1.0
 * @category operations
 */
export const ofRun = ({
  at,
  table
}: Pick<Run, "at" | "table">): Stream.Stream<Change, JobsDatabaseFailed, SqlClient.SqlClient> => {
  const millis = DateTime.toEpochMillis(at)
  return Stream.unwrap(Effect.map(open, (database) => read(database, table, millis, millis)))
}

/**
 * Emits the changes that the last complete mirror of a table found; nothing if there was no mirror.
 *
 * @example
 * ```ts
 * import { Changes } from "@effect-avara/jobs"
 * import * as Console from "effect/Console"
 * import * as Stream from "effect/Stream"
 *
 * const program = Changes.latest({ table: "clinics" }).pipe(
 *   Stream.runForEach(({ id, kind }) => Console.log(`${kind}: ${id}`))
 * )
 * ```
 *
 * @since 0.1.0
 * @category operations
 */
export const latest = ({
  table
}: Pick<Options, "table">): Stream.Stream<Change, JobsDatabaseFailed, SqlClient.SqlClient> =>
  Stream.unwrap(
    Effect.map(
      Effect.flatMap(open, (database) => readRuns(database, { table, limit: 1 })),
      ([run]) => (run === undefined ? Stream.empty : ofRun(run))
    )
  )
