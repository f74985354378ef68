/**
 * Bulk work as durable jobs: submitted once, done on any worker, watched and cancelled from anywhere.
 *
 * @since 0.1.0
 */
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
 * What a file cannot be submitted for.
 *
 * @since 0.1.0
 * @category models
 */
export type SubmitError = Validation | InputRefused | StorageFailed | AlreadySubmitted | JobsDatabaseFailed

/**
 * Hands work over, and says what became of it. It needs the database alone: workers may run anywhere, or not yet.
 *
 * @since 0.1.0
 * @category models
 */
export interface JobsService {
  readonly submitImport: (
    options: ImportOptions
  ) => Effect.Effect<JobId, SubmitError, FileSystem.FileSystem | Path.Path>
  readonly submitBulk: (options: BulkOptions) => Effect.Effect<JobId, SubmitError, FileSystem.FileSystem | Path.Path>
  readonly submitMirror: (
    options: MirrorOptions
  ) => Effect.Effect<JobId, Validation | AlreadySubmitted | JobsDatabaseFailed>
  /** Writes a schedule, as `MirrorJob.nightly` does, and returns it. */
  readonly schedule: (options: ScheduleOptions) => Effect.Effect<Schedule, ScheduleRefused | JobsDatabaseFailed>
  /** By their names. */
  readonly schedules: Effect.Effect<ReadonlyArray<Schedule>, JobsDatabaseFailed>
  /** Removes a schedule; a job that it submitted goes on. Fails with `ScheduleRefused` if there is none of this name. */
  readonly unschedule: (name: string) => Effect.Effect<void, ScheduleRefused | JobsDatabaseFailed>
  readonly status: (id: string) => Effect.Effect<Job, JobNotFound | JobsDatabaseFailed>
  /** The newest first. */
  readonly list: (options?: ListOptions) => Stream.Stream<Job, JobsDatabaseFailed>
  /** The job now, and whenever it has changed, at most once a second, until it has ended. */
  readonly watch: (id: string) => Stream.Stream<Job, JobNotFound | JobsDatabaseFailed>
  /** How far the job was, from its first second on; older samples are further apart. */
  readonly samples: (id: string) => Effect.Effect<ReadonlyArray<Sample>, JobNotFound | JobsDatabaseFailed>
  /** The rejected rows, in the order of their lines. */
  readonly rejects: (id: string, options?: RejectsOptions) => Stream.Stream<Reject, JobNotFound | JobsDatabaseFailed>
  /** Begins no further row. The job is `cancelled` when what was sent has come to its end, and can be retried then. */
  readonly cancel: (id: string) => Effect.Effect<Job, JobNotFound | NotPossible | JobsDatabaseFailed>
  /** Goes on with a job that failed or was cancelled, or sends the rows again that the server refused. */
  readonly retry: (id: string) => Effect.Effect<Job, JobNotFound | NotPossible | JobsDatabaseFailed>
}

/**
 * The durable jobs of a database.
 *
 * @since 0.1.0
 * @category tags
 */
export class Jobs extends Context.Tag("@effect-avara/jobs/Jobs")<Jobs, JobsService>() {}

/**
 * Uses the jobs of the database of the `SqlClient`, SQLite or PostgreSQL. It makes their tables where they do not exist, and fails with
 * `JobsDatabaseFailed` if it may not, or if another version of this library made them.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make: Effect.Effect<JobsService, JobsDatabaseFailed, SqlClient.SqlClient> = Effect.map(open, client.make)

/**
 * The jobs of a database, without a worker: it submits, watches, cancels and retries, and does no row itself.
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
 * @since 0.1.0
 * @category options
 */
export interface SqliteOptions extends WorkerOptions {
  /** The database; it is made if it does not exist, so that only its owner can read it. */
  readonly file: string
}

export {
  /**
   * What a worker runs on. The layers of the databases provide it, and `Jobs.layer` needs it.
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
 * The jobs of a PostgreSQL database, and what any number of workers on any number of machines runs on. The pool of the client should have 8
 * connections or more.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerPostgres = (
  options: WorkerOptions = {}
): Layer.Layer<Jobs | engine.Engine, JobsDatabaseFailed | ConfigError, SqlClient.SqlClient> =>
  layerDatabase(options, { address: Effect.sync(engine.uniqueAddress) })

/**
 * The jobs of an SQLite file, and what one worker runs on; the second worker of a file fails with `JobsDatabaseFailed`. Other programs may
 * submit and watch meanwhile.
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
 * Jobs in the memory of this process, for tests.
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
 * A worker, which does the jobs of the database until its scope ends. Rows that it has sent get 3 seconds then; what has no response by that
 * time is looked for before it is sent again.
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
