/**
 * The layers that supply the client and its services.
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
 * What `layer` and `layerConfig` supply.
 *
 * @since 0.1.0
 * @category models
 */
export type Services = AvaraClient.AvaraClient | Customers.Customers | CustomerUsers.CustomerUsers

/**
 * The client and its services from options given by value, over the `HttpClient` in the context.
 *
 * Fails with a `ConfigError` that names the wrong option and what is allowed.
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
  // One graph of layers builds a layer once: without `fresh`, a second client in it would get the services of the first.
  Layer.fresh(CustomerUsers.layer).pipe(
    Layer.provideMerge(Layer.fresh(Customers.layer)),
    Layer.provideMerge(AvaraClient.layer(options))
  )

/** A setting that counts as not set when it is blank. */
const unlessBlank = (name: string): Config.Config<Option.Option<string>> =>
  Config.option(Config.string(name)).pipe(Config.map(Option.filter((text) => text.trim() !== "")))

const checked = <A, B>(
  config: Config.Config<A>,
  path: ReadonlyArray<string>,
  check: (value: A) => Either.Either<B, string>
): Config.Config<B> =>
  Config.mapOrFail(config, (value) => Either.mapLeft(check(value), (message) => configError.invalidData(path, message)))

/** An optional setting does not name itself in an error, a required one does. */
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
    if (bad !== -1) return yield* Either.left(`expected lines of the form "Name: value", which line ${bad + 1} is not`)
    // A line that is wrong may hold a value where its name belongs.
    const wrong = pairs.map(([name, value]) => headerIssues({ [name]: value })[0])
    const at = wrong.findIndex((issue) => issue !== undefined)
    if (at !== -1) return yield* Either.left(`line ${at + 1}: ${wrong[at]?.message}`)
    return Object.fromEntries(pairs.map(([name, value]) => [name, Redacted.make(value)]))
  })

/** A function, so that a bundle without `config` holds none of it. */
const makeConfig = (): Config.Config<AvaraClient.Options> =>
  Config.all({
    // A secret that is mounted as a file ends in a line break.
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
 * The options from the environment, or from any other `ConfigProvider`.
 *
 * | setting | meaning |
 * | --- | --- |
 * | `AVARA_API_KEY` | required, not blank; white space around it is ignored |
 * | `AVARA_BASE_URL` | an https URL, or http to a loopback address; `https://api.avarasoftware.com` if blank or not set |
 * | `AVARA_TIMEOUT` | the deadline of one attempt, such as `30 seconds` |
 * | `AVARA_MAX_RETRIES` | 0 to 20 |
 * | `AVARA_CUSTOM_HEADERS` | extra headers, a line each: `Name: value`; `User-Agent` replaces the library's own |
 * | `AVARA_VALIDATION` | `strict` or `lenient` |
 * | `AVARA_LOG` | which lines about calls are logged: `error`, `warn`, `info`, `debug` or `off`; `off` if blank or not set |
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
 * The client and its services from the environment, or from an own `Config` of the options.
 *
 * Fails with a `ConfigError` that names the wrong variable and what is allowed.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerConfig = (
  options: Config.Config.Wrap<AvaraClient.Options> = config
): Layer.Layer<Services, ConfigError.ConfigError, HttpClient.HttpClient> =>
  Layer.unwrapEffect(Effect.map(Config.unwrap(options), layer))

/**
 * A `ConfigError` as one line: each wrong setting, and what is allowed there.
 *
 * @since 0.1.0
 * @category formatting
 */
export const formatConfigError: (error: ConfigError.ConfigError) => string = configError.format
