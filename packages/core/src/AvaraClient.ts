/**
 * The one way onto the wire: authentication, retries, deadlines, typed errors, spans and metrics of every call.
 *
 * @since 0.1.0
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import type * as ConfigError from "effect/ConfigError"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as MutableRef from "effect/MutableRef"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import type * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { RequestError } from "./AvaraError.js"
import * as call from "./internal/call.js"
import { CurrentCallOptions, CurrentResponseRef, mergeCallOptions } from "./internal/callOptions.js"
import { decodeRequested, readsText } from "./internal/decoder.js"
import type { Method, Operation, OperationError, Refusal, Replay } from "./internal/operation.js"
import * as options_ from "./internal/options.js"
import { makeTemplate } from "./internal/path.js"
import type * as RetryPolicy from "./RetryPolicy.js"

/**
 * Query parameters. An array repeats the parameter; `undefined` or `null` takes away the one that the client or outer options set.
 *
 * @since 0.1.0
 * @category options
 */
export type Query = Readonly<Record<string, string | ReadonlyArray<string> | null | undefined>>

/**
 * The options of a client. Only the key is needed.
 *
 * @since 0.1.0
 * @category options
 */
export interface Options {
  /** Visible ASCII characters, not blank. */
  readonly apiKey: Redacted.Redacted
  /** `https://api.avarasoftware.com` by default; a path in front of `/v1` is kept. */
  readonly baseUrl?: string | undefined
  /** Allows `http://` to other hosts than loopback ones, which sends the key unprotected; `false` by default. */
  readonly allowInsecure?: boolean | undefined
  /** The deadline of one attempt, from the connection to the decoded response: to 24 days, or `Infinity`; 60 seconds by default. */
  readonly timeout?: Duration.DurationInput | undefined
  /** The deadline of a call through all its attempts and waits: to 24 days, or `Infinity`, the default, for none. */
  readonly deadline?: Duration.DurationInput | undefined
  /** `RetryPolicy.standard` by default. */
  readonly retry?: RetryPolicy.RetryPolicy | undefined
  /**
   * The tokens that all calls of the client pay retries from, 500 by default: a retry takes 5, after a timeout 10; its success
   * gives them back, and a success at the first attempt gives 1. Without tokens a failure is not retried. `Infinity` switches it off.
   */
  readonly retryBudget?: number | undefined
  /** Extra headers of every request. `User-Agent` replaces the library's own. */
  readonly headers?: Readonly<Record<string, string | Redacted.Redacted>> | undefined
  /** Extra query parameters of every request; an array repeats the parameter. */
  readonly query?: Readonly<Record<string, string | ReadonlyArray<string>>> | undefined
  /** Text behind the library's own user agent, such as `billing/1.4`. */
  readonly userAgent?: string | undefined
  /** The name of a header that the server treats as an idempotency key. Only with it is a create sent again after an ambiguous failure. */
  readonly idempotencyHeader?: string | undefined
  /** Sends `traceparent` and `b3` headers to the API; `false` by default. */
  readonly tracePropagation?: boolean | undefined
  /** The largest body of a response in bytes, to 500 MiB; 72 MiB by default, enough for 100 customers with all the metadata allowed. */
  readonly maxBodySize?: number | undefined
  /**
   * What happens when a field of a response has another shape than the API documents. `"strict"`, the default, fails with `InvalidResponse`.
   *
   * `"lenient"` reads `createdAt`, `updatedAt`, `createdByApiKeyId`, `createdByUserId`, `metadata` and `message` as absent, `userCount` as
   * `NaN`, and leaves out single entries of `metadata` that are not text. It logs one warning for each operation and path, and counts the
   * fields in `Telemetry.drift`. Every other field is checked as before.
   */
  readonly validation?: "strict" | "lenient" | undefined
  /**
   * Which lines about calls the client writes to Effect's logger, whatever the program's own minimum level is. `"off"`, the default, writes
   * none; each other level includes those before it:
   *
   * - `"error"`: each call that fails, with the tag of its error
   * - `"warn"`: each attempt that fails and is retried
   * - `"info"`: each call that succeeds, with status, attempts, elapsed time and request id
   * - `"debug"`: each request that is sent
   *
   * A line names the method and the route, such as `/v1/express/{expressCustomerId}`. It holds no id, query value, header value or body.
   */
  readonly logLevel?: "error" | "warn" | "info" | "debug" | "off" | undefined
}

/**
 * What can be set for single calls, see `withOptions`.
 *
 * @since 0.1.0
 * @category options
 */
export interface CallOptions {
  /** The key of another account than the client's. It pays its retries from a budget of its own. */
  readonly apiKey?: Redacted.Redacted | undefined
  /** Where the API is, checked as that of the client is. Without `apiKey`, the client's key is sent there. */
  readonly baseUrl?: string | undefined
  /** The deadline of one attempt. */
  readonly timeout?: Duration.DurationInput | undefined
  /** The deadline of a call through all its attempts and waits. */
  readonly deadline?: Duration.DurationInput | undefined
  readonly retry?: RetryPolicy.RetryPolicy | undefined
  /** What happens when a field has another shape than the API documents. */
  readonly validation?: "strict" | "lenient" | undefined
  /** Extra headers, beside those of the client. `undefined` or `null` takes away a header that the client or outer options set. */
  readonly headers?: Readonly<Record<string, string | Redacted.Redacted | null | undefined>> | undefined
  /** Extra query parameters, beside those of the client. */
  readonly query?: Query | undefined
  /**
   * Extra parameters of the JSON body, for what the library does not know yet. A call without a body gets one, unless it is a `GET` or
   * `DELETE`. A parameter that the call sets itself cannot be replaced: the call fails with `Validation`.
   */
  readonly body?: Readonly<Record<string, unknown>> | undefined
}

/**
 * The last response that a call received. It holds what the server sent, unmasked: keep it out of logs.
 *
 * @since 0.1.0
 * @category models
 */
export interface ResponseInfo {
  readonly status: number
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  readonly requestId: Option.Option<string>
  /** The body as text, empty if it was not received to its end. */
  readonly text: string
  /** The body's JSON as the server sent it, with fields that no schema names; `undefined` if the body is not JSON. */
  readonly json: unknown
  /** The number of the attempt that received the response, from 1. */
  readonly attempts: number
  /** The time from the first attempt to the end of the response, waits included. */
  readonly elapsed: Duration.Duration
}

/**
 * The client's executor, which `Customers` and `CustomerUsers` stand on.
 *
 * @since 0.1.0
 * @category models
 */
export interface AvaraClientService {
  /** @internal */
  readonly execute: <A, R extends Refusal, P extends Replay>(
    operation: Operation<A, R, P>
  ) => Effect.Effect<A, OperationError<R, P>>
}

/**
 * The client's executor, which `Customers` and `CustomerUsers` stand on.
 *
 * @since 0.1.0
 * @category tags
 */
export class AvaraClient extends Context.Tag("@effect-avara/core/AvaraClient")<AvaraClient, AvaraClientService>() {}

/**
 * A client over the `HttpClient` in the context. Fails with a `ConfigError` that names the wrong option and what is allowed.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  options: Options
): Effect.Effect<AvaraClientService, ConfigError.ConfigError, HttpClient.HttpClient | Scope.Scope> =>
  Effect.gen(function* () {
    const resolved = yield* options_.resolve(options)
    const execute = yield* call.make(resolved)
    return { execute }
  })

/**
 * A layer of the executor alone; `Avara.layer` adds the services.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (options: Options): Layer.Layer<AvaraClient, ConfigError.ConfigError, HttpClient.HttpClient> =>
  Layer.scoped(AvaraClient, make(options))

/**
 * Sets options for every call inside an Effect or a Stream. Inner options go before outer ones, and both before those of the client.
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
 * Adds to the value the last response that a call inside the Effect received; none if no call received one.
 *
 * If a call is sent several times, its last response counts. `withResponse(Effect.either(call))` also gives the response of a refusal.
 * What an operation requests on the side, such as the list that `createOnce` looks through, does not count.
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
        Context.add(context, CurrentResponseRef, Option.some(last))
      ),
      Effect.map((value) => ({ value, response: MutableRef.get(last) }))
    )
  })

/**
 * Calls an endpoint that this library does not know, with the same authentication, retries, deadlines and errors.
 *
 * `{name}` in `path` stands for the parameter of that name, as one path segment. A path has no `?` and no `#`: pass query parameters as
 * `query`, where an array repeats the parameter. A `POST` is not sent again after an ambiguous failure unless `replay` is `"safe"`; the
 * other methods are.
 *
 * `response` decodes the body of a success:
 *
 * - A body is read as JSON.
 * - A schema that allows `undefined` also reads an empty body, such as that of a 204. `Schema.Void` ignores the JSON of any other body.
 * - A schema of text, such as `Schema.String`, reads the body as it is. If the `content-type` is JSON, the body has to be a JSON string.
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
  /** Sent as JSON. */
  readonly body?: unknown
  readonly response: Schema.Schema<A, I>
  /** What errors and spans call it; the method and the path by default. */
  readonly operation?: string | undefined
  readonly replay?: "safe" | "unsafe" | undefined
}): Effect.Effect<A, RequestError, AvaraClient> =>
  Effect.flatMap(AvaraClient, (client) =>
    client.execute({
      name: options.operation ?? `${options.method} ${options.path}`,
      method: options.method,
      path: { template: makeTemplate(options.path), params: options.params ?? {} },
      query: options.query ?? {},
      body: options.body,
      decode: decodeRequested(options.response),
      readsText: readsText(options.response.ast),
      replay: options.replay ?? (options.method === "POST" ? "unsafe" : "safe"),
      refusals: ["NotFound", "Conflict"],
      subject: { resource: options.path, id: Object.values(options.params ?? {}).join("/") }
    })
  )
