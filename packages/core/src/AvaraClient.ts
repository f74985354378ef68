/**
 * The client that every call goes through: authentication, retries, deadlines, typed errors, spans and metrics.
 *
 * @since 0.1.0
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import type * as ConfigError from "effect/ConfigError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as MutableRef from "effect/MutableRef"
import * as Option from "effect/Option"
import type * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { RequestError } from "./AvaraError.js"
import { type Execute, makeExecute } from "./internal/call/execute.js"
import { decodeRequested, readsText } from "./internal/decode/decoder.js"
import type { ResponseInfo } from "./internal/observe/responseInfo.js"
import { CurrentResponseRefs } from "./internal/observe/responses.js"
import { makeTemplate } from "./internal/request/path.js"
import { CurrentCallOptions, mergeCallOptions } from "./internal/settings/callOptions.js"
import type { CallOptions, Options, Query } from "./internal/settings/clientOptions.js"
import * as options_ from "./internal/settings/options.js"
import type { Method } from "./internal/transport/transport.js"

/**
 * The last response that a call received.
 *
 * @since 0.1.0
 * @category models
 */
export type { ResponseInfo } from "./internal/observe/responseInfo.js"
/**
 * The options of a client, of a call, and of query parameters.
 *
 * @since 0.1.0
 * @category options
 */
export type { CallOptions, Options, Query } from "./internal/settings/clientOptions.js"

/**
 * The client that `Customers`, `CustomerUsers` and `request` use to send calls.
 *
 * @since 0.1.0
 * @category models
 */
export interface AvaraClientService {
  /** @internal */
  readonly execute: Execute
}

/**
 * The client that `Customers`, `CustomerUsers` and `request` use to send calls.
 *
 * @since 0.1.0
 * @category tags
 */
export class AvaraClient extends Context.Tag("@effect-avara/core/AvaraClient")<AvaraClient, AvaraClientService>() {}

/**
 * Creates a client that sends requests through the `HttpClient` in the context.
 *
 * Fails with a `ConfigError` that names the invalid option and says what is allowed.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  options: Options
): Effect.Effect<AvaraClientService, ConfigError.ConfigError, HttpClient.HttpClient | Scope.Scope> =>
  Effect.gen(function* () {
    const resolved = yield* options_.resolve(options)
    const execute = yield* makeExecute(resolved)
    return { execute }
  })

/**
 * Provides the client alone, without the services. `Avara.layer` provides both.
 *
 * Fails with a `ConfigError` that names the invalid option and says what is allowed.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (options: Options): Layer.Layer<AvaraClient, ConfigError.ConfigError, HttpClient.HttpClient> =>
  Layer.scoped(AvaraClient, make(options))

/**
 * Sets options for every call inside an Effect or a Stream.
 *
 * Inner options override outer ones, and both override the options of the client. A call with an invalid option fails with `Validation`.
 *
 * @example
 * ```ts
 * import { AvaraClient, Customers, RetryPolicy } from "@effect-avara/core"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.gen(function*() {
 *   const customers = yield* Customers
 *   return yield* customers.retrieve("cus_1234567890abcdef1234567890abcdef").pipe(
 *     AvaraClient.withOptions({ timeout: "2 seconds", retry: RetryPolicy.none })
 *   )
 * })
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const withOptions =
  (options: CallOptions) =>
  <T extends Effect.Effect<unknown, unknown, unknown> | Stream.Stream<unknown, unknown, unknown>>(self: T): T => {
    const provide = <R>(context: Context.Context<R>) =>
      Context.add(context, CurrentCallOptions, mergeCallOptions(Context.get(context, CurrentCallOptions), options))
    return (Effect.isEffect(self) ? Effect.mapInputContext(self, provide) : Stream.mapInputContext(self, provide)) as T
  }

/**
 * Returns the value of an Effect together with the last response that a call inside it received.
 *
 * The response is `None` if no call received one. If a call is retried, only its last response is returned. To get the response of a
 * failed call, use `withResponse(Effect.either(call))`. Requests that an operation makes internally do not count. For example, if
 * `createOnce` finds its customer in the list, there is no response.
 *
 * @example
 * ```ts
 * import { AvaraClient, Customers } from "@effect-avara/core"
 * import * as Effect from "effect/Effect"
 * import * as Option from "effect/Option"
 *
 * const program = Effect.gen(function*() {
 *   const customers = yield* Customers
 *   const call = Effect.either(customers.retrieve("cus_1234567890abcdef1234567890abcdef"))
 *   const { response, value } = yield* AvaraClient.withResponse(call)
 *   const { json, status } = Option.getOrThrow(response)
 *   return { value, status, json }
 * })
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const withResponse = <A, E, R>(
  self: Effect.Effect<A, E, R>
): Effect.Effect<{ readonly value: A; readonly response: Option.Option<ResponseInfo> }, E, R> =>
  Effect.suspend(() => {
    const last = MutableRef.make(Option.none<ResponseInfo>())
    return self.pipe(
      Effect.mapInputContext((context: Context.Context<R>) =>
        Context.add(context, CurrentResponseRefs, [...Context.get(context, CurrentResponseRefs), last])
      ),
      Effect.map((value) => ({ value, response: MutableRef.get(last) }))
    )
  })

/**
 * Calls an endpoint that this library does not cover, with the same authentication, retries, deadlines and errors.
 *
 * `{name}` in `path` is replaced by the parameter of that name, encoded as one path segment. A path contains no `?` and no `#`. Pass query
 * parameters as `query`, where an array repeats the parameter. A `POST` is not sent again after an ambiguous failure unless `replay` is
 * `"safe"`. Other methods are sent again.
 *
 * `response` decodes the body of a successful response:
 *
 * - The body is parsed as JSON.
 * - A schema that accepts `undefined` also accepts an empty body, such as that of a 204. `Schema.Void` ignores the JSON of any other body.
 * - A schema of text, such as `Schema.String`, decodes the body as text. If the `content-type` is JSON, the body must be a JSON string.
 *
 * Fails with `OutcomeUnknown` if a request that is not safe to send again may have been processed.
 *
 * @example
 * ```ts
 * import { AvaraClient } from "@effect-avara/core"
 * import * as Schema from "effect/Schema"
 *
 * const studies = AvaraClient.request({
 *   method: "GET",
 *   path: "/v1/express/{expressCustomerId}/studies",
 *   params: { expressCustomerId: "cus_1234567890abcdef1234567890abcdef" },
 *   response: Schema.Struct({ studies: Schema.Array(Schema.Struct({ studyId: Schema.String })) })
 * })
 * ```
 *
 * @since 0.1.0
 * @category requests
 */
export const request = <A, I>(options: {
  readonly method: Method
  readonly path: `/${string}`
  readonly params?: Readonly<Record<string, string>> | undefined
  readonly query?: Query | undefined
  /** The body, sent as JSON. */
  readonly body?: unknown
  readonly response: Schema.Schema<A, I>
  /** The operation's name in errors and spans; the method and the path by default. */
  readonly operation?: string | undefined
  readonly replay?: "safe" | "unsafe" | undefined
}): Effect.Effect<A, RequestError, AvaraClient> =>
  Effect.flatMap(AvaraClient, (client) => {
    const template = makeTemplate(options.path)
    return client.execute({
      name: options.operation ?? `${options.method} ${template.text}`,
      method: options.method,
      path: { template, params: options.params ?? {} },
      query: options.query ?? {},
      body: options.body,
      decode: decodeRequested(options.response),
      readsText: readsText(options.response.ast),
      replay: options.replay ?? (options.method === "POST" ? "unsafe" : "safe"),
      refusals: ["NotFound", "Conflict"],
      subject: { resource: template.text, id: Object.values(options.params ?? {}).join("/") }
    })
  })
