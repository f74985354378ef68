/** Does one thing against a server, in a process of its own, to be killed: an export to a destination, or what a file's rows say. */

import type { FileSystem } from "@effect/platform/FileSystem"
import type { Path } from "@effect/platform/Path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import type { SqlClient } from "@effect/sql/SqlClient"
import type { Services } from "@effect-avara/core/Avara"
import * as NodeAvara from "@effect-avara/node/NodeAvara"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"

const [server = "", task = "", path = "", limit = "100"] = process.argv.slice(2)

const exporting = Effect.promise(() =>
  Promise.all([import("@effect-avara/export/Export"), import("@effect-avara/export/Sink")])
)

const toFile = (name: "ndjson" | "csv" | "parquet") =>
  Effect.gen(function* () {
    const [Export, Sink] = yield* exporting
    const sink = name === "csv" ? Sink.csv(path, { metadata: "columns" }) : Sink[name](path)
    yield* Export.run({ sink, resume: true, limit: Number(limit) })
  })

const toTable = <E>(client: () => Promise<Layer.Layer<SqlClient, E>>) =>
  Effect.gen(function* () {
    const [Export, Sink] = yield* exporting
    const run = Export.run({ sink: Sink.sql(), resume: true, limit: Number(limit) })
    yield* Effect.provide(run, yield* Effect.promise(client))
  })

type Task = Effect.Effect<unknown, unknown, Services | FileSystem | Path>

const tasks: Readonly<Record<string, Task>> = {
  ndjson: toFile("ndjson"),
  csv: toFile("csv"),
  parquet: toFile("parquet"),
  sqlite: toTable(async () => (await import("@effect/sql-libsql/LibsqlClient")).layer({ url: `file:${path}` })),
  postgres: toTable(async () => (await import("@effect/sql-pg/PgClient")).layer({ url: Redacted.make(path) })),
  import: Effect.flatMap(
    Effect.promise(() => import("@effect-avara/export/Import")),
    (Import) => Import.customers({ file: path, resume: true, settle: "300 millis" })
  ),
  addUsers: Effect.flatMap(
    Effect.promise(() => import("@effect-avara/export/Bulk")),
    (Bulk) => Bulk.run({ file: path, resume: true, operation: "addUsers" })
  )
}

const Live = Layer.mergeAll(
  NodeAvara.layer({ apiKey: Redacted.make(`sk_live_${"0".repeat(32)}`), baseUrl: server }),
  NodeFileSystem.layer,
  NodePath.layer
)

console.log("started")
await Effect.runPromise(Effect.provide(tasks[task] ?? Effect.dieMessage(`no task ${task}`), Live))
