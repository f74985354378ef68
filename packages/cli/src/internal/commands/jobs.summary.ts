import type * as Changes from "@effect-avara/jobs/Changes"
import { Job } from "@effect-avara/jobs/Job"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { isTable } from "../form.js"
import { Output, say } from "../output.js"
import { remark } from "../remark.js"
import { CurrentSettings } from "../services.js"
import { concat, counted, integer, jsonLine, type SafeText, safe } from "../text.js"
import { verbs } from "./import.verbs.js"
import { type DatabaseOptions, jobsCommand } from "./jobs.database.js"
import { countsOf } from "./jobs.table.js"

interface Summary {
  readonly job: Job
  /** The changes that a mirror found. */
  readonly found: Changes.Run | undefined
  readonly elapsedMillis: number
  readonly retries: number
}

const titleOf = ({ kind, operation, progress, subject }: Job): SafeText => {
  if (kind === "mirror") return safe`Mirrored ${counted(progress.done, "customer")} into the table ${subject}`
  if (progress.total === 0) return safe`${subject} has no rows, so there is nothing to do`
  return safe`${operation === undefined ? "Created customers" : verbs[operation]} from ${subject}`
}

const countLines = ({ done, rejected, total = 0 }: Job["progress"]) =>
  [
    ["rows", integer(total)],
    ["done", integer(done)],
    ["rejected", integer(rejected)]
  ] as const

const toText = ({ elapsedMillis, found, job, retries }: Summary): SafeText => {
  const lines = [
    ...(job.kind === "mirror" ? [] : countLines(job.progress)),
    ...(found === undefined ? [] : [["changes", countsOf(found)] as const]),
    ["elapsed", `${(elapsedMillis / 1000).toFixed(1)} s`] as const,
    ["retries", integer(retries)] as const,
    ["job", job.id] as const
  ]
  return concat([safe`${titleOf(job)}\n`, ...lines.map(([name, value]) => safe`  ${name.padEnd(8)}  ${value}\n`)])
}

const toJson = ({ elapsedMillis, found, job, retries }: Summary): SafeText => {
  const { changed, created, deactivated, gone, reactivated } = found ?? {}
  const changes = found === undefined ? {} : { changes: { created, changed, deactivated, reactivated, gone } }
  return jsonLine({ ...Schema.encodeSync(Job)(job), ...changes, elapsedMillis, retries })
}

/** Prints how to show the rejected rows of a job, if there are any. */
export const sayRejects = ({ id, progress }: Job, options: DatabaseOptions) =>
  progress.rejected === 0
    ? Effect.void
    : say(safe`To show the rejected rows and the reasons:\n  ${jobsCommand(["rejects", id], options)}`)

/** Prints how to start a worker for a job. */
export const sayWorker = (options: DatabaseOptions) =>
  remark(safe`To work on it, start a worker:\n  ${jobsCommand(["worker"], options)}`)

/** Prints how to start a worker, because the database does not show whether one is running. */
export const sayNoWorker = (options: DatabaseOptions) =>
  remark(safe`The job continues while a worker is running. To start one:\n  ${jobsCommand(["worker"], options)}`)

/** Writes the summary of a job that is done. */
export const writeSummary = (summary: Summary, options: DatabaseOptions) =>
  Effect.gen(function* () {
    const { state } = summary.job
    const { quiet } = yield* CurrentSettings
    const { out } = yield* Output
    if (quiet || state !== "done") return
    yield* out.write((yield* isTable) ? toText(summary) : toJson(summary))
    yield* sayRejects(summary.job, options)
  })
