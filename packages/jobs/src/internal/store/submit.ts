import * as Path from "@effect/platform/Path"
import { Validation } from "@effect-avara/core/AvaraError"
import * as Issue from "@effect-avara/core/Issue"
import * as Bulk from "@effect-avara/export/Bulk"
import * as Import from "@effect-avara/export/Import"
import * as Rows from "@effect-avara/export/Rows"
import * as ExportSink from "@effect-avara/export/Sink"
import type { Work } from "@effect-avara/export/Work"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { JobId } from "../../Job.js"
import type { Database } from "../database/database.js"
import { BulkPayload, MirrorPayload } from "../database/payload.js"
import type { JobWork } from "../database/stored.js"
import * as jobs from "./jobStore.js"
import type { BulkOptions, ImportOptions, MirrorOptions } from "./options.js"
import * as rowStore from "./rowStore.js"
import * as transitions from "./transitions.js"

/** Writes the rows in batches until all are written or the job is cancelled. */
const writeRows = (database: Database, id: JobId, { rows, total }: Rows.Rows) =>
  Effect.suspend(() => {
    const { add, flush } = rowStore.makeWriter(database, id)
    return rows.pipe(
      Stream.mapEffect((row) => add(rowStore.toNewRow(row))),
      Stream.takeWhile((isPreparing) => isPreparing),
      Stream.runDrain,
      Effect.zipRight(flush),
      Effect.zipRight(transitions.queue(database, id, total))
    )
  })

/** A job is removed if not all of its rows can be written. If that fails too, the job stays `preparing`, and can be cancelled. */
const submitFile = <A, E, R>(
  database: Database,
  options: Rows.Options,
  rowWork: Work<A, E, R>,
  work: JobWork,
  keyOf: (sha256: string) => string
) =>
  Effect.gen(function* () {
    const { basename } = yield* Path.Path
    const rows = yield* Rows.read(options, rowWork)
    const job: jobs.NewJob = {
      subject: basename(options.file),
      work,
      uniqueKey: keyOf(rows.sha256),
      state: "preparing"
    }
    return yield* Effect.acquireUseRelease(
      jobs.insert(database, job),
      (id) => Effect.as(writeRows(database, id, rows), id),
      (id, exit) => (Exit.isSuccess(exit) ? Effect.void : Effect.ignore(transitions.remove(database, id)))
    )
  })

const notAllowed = (operation: string, issues: ReadonlyArray<Issue.Issue>) =>
  new Validation({ operation, attempts: 0, source: "client", issues })

/** Checks options, because a command line or JavaScript may pass anything. */
const check = <A, I>(operation: string, schema: Schema.Schema<A, I>, options: unknown) =>
  Effect.mapError(Schema.decodeUnknown(schema, { errors: "all" })(options), (error) =>
    notAllowed(operation, Issue.fromParseError(error))
  )

/** @internal */
export const submitImport = (database: Database, { keyName = Import.defaultKeyName, settle, ...file }: ImportOptions) =>
  Effect.gen(function* () {
    const work = yield* Import.work({ keyName, settle })
    const payload = { keyName, settleMillis: Math.round(Duration.toMillis(work.settle)) }
    const keyOf = (sha256: string) => `import:${keyName}:${sha256}`
    return yield* submitFile(database, file, work, { kind: "import", payload }, keyOf)
  }).pipe(Effect.withSpan("Jobs.submitImport"))

/** @internal */
export const submitBulk = (database: Database, { operation, ...file }: BulkOptions) =>
  Effect.gen(function* () {
    const payload = yield* check("Jobs.submitBulk", BulkPayload, { operation })
    const keyOf = (sha256: string) => `bulk:${operation}:${sha256}`
    return yield* submitFile(database, file, Bulk.work(payload.operation), { kind: "bulk", payload }, keyOf)
  }).pipe(Effect.withSpan("Jobs.submitBulk"))

/** Whether a mirror would destroy the table. */
const isOwnTable = (table: string): boolean =>
  /(?:^|\.)avara_(?:(?:jobs?|engine)(?:_|$)|mirror_(?:runs|changes|snapshot)$)/i.test(table)

/** In SQLite, names that differ only in case, or only in the schema `main`, are the same table. */
const mirrorKey = (dialect: Database["dialect"], table: string): string =>
  `mirror:${dialect === "sqlite" ? table.toLowerCase().replace(/^main\./, "") : table}`

/** Checks the options of a mirror and the name of its table. @internal */
export const checkMirror = (dialect: Database["dialect"], options: unknown) =>
  Effect.gen(function* () {
    const operation = "Jobs.submitMirror"
    const payload = yield* check(operation, MirrorPayload, options)
    const refuse = (message: string) => notAllowed(operation, [{ path: ["table"], message }])
    yield* Effect.mapError(ExportSink.checkTable(payload.table, dialect), ({ detail }) => refuse(detail))
    return isOwnTable(payload.table)
      ? yield* refuse("this name is one of the tables of the jobs; choose another name")
      : payload
  })

/** Submits a mirror; `schedule` is the name of the schedule that submits it, if any. @internal */
export const submitMirror = (database: Database, { table, verify = "none" }: MirrorOptions, schedule?: string) =>
  Effect.gen(function* () {
    const payload = yield* checkMirror(database.dialect, { table, verify })
    const work: JobWork = { kind: "mirror", payload }
    return yield* jobs.insert(database, {
      subject: table,
      work,
      uniqueKey: mirrorKey(database.dialect, table),
      state: "queued",
      schedule
    })
  }).pipe(Effect.withSpan("Jobs.submitMirror"))
