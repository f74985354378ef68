/**
 * A client of the jobs' SQLite file, in addition to its worker.
 *
 * @since 0.1.0
 */
import type * as SqlClient from "@effect/sql/SqlClient"
import type * as Layer from "effect/Layer"
import * as sqlite from "./internal/database/sqlite.js"
import type { JobsDatabaseFailed } from "./JobError.js"

/**
 * The options of a client of an SQLite file.
 *
 * @since 0.1.0
 * @category options
 */
export interface Options {
  /** The path of the file. If it does not exist, it is created so that only its owner can read it. */
  readonly file: string
}

/**
 * Opens the SQLite file of the jobs for `Jobs.layerClient`. Any number of clients can use the file at the same time as its worker.
 *
 * @example
 * ```ts
 * import { Jobs, SqliteClient } from "@effect-avara/jobs"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 *
 * const ended = Effect.flatMap(Jobs.Jobs, (jobs) => jobs.status("job_0123456789abcdef0123456789abcdef")).pipe(
 *   Effect.provide(Layer.provide(Jobs.layerClient, SqliteClient.layer({ file: "avara-jobs.db" })))
 * )
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = ({ file }: Options): Layer.Layer<SqlClient.SqlClient, JobsDatabaseFailed> => sqlite.layer({ file })
