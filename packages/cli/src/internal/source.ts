import { createHash } from "node:crypto"
import { Avara } from "@effect-avara/core"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Client from "./client.js"
import { CurrentSettings } from "./services.js"
import { shownUrl } from "./url.js"

const fingerprint = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16)

/** Returns text that identifies the account, without the key in it. */
export const sourceOf = (provider: Effect.Effect.Success<typeof Client.provider>) =>
  Effect.gen(function* () {
    const emulated = Client.emulatedCustomers(yield* CurrentSettings)
    if (emulated !== undefined) return `emulator with ${emulated} customers`
    const { apiKey, baseUrl } = yield* provider.load(Avara.config)
    return `${shownUrl(baseUrl ?? Client.defaultBaseUrl)} key ${fingerprint(Redacted.value(apiKey))}`
  })
