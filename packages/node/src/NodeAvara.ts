/**
 * The client on Node, with pooled keep-alive connections, proxies from the environment, and your own certificates.
 *
 * Manual: https://github.com/effect-avara/effect-avara/blob/main/docs/configuration.md
 *
 * @since 0.1.0
 */
import "./internal/requireNode.js"
import * as HttpClient from "@effect/platform/HttpClient"
import * as Avara from "@effect-avara/core/Avara"
import type * as AvaraClient from "@effect-avara/core/AvaraClient"
import { defaultMaxBodySize, Transport } from "@effect-avara/core/internal/transport"
import * as Config from "effect/Config"
import * as ConfigError from "effect/ConfigError"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import type { Dispatcher, EnvHttpProxyAgent } from "undici"
import { checkTransport } from "./internal/checks.js"
import { makeDispatch } from "./internal/dispatch.js"
import { makeHttpClient } from "./internal/httpClient.js"
import { hasProxy, loadProxyDispatcher } from "./internal/proxies.js"
import { acquireSocketRegistry, type SocketRegistry } from "./internal/sockets.js"
import { makeTransport } from "./internal/transport.js"
import type { TransportOptions } from "./internal/transportOptions.js"
import { type Direct, loadDirect } from "./internal/undici.js"

/**
 * The options for connections.
 *
 * @since 0.1.0
 * @category options
 */
export type { TransportOptions } from "./internal/transportOptions.js"

const tlsOf = ({ ca, cert, key, passphrase }: TransportOptions) => ({
  ...(ca === undefined ? {} : { ca: typeof ca === "string" ? ca : [...ca] }),
  ...(cert === undefined ? {} : { cert }),
  ...(key === undefined ? {} : { key: Redacted.value(key) }),
  ...(passphrase === undefined ? {} : { passphrase: Redacted.value(passphrase) })
})

/** An import would load these modules even if there is nothing to check. */
const assertPems = (tls: ReturnType<typeof tlsOf>) => {
  if (Object.keys(tls).length === 0) return
  const { X509Certificate } = process.getBuiltinModule("node:crypto")
  for (const pem of [tls.ca ?? []].flat()) new X509Certificate(pem)
  process.getBuiltinModule("node:tls").createSecureContext(tls)
}

/** Creates dispatchers. The modules for proxies are loaded only if the environment names one. */
const dispatcherMaker = ({ Agent }: Direct): Effect.Effect<(options: EnvHttpProxyAgent.Options) => Dispatcher> =>
  Effect.suspend(() =>
    hasProxy() ? Effect.promise(loadProxyDispatcher) : Effect.succeed((options) => new Agent(options))
  )

const dispatcherOptions = (
  { buildConnector }: Direct,
  options: TransportOptions,
  sockets: SocketRegistry
): EnvHttpProxyAgent.Options => {
  const tls = tlsOf(options)
  assertPems(tls)
  const timeout = Duration.toMillis(options.connectTimeout ?? "10 seconds")
  return {
    connect: sockets.registering(buildConnector({ ...tls, timeout })),
    requestTls: { ...tls, timeout },
    proxyTls: { ...("ca" in tls ? { ca: tls.ca } : {}), timeout },
    connections: options.connections ?? null,
    keepAliveTimeout: Math.max(1, Duration.toMillis(options.keepAlive ?? "4 seconds"))
  }
}

/** The message omits the reason, which may hold a key or a proxy's password. */
const wrongTransport = ConfigError.InvalidData(
  [],
  "the connections cannot be set up: expected certificates and keys in PEM, the passphrase of the key, and URLs in HTTP_PROXY and HTTPS_PROXY"
)

const acquireDispatcher = (
  options: TransportOptions
): Effect.Effect<Dispatcher, ConfigError.ConfigError, Scope.Scope> =>
  Effect.gen(function* () {
    yield* checkTransport(options)
    const sockets = yield* acquireSocketRegistry
    const undici = yield* Effect.promise(loadDirect)
    const make = yield* dispatcherMaker(undici)
    return yield* Effect.acquireRelease(
      Effect.try({ try: () => make(dispatcherOptions(undici, options, sockets)), catch: () => wrongTransport }),
      (dispatcher) => Effect.promise(() => dispatcher.destroy())
    )
  })

const httpClientOver =
  ({ maxBodySize = defaultMaxBodySize }: TransportOptions) =>
  (dispatcher: Dispatcher): HttpClient.HttpClient =>
    makeHttpClient(makeDispatch(dispatcher), maxBodySize)

/**
 * Provides an `HttpClient` over undici. Its sockets close when the layer's scope ends.
 *
 * It honors `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`, and never uses a proxy for loopback addresses. Use it with `Avara.layer` from
 * `@effect-avara/core` to change requests or look at responses. Fails with a `ConfigError` if an option is not valid.
 *
 * @example
 * ```ts
 * import { Avara } from "@effect-avara/core"
 * import { NodeAvara } from "@effect-avara/node"
 * import * as HttpClient from "@effect/platform/HttpClient"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 *
 * const LoggedHttp = NodeAvara.layerHttpClient({ connections: 8 }).pipe(
 *   Layer.project(
 *     HttpClient.HttpClient,
 *     HttpClient.HttpClient,
 *     HttpClient.tapRequest((request) => Effect.logDebug(request.method))
 *   )
 * )
 *
 * const AvaraLive = Avara.layerConfig().pipe(Layer.provide(LoggedHttp))
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layerHttpClient = (
  options: TransportOptions = {}
): Layer.Layer<HttpClient.HttpClient, ConfigError.ConfigError> =>
  Layer.scoped(HttpClient.HttpClient, Effect.map(acquireDispatcher(options), httpClientOver(options)))

/** Provides the client's transport in addition to the `HttpClient` that it would use otherwise. */
const layerTransport = (
  options: TransportOptions
): Layer.Layer<HttpClient.HttpClient | Transport, ConfigError.ConfigError> =>
  Layer.scopedContext(
    Effect.map(acquireDispatcher(options), (dispatcher) =>
      Context.make(Transport, makeTransport(makeDispatch(dispatcher), options.maxBodySize)).pipe(
        Context.add(HttpClient.HttpClient, httpClientOver(options)(dispatcher))
      )
    )
  )

/**
 * Provides the client and its services on Node from option values. `transport` sets how connections are made.
 *
 * Fails with a `ConfigError` that names the invalid option and says what is allowed.
 *
 * @example
 * ```ts
 * import { NodeAvara } from "@effect-avara/node"
 * import * as Redacted from "effect/Redacted"
 *
 * const AvaraLive = NodeAvara.layer(
 *   { apiKey: Redacted.make("sk_live_1234567890abcdef1234567890abcdef") },
 *   { connections: 8 }
 * )
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (
  options: AvaraClient.Options,
  transport: TransportOptions = {}
): Layer.Layer<Avara.Services, ConfigError.ConfigError> =>
  Layer.provide(
    Avara.layer(options),
    layerTransport({ ...transport, maxBodySize: transport.maxBodySize ?? options.maxBodySize })
  )

/**
 * Provides the client and its services on Node from the environment (`AVARA_API_KEY`, `AVARA_BASE_URL`, ...) or from your own `Config`.
 * `transport` sets how connections are made.
 *
 * Fails with a `ConfigError` that names the invalid variable and says what is allowed.
 *
 * @example
 * ```ts
 * import { Customers } from "@effect-avara/core"
 * import { NodeAvara } from "@effect-avara/node"
 * import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
 * import * as Effect from "effect/Effect"
 * import * as Stream from "effect/Stream"
 *
 * const program = Effect.gen(function*() {
 *   const customers = yield* Customers
 *   return yield* Stream.runCount(customers.stream())
 * })
 *
 * program.pipe(Effect.flatMap(Effect.log), Effect.provide(NodeAvara.layerConfig()), NodeRuntime.runMain)
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layerConfig = (
  options: Config.Config.Wrap<AvaraClient.Options> = Avara.config,
  transport: TransportOptions = {}
): Layer.Layer<Avara.Services, ConfigError.ConfigError> =>
  Layer.unwrapEffect(Effect.map(Config.unwrap(options), (options) => layer(options, transport)))
