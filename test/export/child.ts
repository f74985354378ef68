/** Exports from a server to a destination, in a process of its own: to be killed, and to be measured. */
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as LibsqlClient from "@effect/sql-libsql/LibsqlClient"
import * as PgClient from "@effect/sql-pg/PgClient"
import { Export, type Manifest, Sink } from "@effect-avara/export"
import { NodeAvara } from "@effect-avara/node"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"

const [server = "", format = "", destination = "", limit = "100"] = process.argv.slice(2)

const options = { resume: true, limit: Number(limit) }

const toFile = (sink: Sink.FileSink) =>
  Effect.provide(Export.run({ ...options, sink }), Layer.merge(NodeFileSystem.layer, NodePath.layer))

const exportTo = () => {
  switch (format) {
    case "ndjson":
      return toFile(Sink.ndjson(destination))
    case "csv":
      return toFile(Sink.csv(destination, { metadata: "columns" }))
    case "parquet":
      return toFile(Sink.parquet(destination))
    case "sqlite":
      return Effect.provide(
        Export.run({ ...options, sink: Sink.sql() }),
        LibsqlClient.layer({ url: `file:${destination}` })
      )
    default:
      return Effect.provide(
        Export.run({ ...options, sink: Sink.sql() }),
        PgClient.layer({ url: Redacted.make(destination) })
      )
  }
}

const report = ({ pages, rows }: Manifest.Manifest) =>
  Effect.sync(() => {
    const peak = Math.round(process.resourceUsage().maxRSS / 1024)
    console.log(JSON.stringify({ rows, pages, peakMegabytes: peak, seconds: performance.now() / 1000 }))
  })

const Live = NodeAvara.layer({ apiKey: Redacted.make(`sk_live_${"0".repeat(32)}`), baseUrl: server })

console.log("started")
await Effect.runPromise(
  Effect.gen(function* () {
    yield* Effect.flatMap(exportTo(), report)
  }).pipe(Effect.provide(Live))
)
