import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { Avara, Customers } from "@effect-avara/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"

const AvaraLive = Layer.provide(
  Avara.layer({ apiKey: Redacted.make("sk_live_0123456789abcdef0123456789abcdef") }),
  FetchHttpClient.layer
)

Effect.flatMap(Customers, ({ retrieve }) => retrieve("cus_1234567890abcdef1234567890abcdef")).pipe(
  Effect.provide(AvaraLive),
  Effect.runPromise
)
