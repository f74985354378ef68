/** Runs an export, or processes the rows of a file, in a separate process that tests kill. */

import type { FileSystem } from "@effect/platform/FileSystem"
import type { Path } from "@effect/platform/Path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import type { SqlClient } from "@effect/sql/SqlClient"
import type { Services } from "@effect-avara/core/Avara"
import * as RetryPolicy from "@effect-avara/core/RetryPolicy"
import type { Operation } from "@effect-avara/export/Bulk"
import * as Format from "@effect-avara/export/Format"
import * as NodeAvara from "@effect-avara/node/NodeAvara"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"

const [server = "", task = "", path = "", limit = "100"] = process.argv.slice(2)

const exporting = Effect.promise(() =>
  Promise.all([import("@effect-avara/export/Export"), import("@effect-avara/export/Sink")])
)

const toFile = (name: Format.Name) =>
  Effect.gen(function* () {
    const [Export, Sink] = yield* exporting
    const sink = Sink.file(path, name, name === "csv" ? { metadata: "columns" } : {})
    return yield* Export.run({ sink, resume: true, limit: Number(limit) })
  })

const toTable = <E>(client: () => Promise<Layer.Layer<SqlClient, E>>) =>
  Effect.gen(function* () {
    const [Export, Sink] = yield* exporting
    const run = Export.run({ sink: Sink.sql(), resume: true, limit: Number(limit) })
    return yield* Effect.provide(run, yield* Effect.promise(client))
  })

const bulk = (operation: Operation) =>
  Effect.flatMap(
    Effect.promise(() => import("@effect-avara/export/Bulk")),
    (Bulk) => Bulk.run({ file: path, resume: true, operation })
  )

type Task = Effect.Effect<unknown, { readonly _tag: string }, Services | FileSystem | Path>

const tasks: Readonly<Record<string, Task>> = {
  ...Object.fromEntries(Format.names.map((name) => [name, toFile(name)])),
  sqlite: toTable(async () => (await import("@effect/sql-libsql/LibsqlClient")).layer({ url: `file:${path}` })),
  postgres: toTable(async () => (await import("@effect/sql-pg/PgClient")).layer({ url: Redacted.make(path) })),
  import: Effect.flatMap(
    Effect.promise(() => import("@effect-avara/export/Import")),
    (Import) => Import.customers({ file: path, resume: true, settle: "300 millis" })
  ),
  deactivate: bulk("deactivate"),
  reactivate: bulk("reactivate"),
  addUsers: bulk("addUsers"),
  removeUsers: bulk("removeUsers")
}

const Live = Layer.mergeAll(
  NodeAvara.layer({
    apiKey: Redacted.make(`sk_live_${"0".repeat(32)}`),
    baseUrl: server,
    retry: RetryPolicy.make(Schedule.intersect(Schedule.spaced("10 millis"), Schedule.recurs(2)))
  }),
  NodeFileSystem.layer,
  NodePath.layer
)

const say = (what: string) => (said: unknown) => Effect.sync(() => console.log(`${what} ${JSON.stringify(said)}`))

const fail = ({ _tag }: { readonly _tag: string }) =>
  Effect.andThen(say("failed")(_tag), () => {
    process.exitCode = 1
  })

console.log("started")
await (tasks[task] ?? Effect.dieMessage(`no task ${task}`)).pipe(
  Effect.provide(Live),
  Effect.matchEffect({ onFailure: fail, onSuccess: say("report") }),
  Effect.runPromise
)
