import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as Effect from "effect/Effect"
import { clientOf, retrieve } from "../handWritten.js"

const [, , baseUrl = "", apiKey = "", id = ""] = process.argv

Effect.flatMap(clientOf(baseUrl, apiKey), (client) => retrieve(client, id)).pipe(
  Effect.map(({ expressCustomerId }) => process.stdout.write(`${expressCustomerId}\n`)),
  Effect.provide(FetchHttpClient.layer),
  Effect.runPromise
)
