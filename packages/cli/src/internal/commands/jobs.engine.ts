import * as Jobs from "@effect-avara/jobs/Jobs"
import * as Duration from "effect/Duration"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Client from "../client.js"
import * as Database from "../database.js"
import { isSqlite } from "./export.target.js"
import { fileOf } from "./jobs.database.js"

/** The options of a worker. */
export interface WorkerOptions {
  readonly rate?: number
  readonly lanes?: number
  readonly slots?: number
  readonly keep?: string
}

const keepOf = (keep: string | undefined): Duration.Duration | undefined =>
  keep === "forever" ? Duration.infinity : Option.getOrUndefined(Duration.decodeUnknown(keep))

/** Provides the jobs of the database, and what a worker runs on. */
const databaseLayer = (to: string, { keep, lanes, rate, slots }: WorkerOptions) => {
  const options = { rate, lanes, slots, keep: keepOf(keep) }
  return isSqlite(to)
    ? Jobs.layerSqlite({ ...options, file: fileOf(to) })
    : Layer.provideMerge(Jobs.layerPostgres(options), Database.layer(to))
}

/** Runs a worker on the database for the duration of the scope. */
export const engineLayer = (to: string, options: WorkerOptions) =>
  Jobs.layer.pipe(Layer.provideMerge(databaseLayer(to, options)), Layer.provide(Client.layer()))
