import { Jobs } from "@effect-avara/jobs/Jobs"
import * as Effect from "effect/Effect"
import { remark } from "../remark.js"
import type { Task } from "../services.js"
import { safe } from "../text.js"
import { type DatabaseOptions, jobsCommand } from "./jobs.database.js"
import type { WorkerOptions } from "./jobs.engine.js"
import { mirrorOf } from "./jobs.submission.js"
import { timeOf } from "./jobs.table.js"
import { work } from "./jobs.work.js"
import { runWorker } from "./jobs.worker.js"

interface Options extends DatabaseOptions, WorkerOptions {
  readonly into?: string
  readonly verify?: "overlap" | "none"
  readonly every?: string
  readonly zone?: string
}

/** Creates the schedule, and prints how to remove it. */
const scheduled = (cron: string, { zone, ...options }: Options) =>
  Effect.gen(function* () {
    const { schedule } = yield* Jobs
    const { name, nextAt } = yield* schedule({ ...mirrorOf(options), cron, zone })
    yield* remark(safe`The schedule ${name} starts its next run at ${timeOf(nextAt)} UTC. To remove the schedule:
  ${jobsCommand(["unschedule", name], options)}`)
  })

/** Mirrors once, or on a schedule until a signal is received. */
export const mirror = ({ every, ...options }: Options): Task =>
  every === undefined
    ? work({ kind: "mirror", ...options }, options)
    : runWorker({ ...options, once: false }, scheduled(every, options))
