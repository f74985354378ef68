import { resolve } from "node:path"
import type { FileSystem } from "@effect/platform/FileSystem"
import type { Path } from "@effect/platform/Path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import type { Customers } from "@effect-avara/core"
import * as Export from "@effect-avara/export/Export"
import type { Stopped } from "@effect-avara/export/ExportError"
import { isStreamName } from "@effect-avara/export/Format"
import type { Manifest } from "@effect-avara/export/Manifest"
import * as Sink from "@effect-avara/export/Sink"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { ExitCode } from "../../ExitCode.js"
import * as Client from "../client.js"
import { makeDirectoryOf } from "../directory.js"
import { CommandFailed, EndedWith, type Failure, Hinted } from "../failure.js"
import { isTableOn } from "../form.js"
import { Output } from "../output.js"
import * as Progress from "../progress.js"
import { discardCommand, resumeCommand } from "../resume.js"
import { CommandLine, CurrentSettings, Retries, type Task } from "../services.js"
import { sourceOf } from "../source.js"
import { stoppingText, stopWith } from "../stopping.js"
import { concat, counted, integer, jsonLine, own, type SafeText, safe, safeLines } from "../text.js"
import { hintOf, type Next, streamHint } from "./export.hints.js"
import { formatOf, isSqlite, standardOutput, type Target } from "./export.target.js"

interface Options extends Target {
  readonly active?: boolean
  readonly inactive?: boolean
  readonly since?: Date
  readonly rate?: number
  readonly verify?: "overlap" | "none"
}

const filterOf = ({ active, inactive, since }: Options): Export.Options<never>["filter"] => {
  if (!active && !inactive && since === undefined) return undefined
  return {
    ...(active ? { active: true } : inactive ? { active: false } : {}),
    ...(since === undefined ? {} : { createdSince: DateTime.unsafeMake(since) })
  }
}

const unlessZero = (count: number, text: string): ReadonlyArray<string> =>
  count === 0 ? [] : [`${integer(count)} ${text}`]

const tallyOf =
  (total: number | undefined) =>
  (progress: Export.Progress): Progress.Tally => ({
    done: progress.rows,
    before: progress.resumedRows,
    total: total === undefined ? undefined : Math.max(progress.rows, total - progress.skipped),
    facts: [
      ...(progress.phase === "finishing" ? ["finishing the file"] : []),
      counted(progress.pages, "page"),
      ...unlessZero(progress.skipped, "filtered out"),
      ...(progress.duplicates === 0 ? [] : [`${counted(progress.duplicates, "duplicate")} dropped`])
    ]
  })

interface Summary {
  readonly manifest: Manifest
  readonly place: string
  readonly elapsedMillis: number
  readonly retries: number
  /** The number of customers that this run itself wrote. */
  readonly written: number
}

const toText = ({ elapsedMillis, manifest, place, retries, written }: Summary): SafeText => {
  const lines: ReadonlyArray<readonly [string, string]> = [
    ["pages", integer(manifest.pages)],
    ["elapsed", `${(elapsedMillis / 1000).toFixed(1)} s`],
    ["rate", `${integer((written * 1000) / Math.max(1, elapsedMillis))} rows/s`],
    ["retries", integer(retries)],
    ...(manifest.skipped === 0 ? [] : [["filtered out", integer(manifest.skipped)] as const]),
    ...(manifest.duplicates === 0 ? [] : [["duplicates dropped", integer(manifest.duplicates)] as const]),
    ...(manifest.unstorableTimes === undefined
      ? []
      : [["timestamps not stored", `${integer(manifest.unstorableTimes)}, see the column received`] as const]),
    ...(manifest.sha256 === undefined ? [] : [["sha256", manifest.sha256] as const])
  ]
  const width = Math.max(...lines.map(([name]) => name.length))
  return concat([
    safe`Exported ${counted(manifest.rows, "customer")} to ${place === standardOutput ? "standard output" : place}\n`,
    ...lines.map(([name, value]) => safe`  ${name.padEnd(width)}  ${value}\n`)
  ])
}

const toJson = ({ elapsedMillis, manifest, place, retries }: Summary) => {
  const { bytes, duplicates, format, pages, rows, sha256, skipped, unstorableTimes } = manifest
  return {
    to: place,
    format,
    rows,
    pages,
    duplicates,
    skipped,
    unstorableTimes,
    bytes,
    sha256,
    elapsedMillis: Math.round(elapsedMillis),
    retries
  }
}

const writeSummary = (summary: Summary) =>
  Effect.gen(function* () {
    const { quiet } = yield* CurrentSettings
    const { err, out } = yield* Output
    if (quiet) return
    // With the rows on standard output, the summary goes to standard error.
    const to = summary.place === standardOutput ? err : out
    yield* to.write((yield* isTableOn(to)) ? toText(summary) : jsonLine(toJson(summary)))
  })

const whenStopped = (progress: Progress.Progress, { pages, rows }: Stopped, again: SafeText) =>
  Effect.zipRight(
    progress.say(
      safe`Stopped after ${counted(rows, "customer")} in ${counted(pages ?? 0, "page")}. To continue:\n  ${again}`
    ),
    Effect.fail(new EndedWith({ code: ExitCode.interrupted }))
  )

/** Runs an export to a sink whose dependencies are provided. */
type Run = (options: Omit<Export.Options<never>, "sink">) => Effect.Effect<Manifest, Failure, Customers>

const finishingText = safe`Finishing the file, which takes a moment; press Ctrl-C again to stop immediately, and finish it with --resume.`

/** Runs an export with a progress line, and with a hint about how to continue if it does not finish. */
const observe = (run: Run, options: Options, source: string) =>
  Effect.gen(function* () {
    const argv = yield* CommandLine
    const tally = tallyOf(Client.emulatedCustomers(yield* CurrentSettings))
    const progress = yield* Progress.make("customer")
    let last: Export.Progress | undefined
    const stop = yield* stopWith(progress, () =>
      last?.phase === "finishing" ? finishingText : stoppingText("at the end of the page")
    )
    const onProgress = (now: Export.Progress) => {
      last = now
      return progress.update(tally(now))
    }
    const { discard, resume, verify } = options
    const again = resumeCommand(argv)
    const next = (): Next => ({
      resume: again,
      discard: discardCommand(argv),
      isKept: last !== undefined,
      isResumed: resume === true
    })
    const manifest = yield* run({ resume, discard, verify, filter: filterOf(options), source, onProgress, stop }).pipe(
      Effect.catchTag("Stopped", (stopped) => whenStopped(progress, stopped, again)),
      Effect.onInterrupt(() =>
        last === undefined && resume !== true ? Effect.void : progress.say(safe`To continue:\n  ${again}`)
      ),
      Effect.mapError((failure: Failure) => hinted(failure, hintOf(failure, next())))
    )
    return { manifest, written: manifest.rows - (last?.resumedRows ?? 0) }
  }).pipe(Effect.scoped)

const hinted = (failure: Failure, hint: SafeText | undefined): Failure =>
  hint === undefined ? failure : new Hinted({ failure, hint })

const exportWith = (observed: typeof observe, run: Run, place: string, options: Options): Task =>
  Effect.gen(function* () {
    const provider = yield* Client.provider
    const source = yield* sourceOf(provider)
    const client = Client.layerFrom(provider, { requestsPerSecond: options.rate })
    const [elapsed, { manifest, written }] = yield* Effect.provide(Effect.timed(observed(run, options, source)), client)
    const retries = (yield* Retries).count()
    yield* writeSummary({ manifest, place, elapsedMillis: Duration.toMillis(elapsed), retries, written })
  }).pipe(Effect.scoped)

const toFile = (options: Options, file: string): Task => {
  const sink = Sink.file(file, formatOf(file, options.format) ?? "ndjson", options)
  const run: Run = (rest) => {
    const exporting: Effect.Effect<Manifest, Failure, Customers | FileSystem | Path> = Export.run({ ...rest, sink })
    return Effect.provide(
      // If the directory cannot be created, the export reports the problem with the file.
      Effect.zipRight(Effect.ignore(Effect.try(() => makeDirectoryOf(resolve(file)))), exporting),
      Layer.merge(NodeFileSystem.layer, NodePath.layer)
    )
  }
  return exportWith(observe, run, resolve(file), options)
}

const checkTable = (table: string, to: string) =>
  Effect.mapError(
    Sink.checkTable(table, isSqlite(to) ? "sqlite" : "pg"),
    ({ detail }) => new CommandFailed({ code: ExitCode.usage, message: `--into ${table}: ${detail}` })
  )

const toDatabase = async ({ busyTimeout, ...options }: Options, to: string): Promise<Task> => {
  const Database = await import("../database.js")
  const sink = Sink.sql({
    table: options.into,
    busyTimeout: Option.getOrUndefined(Duration.decodeUnknown(busyTimeout))
  })
  const run: Run = (rest) =>
    Effect.mapError(Effect.provide(Export.run({ ...rest, sink }), Database.layer(to)), Database.withoutPassword(to))
  const exporting = exportWith(observe, run, `${sink.destination} of ${Database.nameOf(to)}`, options)
  return Effect.zipRight(checkTable(sink.destination, to), exporting)
}

/** Runs an export to standard output, which cannot be resumed: Ctrl-C ends it immediately. */
const observeStream: typeof observe = (run, options, source) =>
  Effect.gen(function* () {
    const tally = tallyOf(Client.emulatedCustomers(yield* CurrentSettings))
    const { out } = yield* Output
    const progress = yield* Progress.make("customer").pipe(
      // On a shared terminal, the progress would overwrite the rows.
      Effect.updateService(CurrentSettings, (settings) =>
        out.isTerminal ? { ...settings, quiet: true as const } : settings
      )
    )
    let rows = 0
    const onProgress = (now: Export.Progress) => {
      rows = now.rows
      return progress.update(tally(now))
    }
    const manifest = yield* run({ filter: filterOf(options), source, onProgress }).pipe(
      Effect.mapError((failure: Failure) => hinted(failure, rows === 0 ? undefined : streamHint(failure)))
    )
    return { manifest, written: manifest.rows }
  }).pipe(Effect.scoped)

const toStandardOutput = (options: Options): Task =>
  Effect.flatMap(Output, ({ out }) => {
    const write = (text: string) => out.write(out.isTerminal ? safeLines(text) : own(text))
    const { bom, formulas } = options
    const format = options.format !== undefined && isStreamName(options.format) ? options.format : "ndjson"
    const sink = Sink.stream({ write, format, bom, formulas })
    const run: Run = (rest) => Export.run({ ...rest, sink })
    return exportWith(observeStream, run, standardOutput, options)
  })

export const exportCustomers = async (options: Options): Promise<Task> => {
  if (options.out === undefined) return toDatabase(options, options.to ?? "")
  return options.out === standardOutput ? toStandardOutput(options) : toFile(options, options.out)
}
