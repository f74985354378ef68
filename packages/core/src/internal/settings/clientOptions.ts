import type * as Duration from "effect/Duration"
import type * as Redacted from "effect/Redacted"
import type { RateLimiterService } from "../../RateLimiter.js"
import type * as RetryPolicy from "../../RetryPolicy.js"

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
  /** The deadline of one attempt, from the connection to the end of the response: to 24 days, or `Infinity`; 60 seconds by default. */
  readonly timeout?: Duration.DurationInput | undefined
  /** The deadline of a call through all its attempts and waits: to 24 days, or `Infinity`, the default, for none. */
  readonly deadline?: Duration.DurationInput | undefined
  /** `RetryPolicy.standard` by default. */
  readonly retry?: RetryPolicy.RetryPolicy | undefined
  /**
   * The tokens that all calls of an account pay retries from, 500 by default: a retry takes 5, after a timeout 10; its success
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
  /** The limiter that is asked before each attempt, in place of that of the client. */
  readonly limiter?: RateLimiterService | undefined
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
