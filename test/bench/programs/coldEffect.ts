import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Effect from "effect/Effect"
import { clientOf, retrieve } from "../handWritten.js"

const [, , baseUrl = "", apiKey = "", id = ""] = process.argv

Effect.flatMap(clientOf(baseUrl, apiKey), (client) => retrieve(client, id)).pipe(
  Effect.map(({ expressCustomerId }) => process.stdout.write(`${expressCustomerId}\n`)),
  Effect.provide(NodeHttpClient.layerUndici),
  Effect.runPromise
)
