import * as Changes from "@effect-avara/jobs/Changes"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { ExitCode } from "../../ExitCode.js"
import { CommandFailed, Hinted } from "../failure.js"
import { remark } from "../remark.js"
import type { Task } from "../services.js"
import { safe } from "../text.js"
import { type DatabaseOptions, jobsCommand, withJobs } from "./jobs.database.js"
import { writeAll } from "./jobs.look.js"
import { changeColumns, countsOf, timeOf } from "./jobs.table.js"

interface Options extends DatabaseOptions {
  readonly since?: Date
}

const notMirrored = (table: string, options: DatabaseOptions) =>
  new Hinted({
    failure: new CommandFailed({
      code: ExitCode.notFound,
      message: `the table ${table} has no complete mirror`
    }),
    hint: safe`To create one:\n  ${jobsCommand(["mirror", "--into", table], options)}`
  })

/** Writes the changes that the last complete mirror found, or all mirrors since a time. */
export const changes = (table: string, { since, ...options }: Options): Task =>
  withJobs(options, () =>
    Effect.gen(function* () {
      const [last] = yield* Changes.runs({ table })
      if (last === undefined) return yield* notMirrored(table, options)
      const found =
        since === undefined ? Changes.ofRun(last) : Changes.stream({ table, since: DateTime.unsafeMake(since) })
      yield* writeAll(
        found,
        Changes.Change,
        changeColumns,
        since === undefined ? undefined : "There are no changes since then."
      )
      if (since === undefined)
        yield* remark(safe`Changes of the last mirror (${timeOf(last.at)} UTC): ${countsOf(last)}`)
    })
  )
