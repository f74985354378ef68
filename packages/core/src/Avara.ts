/**
 * The layers that provide the client and its services, and the configuration from the environment.
 *
 * Manual: https://github.com/effect-avara/effect-avara/blob/main/docs/configuration.md
 *
 * @since 0.1.0
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import * as Config from "effect/Config"
import type * as ConfigError from "effect/ConfigError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as AvaraClient from "./AvaraClient.js"
import * as Customers from "./Customers.js"
import * as CustomerUsers from "./CustomerUsers.js"
import * as configError from "./internal/platform/configError.js"
import { checkLimit } from "./internal/platform/durations.js"
import { checkLogLevel, checkValidation } from "./internal/settings/checks.js"
import { checkBaseUrl, checkKeyText } from "./internal/settings/credentials.js"
import { headerIssues } from "./internal/settings/names.js"
import * as RetryPolicy from "./RetryPolicy.js"

/**
 * The services that `layer` and `layerConfig` provide.
 *
 * @since 0.1.0
 * @category models
 */
export type Services = AvaraClient.AvaraClient | Customers.Customers | CustomerUsers.CustomerUsers

/**
 * Provides the client and its services from option values. Requests go through the `HttpClient` in the context.
 *
 * Fails with a `ConfigError` that names the invalid option and says what is allowed.
 *
 * @example
 * ```ts
 * import { Avara } from "@effect-avara/core"
 * import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
 * import * as Layer from "effect/Layer"
 * import * as Redacted from "effect/Redacted"
 *
 * const AvaraLive = Avara.layer({
 *   apiKey: Redacted.make("sk_live_1234567890abcdef1234567890abcdef"),
 *   timeout: "10 seconds"
 * }).pipe(Layer.provide(FetchHttpClient.layer))
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (
  options: AvaraClient.Options
): Layer.Layer<Services, ConfigError.ConfigError, HttpClient.HttpClient> =>
  // Effect builds a layer once per graph: without `fresh`, a second client would get the services of the first.
  Layer.fresh(CustomerUsers.layer).pipe(
    Layer.provideMerge(Layer.fresh(Customers.layer)),
    Layer.provideMerge(AvaraClient.layer(options))
  )

/** An optional setting; blank text counts as not set. */
const unlessBlank = (name: string): Config.Config<Option.Option<string>> =>
  Config.option(Config.string(name)).pipe(Config.map(Option.filter((text) => text.trim() !== "")))

const checked = <A, B>(
  config: Config.Config<A>,
  path: ReadonlyArray<string>,
  check: (value: A) => Either.Either<B, string>
): Config.Config<B> =>
  Config.mapOrFail(config, (value) => Either.mapLeft(check(value), (message) => configError.invalidData(path, message)))

/** `Config` adds the name of a required setting to an error, but not the name of an optional one. */
const checkedOption = <A>(
  name: string,
  check: (text: string) => Either.Either<A, string>
): Config.Config<A | undefined> =>
  checked(unlessBlank(name), [name], Option.match({ onNone: () => Either.right(undefined), onSome: check }))

const maxRetries = 20

const parseRetries = (text: string): Either.Either<RetryPolicy.RetryPolicy, string> =>
  /^\d{1,2}$/.test(text.trim()) && Number(text) <= maxRetries
    ? Either.right(RetryPolicy.retries(Number(text)))
    : Either.left(`expected an integer from 0 to ${maxRetries}`)

const parseHeaders = (text: string): Either.Either<Readonly<Record<string, Redacted.Redacted>>, string> =>
  Either.gen(function* () {
    const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "")
    const pairs = lines.map(
      (line) => [line.slice(0, line.indexOf(":")).trim(), line.slice(line.indexOf(":") + 1).trim()] as const
    )
    const bad = lines.findIndex((line) => line.indexOf(":") < 1)
    if (bad !== -1) return yield* Either.left(`line ${bad + 1}: expected the form "Name: value"`)
    // An invalid line may have a secret where its name belongs, so the error reports its number.
    const wrong = pairs.map(([name, value]) => headerIssues({ [name]: value })[0])
    const at = wrong.findIndex((issue) => issue !== undefined)
    if (at !== -1) return yield* Either.left(`line ${at + 1}: ${wrong[at]?.message}`)
    return Object.fromEntries(pairs.map(([name, value]) => [name, Redacted.make(value)]))
  })

/** A function, so that bundlers can drop it together with `config`. */
const makeConfig = (): Config.Config<AvaraClient.Options> =>
  Config.all({
    // A secret that is mounted as a file often ends with a line break.
    apiKey: checked(Config.string("AVARA_API_KEY"), [], (text) => checkKeyText(text.trim())).pipe(
      Config.map(Redacted.make)
    ),
    baseUrl: checkedOption("AVARA_BASE_URL", (text) => Either.map(checkBaseUrl(text, false), (url) => url.href)),
    timeout: checkedOption("AVARA_TIMEOUT", (text) => Either.map(checkLimit(text), Duration.toMillis)),
    retry: checkedOption("AVARA_MAX_RETRIES", parseRetries),
    headers: checkedOption("AVARA_CUSTOM_HEADERS", parseHeaders),
    validation: checkedOption("AVARA_VALIDATION", (text) => checkValidation(text.trim())),
    logLevel: checkedOption("AVARA_LOG", (text) => checkLogLevel(text.trim()))
  })

/**
 * Reads the options from the environment, or from the current `ConfigProvider`.
 *
 * | setting | meaning |
 * | --- | --- |
 * | `AVARA_API_KEY` | required, not blank; white space at both ends is ignored |
 * | `AVARA_BASE_URL` | an `https://` URL, or an `http://` URL of a loopback address; `https://api.avarasoftware.com` if blank or not set |
 * | `AVARA_TIMEOUT` | the timeout of one attempt, such as `30 seconds` |
 * | `AVARA_MAX_RETRIES` | the number of retries, 0 to 20 |
 * | `AVARA_CUSTOM_HEADERS` | extra headers, one `Name: value` per line; `User-Agent` replaces the library's own |
 * | `AVARA_VALIDATION` | `strict` or `lenient` |
 * | `AVARA_LOG` | the log level for calls: `error`, `warn`, `info`, `debug` or `off`; `off` if blank or not set |
 *
 * @example
 * ```ts
 * import { Avara } from "@effect-avara/core"
 * import * as Config from "effect/Config"
 *
 * const AvaraLive = Avara.layerConfig(
 *   Avara.config.pipe(Config.map((options) => ({ ...options, deadline: "5 minutes", userAgent: "billing/1.4" })))
 * )
 * ```
 *
 * @since 0.1.0
 * @category config
 */
export const config: Config.Config<AvaraClient.Options> = /* @__PURE__ */ makeConfig()

/**
 * Provides the client and its services from the environment, or from your own `Config` of the options. Requests go through the
 * `HttpClient` in the context.
 *
 * Fails with a `ConfigError` that names the invalid variable and says what is allowed.
 *
 * @example
 * ```ts
 * import { Avara, Customers } from "@effect-avara/core"
 * import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 *
 * const AvaraLive = Avara.layerConfig().pipe(Layer.provide(FetchHttpClient.layer))
 *
 * const firstPage = Customers.pipe(
 *   Effect.flatMap((customers) => customers.list()),
 *   Effect.provide(AvaraLive)
 * )
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layerConfig = (
  options: Config.Config.Wrap<AvaraClient.Options> = config
): Layer.Layer<Services, ConfigError.ConfigError, HttpClient.HttpClient> =>
  Layer.unwrapEffect(Effect.map(Config.unwrap(options), layer))

/**
 * Formats a `ConfigError` as one line that lists each invalid setting and what is allowed.
 *
 * @example
 * ```ts
 * import { Avara } from "@effect-avara/core"
 * import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 *
 * const AvaraLive = Avara.layerConfig().pipe(
 *   Layer.tapError((error) => Effect.logError(Avara.formatConfigError(error))),
 *   Layer.provide(FetchHttpClient.layer)
 * )
 * ```
 *
 * @since 0.1.0
 * @category formatting
 */
export const formatConfigError: (error: ConfigError.ConfigError) => string = configError.format
