import { Customers } from "@effect-avara/core"
import { NodeAvara } from "@effect-avara/node"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"

const [, , baseUrl = "", apiKey = "", id = ""] = process.argv

Effect.flatMap(Customers, ({ retrieve }) => retrieve(id)).pipe(
  Effect.map(({ expressCustomerId }) => process.stdout.write(`${expressCustomerId}\n`)),
  Effect.provide(NodeAvara.layer({ apiKey: Redacted.make(apiKey), baseUrl })),
  Effect.runPromise
)
