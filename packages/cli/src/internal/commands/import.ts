import { resolve } from "node:path"
import type { FileSystem } from "@effect/platform/FileSystem"
import type { Path } from "@effect/platform/Path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import type { Avara } from "@effect-avara/core"
import * as Bulk from "@effect-avara/export/Bulk"
import type { Stopped } from "@effect-avara/export/ExportError"
import * as Import from "@effect-avara/export/Import"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { ExitCode } from "../../ExitCode.js"
import * as Client from "../client.js"
import { EndedWith, type Failure, Hinted } from "../failure.js"
import { isTable } from "../form.js"
import { Output } from "../output.js"
import * as Progress from "../progress.js"
import { resumeCommand } from "../resume.js"
import { CommandLine, CurrentSettings, Retries, type Task } from "../services.js"
import { stopAtSignal } from "../stopping.js"
import { concat, counted, integer, jsonLine, type SafeText, safe } from "../text.js"
import { verbs } from "./import.verbs.js"

interface Options {
  readonly format?: "csv" | "ndjson"
  readonly encoding?: Import.Encoding
  readonly dryRun?: boolean
  readonly resume?: boolean
  readonly concurrency?: number
  readonly rate?: number
}

/** The result of processing the rows of a file. */
interface Report {
  readonly rows: number
  readonly done: number
  readonly skipped: number
  /** The number of skipped rows that an import found on the server. */
  readonly found?: number
  readonly rejected: number
  readonly rejectsFile?: string
}

type Run = (
  hooks: Pick<Import.RowOptions, "onProgress" | "stop">
) => Effect.Effect<Report, Failure, Avara.Services | FileSystem | Path>

const tallyOf = ({ rejected, rows, skipped, total }: Import.Progress): Progress.Tally => ({
  done: rows,
  before: skipped,
  total,
  facts: rejected === 0 ? [] : [`${integer(rejected)} rejected`]
})

const whenStopped = (progress: Progress.Progress, { rows }: Stopped, again: SafeText) =>
  Effect.zipRight(
    progress.say(safe`Stopped after ${counted(rows, "row")}. To continue:\n  ${again}`),
    Effect.fail(new EndedWith({ code: ExitCode.interrupted }))
  )

const withHint = (failure: Failure, isBegun: boolean, again: SafeText): Failure => {
  if (failure._tag === "JournalRefused" && failure.reason === "exists") {
    return new Hinted({ failure, hint: safe`To continue:\n  ${again}` })
  }
  const isOwn = failure._tag === "EndedWith" || failure._tag === "Locked"
  return isBegun && !isOwn
    ? new Hinted({ failure, hint: safe`The journal has the rows that are done. To continue:\n  ${again}` })
    : failure
}

/** Runs with a progress line, and with a hint about how to continue if the run does not finish. */
const observe = (run: Run, dryRun: boolean) =>
  Effect.gen(function* () {
    const again = resumeCommand(yield* CommandLine)
    const progress = yield* Progress.make("row")
    const stop = yield* stopAtSignal(progress, "after the rows that were already sent")
    let isBegun = false
    const onProgress = (now: Import.Progress) => {
      isBegun = !dryRun
      return progress.update(tallyOf(now))
    }
    return yield* run({ onProgress, stop }).pipe(
      Effect.catchTag("Stopped", (stopped) => whenStopped(progress, stopped, again)),
      Effect.onInterrupt(() => (isBegun ? progress.say(safe`To continue:\n  ${again}`) : Effect.void)),
      Effect.mapError((failure: Failure) => withHint(failure, isBegun, again))
    )
  }).pipe(Effect.scoped)

interface Summary extends Report {
  readonly elapsedMillis: number
  readonly retries: number
  readonly dryRun: boolean
}

const toText = (verb: string, file: string, summary: Summary): SafeText => {
  const { done, dryRun, elapsedMillis, found = 0, rejected, rejectsFile, retries, rows, skipped } = summary
  const lines: ReadonlyArray<readonly [string, string]> = [
    ["rows", integer(rows)],
    [dryRun ? "to do" : "done", integer(done)],
    ["done earlier", integer(skipped) + (found === 0 ? "" : `, ${integer(found)} of them found on the server`)],
    ["rejected", integer(rejected) + (rejectsFile === undefined ? "" : `, see ${rejectsFile}`)],
    ["elapsed", `${(elapsedMillis / 1000).toFixed(1)} s`],
    ["retries", integer(retries)]
  ]
  const title = dryRun ? safe`Checked ${file}; nothing was sent` : safe`${verb} from ${file}`
  const first = rows === 0 ? safe`${file} has no rows, so there is nothing to do` : title
  return concat([safe`${first}\n`, ...lines.map(([name, value]) => safe`  ${name.padEnd(12)}  ${value}\n`)])
}

const writeSummary = (verb: string, file: string, summary: Summary) =>
  Effect.gen(function* () {
    const { quiet } = yield* CurrentSettings
    const { out } = yield* Output
    if (quiet) return
    yield* out.write((yield* isTable) ? toText(verb, file, summary) : jsonLine({ file: resolve(file), ...summary }))
  })

const runRows = (verb: string, file: string, { dryRun = false, rate }: Options, run: Run): Task =>
  Effect.gen(function* () {
    const client = Client.layer({ requestsPerSecond: rate })
    const platform = Layer.mergeAll(client, NodeFileSystem.layer, NodePath.layer)
    const [elapsed, report] = yield* Effect.provide(Effect.timed(observe(run, dryRun)), platform)
    const retries = (yield* Retries).count()
    const elapsedMillis = Math.round(Duration.toMillis(elapsed))
    yield* writeSummary(verb, file, { ...report, dryRun, elapsedMillis, retries })
    if (report.rejected > 0) return yield* new EndedWith({ code: ExitCode.validation })
  })

export const importCustomers = (
  file: string,
  options: Options & { readonly keyName?: string; readonly lookFirst?: boolean }
): Task =>
  runRows("Created customers", file, options, (hooks) =>
    Effect.map(Import.customers({ ...options, ...hooks, file }), ({ created: done, ...report }) => ({
      ...report,
      done
    }))
  )

export const bulk = (operation: Bulk.Operation, file: string, options: Options): Task =>
  runRows(verbs[operation], file, options, (hooks) => Bulk.run({ ...options, ...hooks, file, operation }))
