import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { Avara, RetryPolicy } from "@effect-avara/core"
import { Emulator } from "@effect-avara/emulator"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { Export, Sink } from "../src/index.js"

const n = Number(process.argv[2])
const live = Avara.layer({ apiKey: Redacted.make("sk_live_" + "0".repeat(32)) }).pipe(
  Layer.provide(Emulator.layerHttpClient({ customers: n })),
  Layer.provideMerge(Layer.merge(NodeFileSystem.layer, NodePath.layer))
)
void RetryPolicy
const prog = Effect.gen(function* () {
  for (const sink of [
    Sink.ndjson("/tmp/avexp/a.ndjson"),
    Sink.csv("/tmp/avexp/a.csv"),
    Sink.csv("/tmp/avexp/b.csv", { metadata: "columns", formulas: "escape", bom: true }),
    Sink.parquet("/tmp/avexp/a.parquet"),
    Sink.parquet("/tmp/avexp/b.parquet", { metadata: "map" })
  ]) {
    const t = Date.now()
    const m = yield* Export.run({ sink, discard: true })
    console.log(Date.now() - t, m.rows, m.bytes, m.sha256)
  }
})
Effect.runPromise(Effect.provide(prog, live)).catch(console.error)
