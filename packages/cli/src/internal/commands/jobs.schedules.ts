import { Schedule } from "@effect-avara/jobs/Job"
import { Jobs } from "@effect-avara/jobs/Jobs"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { remark } from "../remark.js"
import type { Task } from "../services.js"
import { safe } from "../text.js"
import { type DatabaseOptions, withJobs } from "./jobs.database.js"
import { writeAll } from "./jobs.look.js"
import { scheduleColumns } from "./jobs.table.js"

export const schedules = (options: DatabaseOptions): Task =>
  withJobs(options, () =>
    Effect.flatMap(Jobs, ({ schedules }) =>
      writeAll(Stream.fromIterableEffect(schedules), Schedule, scheduleColumns, "There are no schedules.")
    )
  )

export const unschedule = (name: string, options: DatabaseOptions): Task =>
  withJobs(options, () =>
    Effect.zipRight(
      Effect.flatMap(Jobs, ({ unschedule }) => unschedule(name)),
      remark(safe`The schedule ${name} was removed.`)
    )
  )
