import { Emulator } from "@effect-avara/emulator"
import { NodeAvara } from "@effect-avara/node"
import * as Config from "effect/Config"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"

const setting = (name: string) => Config.option(Config.string(name))

const isBlank = (text: string) => text.trim() === ""

/** The client of an embedded emulator. Other settings of the environment, such as `AVARA_TIMEOUT`, still apply. */
const emulated = (customers: number, why: string) =>
  Effect.gen(function* () {
    const { apiKey, url } = yield* Emulator.Emulator
    yield* Console.error(
      `${why}: using the embedded emulator at ${url} with ${customers.toLocaleString("en-US")} customers.`
    )
    const own = ConfigProvider.fromMap(
      new Map([
        ["AVARA_API_KEY", Redacted.value(apiKey)],
        ["AVARA_BASE_URL", url]
      ])
    )
    return Layer.provide(
      NodeAvara.layerConfig(),
      Layer.setConfigProvider(ConfigProvider.orElse(own, () => ConfigProvider.fromEnv()))
    )
  }).pipe(Layer.unwrapEffect, Layer.provide(Emulator.layer({ customers })))

/** The client that the environment describes. Without an API key, the client of an embedded emulator, after a message that says so. */
export const avaraOrEmulator = (options: { readonly customers: number }) =>
  Effect.gen(function* () {
    const key = yield* setting("AVARA_API_KEY")
    if (Option.isSome(key) && !isBlank(key.value)) return NodeAvara.layerConfig()
    const why = `AVARA_API_KEY is ${Option.isSome(key) ? "blank, which counts as not set" : "not set"}`
    const baseUrl = Option.filter(yield* setting("AVARA_BASE_URL"), (text) => !isBlank(text))
    return emulated(options.customers, Option.isSome(baseUrl) ? `${why}, so AVARA_BASE_URL is not used` : why)
  }).pipe(Layer.unwrapEffect)
