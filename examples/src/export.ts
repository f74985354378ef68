/**
 * The bulk export: every customer to `out/customers.ndjson`, one line of JSON a customer, with every field that the server sent.
 *
 * The file is complete or it is not there: an interrupted or failed export leaves neither half a file nor a changed older one.
 */

import { resolve } from "node:path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { Customers, Telemetry } from "@effect-avara/core"
import * as Console from "effect/Console"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Stream from "effect/Stream"
import { writeAtomically } from "./support/atomicFile.js"
import { avaraOrEmulator } from "./support/avara.js"
import { makeProgress, type Tally } from "./support/progress.js"
import { runMain } from "./support/runMain.js"

const exportTo = Effect.fnUntraced(function* (path: string) {
  const customers = yield* Customers
  const progress = yield* makeProgress
  const lines = customers.pages().pipe(
    Stream.tap(({ expressCustomers }) => progress.add(expressCustomers.length)),
    Stream.map(({ received }) => received.map((customer) => `${JSON.stringify(customer)}\n`).join(""))
  )
  yield* writeAtomically(path, lines)
  return yield* progress.tally
}, Effect.scoped)

/** Every request of a list beyond one a page was a retry. */
const countRetries = ({ pages }: Tally) =>
  Effect.map(
    Metric.value(Metric.tagged(Telemetry.attempts, "operation", "customers.list")),
    ({ count }) => count - pages
  )

const summary = (path: string, elapsed: Duration.Duration, { customers, pages }: Tally, retries: number) => {
  const number = (value: number) => Math.round(value).toLocaleString("en-US")
  return `Exported ${number(customers)} customers to ${path}
  pages    ${number(pages)}
  elapsed  ${Duration.toSeconds(elapsed).toFixed(1)} s
  rate     ${number(customers / Duration.toSeconds(elapsed))} rows/s
  retries  ${number(retries)}`
}

const path = "out/customers.ndjson"

const program = Effect.gen(function* () {
  const [elapsed, tally] = yield* Effect.timed(exportTo(path))
  yield* Console.log(summary(resolve(path), elapsed, tally, yield* countRetries(tally)))
}).pipe(
  Effect.provide(Layer.mergeAll(avaraOrEmulator({ customers: 10_000 }), NodeFileSystem.layer, NodePath.layer)),
  Effect.onInterrupt(() => Console.error(`Interrupted: ${path} is as it was before.`))
)

runMain(program)
