/**
 * Durable jobs: submit bulk work once, let any worker do it, watch and cancel it from anywhere.
 *
 * @since 0.1.0
 */
import "./internal/requireNode.js"
import type * as FileSystem from "@effect/platform/FileSystem"
import type * as Path from "@effect/platform/Path"
import type * as SqlClient from "@effect/sql/SqlClient"
import type { Validation } from "@effect-avara/core/AvaraError"
import type { Customers } from "@effect-avara/core/Customers"
import type { CustomerUsers } from "@effect-avara/core/CustomerUsers"
import type { InputRefused, StorageFailed } from "@effect-avara/export/ExportError"
import type { ConfigError } from "effect/ConfigError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Stream from "effect/Stream"
import { open } from "./internal/database/database.js"
import * as sqlite from "./internal/database/sqlite.js"
import { lockWorker } from "./internal/database/sqliteFile.js"
import { checkSettings, type WorkerOptions } from "./internal/run/settings.js"
import * as client from "./internal/store/client.js"
import type {
  BulkOptions,
  ImportOptions,
  ListOptions,
  MirrorOptions,
  RejectsOptions,
  ScheduleOptions
} from "./internal/store/options.js"
import * as engine from "./internal/worker/engine.js"
import * as worker from "./internal/worker/worker.js"
import type { Job, JobId, Reject, Sample, Schedule } from "./Job.js"
import type { AlreadySubmitted, JobNotFound, JobsDatabaseFailed, NotPossible, ScheduleRefused } from "./JobError.js"

/**
 * @since 0.1.0
 */
export type {
  BulkOptions,
  ImportOptions,
  ListOptions,
  MirrorOptions,
  RejectsOptions
} from "./internal/store/options.js"

/**
 * The errors of submitting a file.
 *
 * @since 0.1.0
 * @category models
 */
export type SubmitError = Validation | InputRefused | StorageFailed | AlreadySubmitted | JobsDatabaseFailed

/**
 * Submits jobs and reports on them. It needs only the database: workers can run anywhere, or start later.
 *
 * @since 0.1.0
 * @category models
 */
export interface JobsService {
  /**
   * Submits the import of a file, and returns the id of the job. Fails with `AlreadySubmitted` if a file with the same content was submitted
   * before with the same `keyName`.
   */
  readonly submitImport: (
    options: ImportOptions
  ) => Effect.Effect<JobId, SubmitError, FileSystem.FileSystem | Path.Path>
  /** Submits a bulk operation. Fails with `AlreadySubmitted` if a job with the same operation and the same content has not ended. */
  readonly submitBulk: (options: BulkOptions) => Effect.Effect<JobId, SubmitError, FileSystem.FileSystem | Path.Path>
  /** Submits a mirror. Fails with `AlreadySubmitted` if a mirror of the same table has not ended. */
  readonly submitMirror: (
    options: MirrorOptions
  ) => Effect.Effect<JobId, Validation | AlreadySubmitted | JobsDatabaseFailed>
  /** Writes a schedule, as `MirrorJob.nightly` does, and returns it. */
  readonly schedule: (options: ScheduleOptions) => Effect.Effect<Schedule, ScheduleRefused | JobsDatabaseFailed>
  /** Returns all schedules, sorted by name. */
  readonly schedules: Effect.Effect<ReadonlyArray<Schedule>, JobsDatabaseFailed>
  /** Removes a schedule; a job that it submitted continues. Fails with `ScheduleRefused` if there is no schedule with this name. */
  readonly unschedule: (name: string) => Effect.Effect<void, ScheduleRefused | JobsDatabaseFailed>
  /** Returns the current state of a job. */
  readonly status: (id: string) => Effect.Effect<Job, JobNotFound | JobsDatabaseFailed>
  /** Emits the jobs, newest first. */
  readonly list: (options?: ListOptions) => Stream.Stream<Job, JobsDatabaseFailed>
  /** Emits the current job, and again after each change, at most once per second, until the job has ended. */
  readonly watch: (id: string) => Stream.Stream<Job, JobNotFound | JobsDatabaseFailed>
  /** Returns the progress of the job over time, starting with its first second. Older samples are further apart. */
  readonly samples: (id: string) => Effect.Effect<ReadonlyArray<Sample>, JobNotFound | JobsDatabaseFailed>
  /** Emits the rejected rows, in the order of their lines. */
  readonly rejects: (id: string, options?: RejectsOptions) => Stream.Stream<Reject, JobNotFound | JobsDatabaseFailed>
  /** Cancels a job: no more rows are started. The job is `cancelled` after the rows that were sent have finished. You can then retry it. */
  readonly cancel: (id: string) => Effect.Effect<Job, JobNotFound | NotPossible | JobsDatabaseFailed>
  /** Continues a job that failed or was cancelled. For a job that is done, sends the refused rows again. */
  readonly retry: (id: string) => Effect.Effect<Job, JobNotFound | NotPossible | JobsDatabaseFailed>
}

/**
 * The durable jobs in a database.
 *
 * @since 0.1.0
 * @category tags
 */
export class Jobs extends Context.Tag("@effect-avara/jobs/Jobs")<Jobs, JobsService>() {}

/**
 * Creates the `Jobs` service for the database of the `SqlClient`, SQLite or PostgreSQL. Creates the tables that do not exist. Fails with
 * `JobsDatabaseFailed` if it has no permission to do so, or if another version of this library created them.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make: Effect.Effect<JobsService, JobsDatabaseFailed, SqlClient.SqlClient> = Effect.map(open, client.make)

/**
 * Provides the jobs in a database without a worker: it submits, watches, cancels and retries jobs, but does no work itself.
 *
 * @example
 * ```ts
 * import * as NodeContext from "@effect/platform-node/NodeContext"
 * import * as PgClient from "@effect/sql-pg/PgClient"
 * import { Jobs } from "@effect-avara/jobs"
 * import * as Config from "effect/Config"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 *
 * const program = Effect.gen(function*() {
 *   const jobs = yield* Jobs.Jobs
 *   const id = yield* jobs.submitImport({ file: "clinics.csv" })
 *   yield* Effect.log(yield* jobs.status(id))
 * })
 *
 * const Database = PgClient.layerConfig({ url: Config.redacted("DATABASE_URL") })
 * const main = program.pipe(Effect.provide([Jobs.layerClient.pipe(Layer.provide(Database)), NodeContext.layer]))
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layerClient: Layer.Layer<Jobs, JobsDatabaseFailed, SqlClient.SqlClient> = Layer.effect(Jobs, make)

/**
 * @since 0.1.0
 */
export type { WorkerOptions } from "./internal/run/settings.js"

/**
 * The options of a worker on an SQLite file.
 *
 * @since 0.1.0
 * @category options
 */
export interface SqliteOptions extends WorkerOptions {
  /** The path of the file. If it does not exist, it is created so that only its owner can read it. */
  readonly file: string
}

export {
  /**
   * The engine that a worker runs on. The layers of the databases provide it, and `Jobs.layer` needs it.
   *
   * @since 0.1.0
   * @category tags
   */
  Engine
} from "./internal/worker/engine.js"

const layerDatabase = (
  options: WorkerOptions,
  { address, every = "1 second", lock = Effect.void }: engine.Means
): Layer.Layer<Jobs | engine.Engine, JobsDatabaseFailed | ConfigError, SqlClient.SqlClient> =>
  Layer.effectContext(
    Effect.gen(function* () {
      const settings = yield* checkSettings(options)
      const database = yield* open
      return Context.make(Jobs, client.make(database)).pipe(
        Context.add(engine.Engine, { database, settings, every, address, lock })
      )
    })
  )

/**
 * Provides the jobs in a PostgreSQL database, and the engine for any number of workers on any number of machines. The pool of the client should
 * have 8 connections or more.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerPostgres = (
  options: WorkerOptions = {}
): Layer.Layer<Jobs | engine.Engine, JobsDatabaseFailed | ConfigError, SqlClient.SqlClient> =>
  layerDatabase(options, { address: Effect.sync(engine.uniqueAddress) })

/**
 * Provides the jobs in an SQLite file, and the engine for one worker. A second worker on the same file fails with `JobsDatabaseFailed`. Other
 * programs can submit and watch jobs at the same time.
 *
 * @example
 * ```ts
 * import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
 * import { Jobs } from "@effect-avara/jobs"
 * import { NodeAvara } from "@effect-avara/node"
 * import * as Layer from "effect/Layer"
 *
 * const Worker = Jobs.layer.pipe(
 *   Layer.provide(Jobs.layerSqlite({ file: "avara-jobs.db" })),
 *   Layer.provide(NodeAvara.layerConfig())
 * )
 *
 * NodeRuntime.runMain(Layer.launch(Worker))
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layerSqlite = ({
  file,
  ...options
}: SqliteOptions): Layer.Layer<Jobs | engine.Engine | SqlClient.SqlClient, JobsDatabaseFailed | ConfigError> =>
  layerDatabase(options, { address: Effect.succeed(engine.fixedAddress), lock: lockWorker(file) }).pipe(
    Layer.provideMerge(sqlite.layer({ file }))
  )

/**
 * Provides jobs in the memory of this process, for tests.
 *
 * @example
 * ```ts
 * import { Jobs } from "@effect-avara/jobs"
 * import * as Layer from "effect/Layer"
 *
 * const WorkerInTests = Jobs.layer.pipe(Layer.provideMerge(Jobs.layerMemory()))
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layerMemory = (
  options: WorkerOptions = {}
): Layer.Layer<Jobs | engine.Engine | SqlClient.SqlClient, JobsDatabaseFailed | ConfigError> =>
  layerDatabase(options, { address: Effect.succeed(engine.fixedAddress), every: "100 millis" }).pipe(
    Layer.provideMerge(sqlite.layer({ file: ":memory:" }))
  )

/**
 * Runs a worker, which does the jobs in the database until its scope closes. When the scope closes, rows that were sent have 3 seconds to finish.
 * If a row has no response by then, a worker looks for its result before it sends the row again.
 *
 * @example
 * ```ts
 * import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
 * import * as PgClient from "@effect/sql-pg/PgClient"
 * import { Jobs } from "@effect-avara/jobs"
 * import { NodeAvara } from "@effect-avara/node"
 * import * as Config from "effect/Config"
 * import * as Layer from "effect/Layer"
 *
 * const Worker = Jobs.layer.pipe(
 *   Layer.provide(Jobs.layerPostgres()),
 *   Layer.provide(NodeAvara.layerConfig()),
 *   Layer.provide(PgClient.layerConfig({ url: Config.redacted("DATABASE_URL") }))
 * )
 *
 * NodeRuntime.runMain(Layer.launch(Worker))
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<never, JobsDatabaseFailed, engine.Engine | Customers | CustomerUsers> = worker.layer
