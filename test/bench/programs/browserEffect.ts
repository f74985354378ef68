import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as Effect from "effect/Effect"
import { clientOf, retrieve } from "../handWritten.js"

Effect.flatMap(clientOf("https://api.avarasoftware.com", "sk_live_0123456789abcdef0123456789abcdef"), (client) =>
  retrieve(client, "cus_1234567890abcdef1234567890abcdef")
).pipe(Effect.provide(FetchHttpClient.layer), Effect.runPromise)
