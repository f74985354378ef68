import { Issue } from "@effect-avara/core"
import * as Changes from "@effect-avara/jobs/Changes"
import type { Job, Progress, Reject, Schedule } from "@effect-avara/jobs/Job"
import * as DateTime from "effect/DateTime"
import type { Column, Facts } from "../table.js"
import { integer, oneLine } from "../text.js"

/** Formats a time in UTC, to the second. */
export const timeOf = (time: DateTime.Utc | undefined): string =>
  time === undefined ? "" : DateTime.formatIso(time).slice(0, 19).replace("T", " ")

/** Describes the work of a job. */
export const workOf = ({ kind, operation, subject }: Job): string =>
  kind === "import"
    ? `import ${subject}`
    : kind === "mirror"
      ? `mirror ${subject}`
      : `${operation ?? "bulk"} ${subject}`

const shareOf = ({ done, rejected, total }: Progress): string => {
  if (total === undefined) return integer(done)
  return total === 0 ? "100%" : `${Math.floor(((done + rejected) / total) * 100)}%`
}

export const jobColumns: ReadonlyArray<Column<Job>> = [
  { title: "ID", cell: ({ id }) => id },
  { title: "STATE", cell: ({ state }) => state },
  { title: "PROGRESS", cell: ({ progress }) => shareOf(progress) },
  { title: "REJECTED", cell: ({ progress }) => integer(progress.rejected) },
  { title: "JOB", cell: (job) => oneLine(workOf(job)), isElastic: true },
  { title: "SUBMITTED (UTC)", cell: ({ submittedAt }) => timeOf(submittedAt).slice(0, 16), isSpare: true }
]

const count = (value: number | undefined): string => (value === undefined ? "" : integer(value))

const nonZero = (value: number): string => (value === 0 ? "" : integer(value))

export const jobFacts = (job: Job): Facts => {
  const { failure, progress, waitingFor } = job
  return [
    ["id", job.id],
    ["job", workOf(job)],
    ["state", job.state],
    ["waiting for", waitingFor ?? ""],
    ["failure", failure === undefined ? "" : `${failure.tag}: ${failure.message}`],
    [job.kind === "mirror" ? "customers" : "rows", count(progress.total)],
    ["done", integer(progress.done)],
    ["rejected", integer(progress.rejected)],
    ["in flight", nonZero(progress.sent)],
    ["to do", nonZero(progress.pending)],
    ["run", job.run === 1 ? "" : String(job.run)],
    ["submitted (UTC)", timeOf(job.submittedAt)],
    ["started (UTC)", timeOf(job.startedAt)],
    ["ended (UTC)", timeOf(job.endedAt)]
  ]
}

export const rejectColumns: ReadonlyArray<Column<Reject>> = [
  { title: "LINE", cell: ({ line }) => String(line) },
  { title: "REASON", cell: ({ issues }) => oneLine(Issue.format(issues)), isElastic: true }
]

export const changeColumns: ReadonlyArray<Column<Changes.Change>> = [
  { title: "ID", cell: ({ id }) => id },
  { title: "CHANGE", cell: ({ kind }) => kind },
  { title: "FOUND (UTC)", cell: ({ at }) => timeOf(at) }
]

const changeKinds = Changes.Kind.literals

/** Formats the number of customers by kind of change. */
export const countsOf = (run: Changes.Run): string => {
  const counts = changeKinds.filter((kind) => run[kind] > 0).map((kind) => `${integer(run[kind])} ${kind}`)
  return counts.length === 0 ? "none" : counts.join(", ")
}

export const scheduleColumns: ReadonlyArray<Column<Schedule>> = [
  { title: "NAME", cell: ({ name }) => oneLine(name), isElastic: true },
  { title: "CRON", cell: ({ cron }) => oneLine(cron) },
  { title: "ZONE", cell: ({ zone }) => oneLine(zone) },
  { title: "NEXT (UTC)", cell: ({ nextAt }) => timeOf(nextAt) },
  { title: "LAST JOB", cell: ({ lastJob }) => lastJob ?? "", isSpare: true }
]
