/** The emulator in this process, and as a server. */
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { Avara, Customers } from "@effect-avara/core"
import { Emulator } from "@effect-avara/emulator"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { equal } from "./equal.js"

const apiKey = Redacted.make("sk_live_1234567890abcdef1234567890abcdef")

const count = Effect.flatMap(Customers, (customers) => Stream.runCount(customers.stream()))

const inProcess = Effect.provide(
  count,
  Layer.provide(Avara.layer({ apiKey }), Emulator.layerHttpClient({ customers: 30 }))
)

const onSocket = Effect.gen(function* () {
  const { url } = yield* Emulator.Emulator
  const avara = Avara.layer({ apiKey, baseUrl: url })
  return yield* Effect.provide(count, Layer.provide(avara, FetchHttpClient.layer))
}).pipe(Effect.provide(Emulator.layer({ customers: 30 })))

export const run = async (): Promise<void> => {
  equal("in process", await Effect.runPromise(inProcess), 30)
  equal("on a socket", await Effect.runPromise(onSocket), 30)
}
