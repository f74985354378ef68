/**
 * A copy of the list of customers in a table, kept by a durable job.
 *
 * @since 0.1.0
 */
import type * as SqlClient from "@effect/sql/SqlClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { open } from "./internal/database/database.js"
import { MirrorPayload } from "./internal/database/payload.js"
import * as jobWorkflow from "./internal/run/jobWorkflow.js"
import type { ScheduleOptions } from "./internal/store/options.js"
import * as schedules from "./internal/store/schedules.js"
import type { JobsDatabaseFailed, ScheduleRefused } from "./JobError.js"

/**
 * What a mirror is.
 *
 * @since 0.1.0
 * @category models
 */
export const Payload = MirrorPayload

/**
 * @since 0.1.0
 * @category models
 */
export type Payload = typeof Payload.Type

/**
 * The workflow of one run of the job, by its id and the number of the run. The workers execute it: to have work done, submit it with `Jobs`.
 *
 * @since 0.1.0
 * @category workflows
 */
export const workflow = jobWorkflow.make("Avara/MirrorJob", Payload)

/**
 * @since 0.1.0
 */
export type { ScheduleOptions } from "./internal/store/options.js"

/**
 * Schedules a mirror: at each tick of a cron expression, the workers of the database submit it as a job, once over all of them. Every replica of a
 * service can have this layer.
 *
 * - A tick is skipped, with a warning in the log, if the mirror of the tick before has not ended.
 * - Ticks that pass while no worker runs are made up for by one mirror when a worker is back.
 * - A tick in an hour that summer time leaves out comes an hour later. An hour that comes twice has its ticks once.
 * - Times are those of the database. If its clock is set back, no tick comes twice.
 *
 * The schedule is a row of the database. It stays there when the layer is gone: `unschedule` of `Jobs` removes it. Writing it again as it was
 * changes nothing, and with another expression or zone it begins anew.
 *
 * @example
 * ```ts
 * import * as PgClient from "@effect/sql-pg/PgClient"
 * import { MirrorJob } from "@effect-avara/jobs"
 * import * as Config from "effect/Config"
 * import * as Layer from "effect/Layer"
 *
 * const Nightly = MirrorJob.nightly({ cron: "0 2 * * *", zone: "Europe/Berlin", table: "clinics" }).pipe(
 *   Layer.provide(PgClient.layerConfig({ url: Config.redacted("DATABASE_URL") }))
 * )
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const nightly = (
  options: ScheduleOptions
): Layer.Layer<never, ScheduleRefused | JobsDatabaseFailed, SqlClient.SqlClient> =>
  Layer.effectDiscard(Effect.flatMap(open, (database) => schedules.put(database, options)))
