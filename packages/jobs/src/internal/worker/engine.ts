import { hostname } from "node:os"
import * as ClusterWorkflowEngine from "@effect/cluster/ClusterWorkflowEngine"
import type { MessageStorage } from "@effect/cluster/MessageStorage"
import { RunnerAddress } from "@effect/cluster/RunnerAddress"
import * as RunnerHealth from "@effect/cluster/RunnerHealth"
import * as Runners from "@effect/cluster/Runners"
import * as Sharding from "@effect/cluster/Sharding"
import * as ShardingConfig from "@effect/cluster/ShardingConfig"
import * as SqlMessageStorage from "@effect/cluster/SqlMessageStorage"
import * as SqlRunnerStorage from "@effect/cluster/SqlRunnerStorage"
import * as SqlClient from "@effect/sql/SqlClient"
import { SqlError } from "@effect/sql/SqlError"
import type { WorkflowEngine } from "@effect/workflow/WorkflowEngine"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import { JobsDatabaseFailed } from "../../JobError.js"
import { type Database, orRefused, refused } from "../database/database.js"
import { enginePrefix } from "../database/tables.js"
import type { Settings } from "../run/settings.js"
import { oneByOne } from "./oneByOne.js"

/** The name by which workers know each other; nothing connects to it. @internal */
export interface Address {
  readonly host: string
  readonly port: number
}

/** The parts of a worker, for internal use only. */
export interface EngineService {
  /** @internal */
  readonly database: Database
  /** @internal */
  readonly settings: Settings
  /**
   * The time between two rounds of the dispatcher.
   *
   * @internal
   */
  readonly every: Duration.DurationInput
  /** @internal */
  readonly address: Effect.Effect<Address>
  /**
   * Keeps other workers away if the database allows only one.
   *
   * @internal
   */
  readonly lock: Effect.Effect<void, JobsDatabaseFailed, Scope.Scope>
}

/**
 * The engine that a worker runs on. The layers of the databases provide it, and `Jobs.layer` needs it.
 *
 * @since 0.1.0
 * @category tags
 */
export class Engine extends Context.Tag("@effect-avara/jobs/Engine")<Engine, EngineService>() {}

/** The settings that depend on the kind of database. @internal */
export interface Means {
  readonly address: Effect.Effect<Address>
  readonly lock?: Effect.Effect<void, JobsDatabaseFailed, Scope.Scope>
  readonly every?: Duration.DurationInput
}

/** The address of the only worker of a file, so that a restarted worker replaces a killed one immediately. @internal */
export const fixedAddress: Address = { host: "avara-jobs", port: 1 }

/** Returns an address that no other process has, even in another container with the same process id. @internal */
export const uniqueAddress = (): Address => ({
  host: `${hostname()}-${crypto.randomUUID()}`,
  port: process.pid
})

/** A dead worker is detected when its locks expire. All workers of a database must have the same number of shards. */
const sharding = (address: Address) =>
  ShardingConfig.layer({
    runnerAddress: Option.some(RunnerAddress.make(address)),
    shardsPerGroup: 64,
    shardLockExpiration: "4 seconds",
    shardLockRefreshInterval: "1 second",
    // All clusters in the database would share the advisory locks.
    shardLockDisableAdvisory: true,
    runnerHealthCheckInterval: "1 second",
    refreshAssignmentsInterval: "500 millis",
    entityMessagePollInterval: "500 millis",
    entityTerminationTimeout: "3 seconds"
  })

/** The engine creates its tables at each start, for which PostgreSQL requires the right to create them even if they exist. */
const withAdvice = (error: JobsDatabaseFailed): JobsDatabaseFailed =>
  error.reason === "denied"
    ? new JobsDatabaseFailed({
        reason: "denied",
        detail: `${error.detail}; a worker needs CREATE on it, even if the tables exist; GRANT CREATE`
      })
    : error

/** The engine reports an error of the database during the creation of its tables as a defect. */
const refusedBy = (cause: Cause.Cause<SqlError>): JobsDatabaseFailed => {
  const error = Cause.squash(cause)
  if (error instanceof SqlError) return withAdvice(refused(error))
  return new JobsDatabaseFailed({
    reason: "other",
    detail: error instanceof Error ? error.message : "it cannot be used"
  })
}

/** Workers that start at the same time on an empty database may conflict while they create the tables. */
const again = Schedule.intersect(Schedule.recurs(4), Schedule.jittered(Schedule.spaced("300 millis")))

/** Suppresses warnings of the engine about expected events, such as the last worker stopping, or a lock taken a moment later. */
const quietly = <A, E, R>(layer: Layer.Layer<A, E, R>): Layer.Layer<A, E, R> =>
  Layer.scopedContext(Logger.withMinimumLogLevel(Layer.build(layer), LogLevel.Error))

const enough = "10 seconds"

/** The engine reserves one connection of PostgreSQL, and would wait forever for another one. @internal */
export const checkPool = ({ dialect, sql }: Database): Effect.Effect<void, JobsDatabaseFailed> => {
  if (dialect === "sqlite") return Effect.void
  const detail = `there was no second connection within ${enough}; set the pool of the client to 8 connections or more`
  return Effect.scoped(Effect.zipRight(sql.reserve, sql`SELECT 1`)).pipe(
    orRefused,
    Effect.timeoutFail({ duration: enough, onTimeout: () => new JobsDatabaseFailed({ reason: "other", detail }) }),
    Effect.asVoid
  )
}

/** Runs the engine on its own tables. Workers know about each other only through these tables. @internal */
export const layerCluster = (
  { sql }: Database,
  address: Address
): Layer.Layer<WorkflowEngine | Sharding.Sharding | MessageStorage, JobsDatabaseFailed> =>
  ClusterWorkflowEngine.layer.pipe(
    Layer.provideMerge(Sharding.layer),
    Layer.provide(Runners.layerNoop),
    Layer.provideMerge(SqlMessageStorage.layerWith({ prefix: enginePrefix })),
    Layer.provide([SqlRunnerStorage.layerWith({ prefix: enginePrefix }), RunnerHealth.layerNoop]),
    Layer.provide(sharding(address)),
    Layer.provide(Layer.succeed(SqlClient.SqlClient, oneByOne(sql))),
    Layer.catchAllCause((cause) =>
      Cause.isInterruptedOnly(cause) ? Layer.failCause(Cause.empty) : Layer.fail(refusedBy(cause))
    ),
    Layer.retry(again),
    quietly
  )
