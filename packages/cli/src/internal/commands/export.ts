import { resolve } from "node:path"
import type { FileSystem } from "@effect/platform/FileSystem"
import type { Path } from "@effect/platform/Path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import type { BrokenPagination, Customers } from "@effect-avara/core"
import * as Export from "@effect-avara/export/Export"
import type { Stopped } from "@effect-avara/export/ExportError"
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
import { Output } from "../output.js"
import * as Progress from "../progress.js"
import { resumeCommand } from "../resume.js"
import { CommandLine, CurrentSettings, Retries, type Task } from "../services.js"
import { sourceOf } from "../source.js"
import { stopAtSignal } from "../stopping.js"
import { integer } from "../text.js"
import { formatOf, isSqlite, type Target } from "./export.target.js"

interface Options extends Target {
  readonly resume?: boolean
  readonly discard?: boolean
  readonly active?: boolean
  readonly inactive?: boolean
  readonly since?: Date
  readonly rate?: number
  readonly verify?: "overlap" | "none"
}

const csvOptions = ({ bom, formulas, metadata }: Target) => ({
  bom,
  formulas,
  metadata: metadata === "columns" ? ("columns" as const) : ("json" as const)
})

const fileSink = (target: Target, out: string): Sink.FileSink => {
  switch (formatOf(out, target.format)) {
    case "csv":
      return Sink.csv(out, csvOptions(target))
    case "parquet":
      return Sink.parquet(out, { metadata: target.metadata === "map" ? "map" : "json" })
    default:
      return Sink.ndjson(out)
  }
}

const filterOf = ({ active, inactive, since }: Options): Export.Options<never>["filter"] => {
  if (!active && !inactive && since === undefined) return undefined
  return {
    ...(active ? { active: true } : inactive ? { active: false } : {}),
    ...(since === undefined ? {} : { createdSince: DateTime.unsafeMake(since) })
  }
}

const counted = (count: number, noun: string): ReadonlyArray<string> =>
  count === 0 ? [] : [`${integer(count)} ${noun}`]

const tallyOf =
  (total: number | undefined) =>
  (progress: Export.Progress): Progress.Tally => ({
    done: progress.rows,
    before: progress.resumedRows,
    total: total === undefined ? undefined : Math.max(progress.rows, total - progress.skipped),
    facts: [
      ...(progress.phase === "finishing" ? ["finishing the file"] : []),
      `${integer(progress.pages)} pages`,
      ...counted(progress.skipped, "filtered out"),
      ...counted(progress.duplicates, "duplicates dropped")
    ]
  })

interface Summary {
  readonly manifest: Manifest
  readonly place: string
  readonly elapsedMillis: number
  readonly retries: number
  /** How many customers this run wrote itself. */
  readonly written: number
}

const toText = ({ elapsedMillis, manifest, place, retries, written }: Summary): string => {
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
  return [
    `Exported ${integer(manifest.rows)} customers to ${place}`,
    ...lines.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`)
  ].join("\n")
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
    const { json, quiet, table } = yield* CurrentSettings
    const { out } = yield* Output
    if (quiet) return
    const isText = table || (!json && out.isTerminal)
    yield* out.write(`${isText ? toText(summary) : JSON.stringify(toJson(summary))}\n`)
  })

const overlapHints: Partial<Record<BrokenPagination["reason"], string>> = {
  shiftedList: "Give --discard in place of --resume to drop what was exported and begin again.",
  unverifiable: "Leave out --verify to export the list as the server pages it."
}

/** Failures that have a next step even if no page was read. */
const isHinted = (failure: Failure): boolean =>
  failure._tag === "Unfinished" ||
  failure._tag === "CheckpointRefused" ||
  (failure._tag === "BrokenPagination" && overlapHints[failure.reason] !== undefined)

const keptHint = (again: string): string => `What was exported is kept. To go on:\n  ${again}`

/** What a failure after the first page leaves: nothing is lost. */
const hintOf = (error: Failure, again: string): string | undefined => {
  switch (error._tag) {
    case "Unfinished":
      return "Give --resume to go on with it, or --discard to drop it."
    case "CheckpointRefused":
      return "Give --discard to drop it and begin again."
    case "BrokenPagination":
      return overlapHints[error.reason] ?? keptHint(again)
    case "EndedWith":
    case "Locked":
    case "ReaderLeft":
    case "OutputFailed":
      return undefined
    default:
      return keptHint(again)
  }
}

const whenStopped = (progress: Progress.Progress, { pages, rows }: Stopped, again: string) =>
  Effect.zipRight(
    progress.say(`Stopped after ${integer(rows)} customers in ${integer(pages ?? 0)} pages. To go on:\n  ${again}`),
    Effect.fail(new EndedWith({ code: ExitCode.interrupted }))
  )

/** An export to a sink that has all that it writes with. */
type Run = (options: Omit<Export.Options<never>, "sink">) => Effect.Effect<Manifest, Failure, Customers>

/** The export with its progress, and with the way to go on where it does not come to its end. */
const observe = (run: Run, options: Options, source: string) =>
  Effect.gen(function* () {
    const again = resumeCommand(yield* CommandLine)
    const tally = tallyOf(Client.emulatedCustomers(yield* CurrentSettings))
    const progress = yield* Progress.make("customers")
    const stop = yield* stopAtSignal(progress, "at the end of the page")
    let last: Export.Progress | undefined
    const onProgress = (now: Export.Progress) => {
      last = now
      return progress.update(tally(now))
    }
    const { discard, resume, verify } = options
    const manifest = yield* run({ resume, discard, verify, filter: filterOf(options), source, onProgress, stop }).pipe(
      Effect.catchTag("Stopped", (stopped) => whenStopped(progress, stopped, again)),
      Effect.onInterrupt(() => (last === undefined ? Effect.void : progress.say(`To go on:\n  ${again}`))),
      Effect.mapError((failure: Failure) => {
        const hint = last !== undefined || isHinted(failure) ? hintOf(failure, again) : undefined
        return hint === undefined ? failure : new Hinted({ failure, hint })
      })
    )
    return { manifest, written: manifest.rows - (last?.resumedRows ?? 0) }
  }).pipe(Effect.scoped)

const exportWith = (run: Run, place: string, options: Options): Task =>
  Effect.gen(function* () {
    const provider = yield* Client.provider
    const source = yield* sourceOf(provider)
    const client = Client.layerFrom(provider, { requestsPerSecond: options.rate })
    const [elapsed, { manifest, written }] = yield* Effect.provide(Effect.timed(observe(run, options, source)), client)
    const retries = (yield* Retries).count()
    yield* writeSummary({ manifest, place, elapsedMillis: Duration.toMillis(elapsed), retries, written })
  }).pipe(Effect.scoped)

const toFile = (options: Options, file: string): Task => {
  const sink = fileSink(options, file)
  const run: Run = (rest) => {
    const exporting: Effect.Effect<Manifest, Failure, Customers | FileSystem | Path> = Export.run({ ...rest, sink })
    return Effect.provide(
      // Where it cannot be made, the export says what is wrong with the file.
      Effect.zipRight(Effect.ignore(Effect.try(() => makeDirectoryOf(resolve(file)))), exporting),
      Layer.merge(NodeFileSystem.layer, NodePath.layer)
    )
  }
  return exportWith(run, resolve(file), options)
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
  const run: Run = (rest) => Effect.provide(Export.run({ ...rest, sink }), Database.layer(to))
  const exporting = exportWith(run, `${sink.destination} of ${Database.nameOf(to)}`, options)
  return Effect.zipRight(checkTable(sink.destination, to), exporting)
}

export const exportCustomers = async (options: Options): Promise<Task> =>
  options.out === undefined ? toDatabase(options, options.to ?? "") : toFile(options, options.out)
