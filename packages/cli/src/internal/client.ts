import { Avara, RateLimiter } from "@effect-avara/core"
import type { InvalidInput, ListenFailed, StorageFailed } from "@effect-avara/emulator/Emulator"
import { NodeAvara } from "@effect-avara/node"
import * as Config from "effect/Config"
import type * as ConfigError from "effect/ConfigError"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { type Output, say } from "./output.js"
import { makeSeeding } from "./seeding.js"
import { CurrentSettings } from "./services.js"
import type { Settings } from "./settings.js"
import { counted, safe } from "./text.js"
import { shownUrl } from "./url.js"
import { version } from "./version.js"

/** The URL of the API unless a setting changes it. */
export const defaultBaseUrl = "https://api.avarasoftware.com"

type Overrides = Readonly<Record<string, string | undefined>>

/** Returns the environment, overridden by the command line. */
const providerOf = (overrides: Overrides): ConfigProvider.ConfigProvider => {
  const given = Object.entries(overrides).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const]
  )
  return ConfigProvider.orElse(ConfigProvider.fromMap(new Map(given)), () => ConfigProvider.fromEnv())
}

const overridesOf = ({ baseUrl, lenient, maxRetries, timeout }: Settings): Overrides => ({
  AVARA_BASE_URL: baseUrl,
  AVARA_TIMEOUT: timeout,
  AVARA_MAX_RETRIES: maxRetries?.toString(),
  AVARA_VALIDATION: lenient ? "lenient" : undefined
})

const emulatorKey = `sk_live_${"0".repeat(32)}`

const emulated = (settings: Settings, customers: number, why: string) =>
  Effect.gen(function* () {
    const { Emulator, layer } = yield* Effect.promise(() => import("@effect-avara/emulator/Emulator"))
    const { url } = Context.get(yield* Layer.build(layer({ customers, onProgress: yield* makeSeeding })), Emulator)
    if (!settings.quiet) {
      yield* say(safe`${why}using the embedded emulator at ${url} with ${counted(customers, "customer")}`)
    }
    return providerOf({ ...overridesOf(settings), AVARA_BASE_URL: url, AVARA_API_KEY: emulatorKey })
  })

const hasKey = (): boolean => (process.env["AVARA_API_KEY"] ?? "").trim() !== ""

/** Returns the number of customers of the embedded emulator, or `undefined` if the settings do not select it. */
export const emulatedCustomers = ({ emulator, emulatorWithoutKey }: Settings): number | undefined =>
  emulator ?? (hasKey() ? undefined : emulatorWithoutKey)

const sayReal = (settings: Settings) => {
  const baseUrl = settings.baseUrl ?? process.env["AVARA_BASE_URL"] ?? ""
  return settings.emulatorWithoutKey === undefined || settings.quiet
    ? Effect.void
    : say(safe`AVARA_API_KEY is set: using ${baseUrl.trim() === "" ? defaultBaseUrl : shownUrl(baseUrl.trim())}`)
}

/** Every setting of the client, from the command line and the environment. If the settings select the emulator, it runs within the scope. */
export const provider: Effect.Effect<
  ConfigProvider.ConfigProvider,
  ConfigError.ConfigError | ListenFailed | StorageFailed | InvalidInput,
  CurrentSettings | Output | Scope.Scope
> = Effect.flatMap(CurrentSettings, (settings) => {
  const customers = emulatedCustomers(settings)
  if (customers === undefined) return Effect.as(sayReal(settings), providerOf(overridesOf(settings)))
  return emulated(settings, customers, settings.emulator === undefined ? "AVARA_API_KEY is not set: " : "")
})

const config = Config.map(Avara.config, (options) => ({ ...options, userAgent: `avara-cli/${version}` }))

export interface ClientOptions {
  readonly requestsPerSecond?: number | undefined
  /** The maximum number of concurrent requests. */
  readonly concurrency?: number | undefined
}

/** Creates the client with these settings. */
export const layerFrom = (provider: ConfigProvider.ConfigProvider, options: ClientOptions = {}) => {
  const client = Layer.provide(NodeAvara.layerConfig(config), Layer.setConfigProvider(provider))
  return Object.values(options).every((value) => value === undefined)
    ? client
    : Layer.provide(client, RateLimiter.layer(options))
}

/** Creates the client that the command line and the environment describe. */
export const layer = (
  options: ClientOptions = {}
): Layer.Layer<
  Avara.Services,
  ConfigError.ConfigError | ListenFailed | StorageFailed | InvalidInput,
  CurrentSettings | Output
> => Layer.unwrapScoped(Effect.map(provider, (provider) => layerFrom(provider, options)))
