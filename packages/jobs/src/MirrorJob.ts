/**
 * Mirror jobs: a durable job keeps a copy of the list of customers in a table.
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
 * The schema of the options of a mirror, which are stored with the job.
 *
 * @since 0.1.0
 * @category models
 */
export const Payload = MirrorPayload

/**
 * The options of a mirror, which are stored with the job.
 *
 * @since 0.1.0
 * @category models
 */
export type Payload = typeof Payload.Type

/**
 * The workflow of one run of the job, identified by the id of the job and the number of the run. Workers execute it. Do not execute it
 * yourself; submit a job with `Jobs`.
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
 * Schedules a mirror: at each tick of a cron expression, the workers of the database submit it as a job, once for all workers together. Every
 * replica of a service can have this layer.
 *
 * - If the mirror of the previous tick has not ended, the tick is skipped, with a warning in the log.
 * - If ticks pass while no worker runs, one mirror replaces all of them as soon as a worker runs again.
 * - A tick in an hour that daylight saving time skips is an hour later. In an hour that occurs twice, each tick happens once.
 * - Times are those of the database. If its clock is set back, no tick happens twice.
 *
 * The schedule is a row of the database and stays there after the layer has closed; `unschedule` of `Jobs` removes it. Writing the same schedule
 * again changes nothing. With another expression or zone, it starts over.
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
