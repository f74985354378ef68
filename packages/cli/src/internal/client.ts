import { Avara, RateLimiter } from "@effect-avara/core"
import type { EmulatorService, ListenFailed, StorageFailed } from "@effect-avara/emulator/Emulator"
import { NodeAvara } from "@effect-avara/node"
import * as Config from "effect/Config"
import type * as ConfigError from "effect/ConfigError"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type Output, say } from "./output.js"
import { CurrentSettings } from "./services.js"
import type { Settings } from "./settings.js"
import { integer } from "./text.js"
import { version } from "./version.js"

type Overrides = Readonly<Record<string, string | undefined>>

/** The environment, with what the command line says in its place. */
const providerOf = (overrides: Overrides): ConfigProvider.ConfigProvider => {
  const given = Object.entries(overrides).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
  return ConfigProvider.orElse(ConfigProvider.fromMap(new Map(given)), () => ConfigProvider.fromEnv())
}

const overridesOf = ({ baseUrl, maxRetries, timeout }: Settings): Overrides => ({
  AVARA_BASE_URL: baseUrl,
  AVARA_TIMEOUT: timeout,
  AVARA_MAX_RETRIES: maxRetries?.toString()
})

/** Every setting of the client, from the command line and the environment. */
export const configProvider = (settings: Settings): ConfigProvider.ConfigProvider => providerOf(overridesOf(settings))

const config = Config.map(Avara.config, (options) => ({ ...options, userAgent: `avara-cli/${version}` }))

export interface ClientOptions {
  readonly requestsPerSecond?: number | undefined
  /** The most requests at a time. */
  readonly concurrency?: number | undefined
}

const clientOf = (overrides: Overrides, { concurrency, requestsPerSecond }: ClientOptions) => {
  const client = Layer.provide(NodeAvara.layerConfig(config), Layer.setConfigProvider(providerOf(overrides)))
  return requestsPerSecond === undefined && concurrency === undefined
    ? client
    : Layer.provide(client, RateLimiter.layer({ requestsPerSecond, concurrency }))
}

const emulatorKey = `sk_live_${"0".repeat(32)}`

const announce = ({ url }: EmulatorService, why: string, customers: number) =>
  say(`${why}using the embedded emulator at ${url} with ${integer(customers)} customers`)

const emulated = (settings: Settings, options: ClientOptions, customers: number, why: string) =>
  Effect.promise(() => import("@effect-avara/emulator/Emulator")).pipe(
    Effect.map(({ Emulator, layer }) =>
      Effect.gen(function* () {
        const emulator = yield* Emulator
        if (!settings.quiet) yield* announce(emulator, why, customers)
        return clientOf(
          { ...overridesOf(settings), AVARA_BASE_URL: emulator.url, AVARA_API_KEY: emulatorKey },
          options
        )
      }).pipe(Layer.unwrapEffect, Layer.provide(layer({ customers })))
    ),
    Layer.unwrapEffect
  )

const hasKey = (): boolean => (process.env["AVARA_API_KEY"] ?? "").trim() !== ""

/** The client that the command line and the environment describe. */
export const layer = (
  options: ClientOptions = {}
): Layer.Layer<
  Avara.Services,
  ConfigError.ConfigError | ListenFailed | StorageFailed,
  CurrentSettings | Output
> =>
  Layer.unwrapEffect(
    Effect.map(CurrentSettings, (settings) => {
      const { emulator, emulatorWithoutKey } = settings
      if (emulator !== undefined) return emulated(settings, options, emulator, "")
      if (emulatorWithoutKey === undefined) return clientOf(overridesOf(settings), options)
      return hasKey()
        ? clientOf(overridesOf(settings), options)
        : emulated(settings, options, emulatorWithoutKey, "AVARA_API_KEY is not set: ")
    })
  )
