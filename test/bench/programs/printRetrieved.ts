import type * as HttpClient from "@effect/platform/HttpClient"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { clientOf, retrieve } from "../handWritten.js"

const [, , baseUrl = "", apiKey = "", id = ""] = process.argv

/** Prints the id of the customer named by the arguments. */
export const printRetrieved = (layer: Layer.Layer<HttpClient.HttpClient>): Promise<boolean> =>
  Effect.flatMap(clientOf(baseUrl, apiKey), (client) => retrieve(client, id)).pipe(
    Effect.map(({ expressCustomerId }) => process.stdout.write(`${expressCustomerId}\n`)),
    Effect.provide(layer),
    Effect.runPromise
  )
