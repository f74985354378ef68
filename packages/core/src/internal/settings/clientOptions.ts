import type * as Duration from "effect/Duration"
import type * as Redacted from "effect/Redacted"
import type { RateLimiterService } from "../../RateLimiter.js"
import type * as RetryPolicy from "../../RetryPolicy.js"

/**
 * Query parameters. An array repeats the parameter. `undefined` or `null` removes a parameter that the client or outer options set.
 *
 * @since 0.1.0
 * @category options
 */
export type Query = Readonly<Record<string, string | ReadonlyArray<string> | null | undefined>>

/**
 * The options of a client. Only `apiKey` is required.
 *
 * @since 0.1.0
 * @category options
 */
export interface Options {
  /** The API key: visible ASCII characters, not blank. */
  readonly apiKey: Redacted.Redacted
  /** The URL of the API, `https://api.avarasoftware.com` by default. A path is kept and precedes `/v1`. */
  readonly baseUrl?: string | undefined
  /** Allows `http://` for hosts other than loopback addresses, which sends the API key unprotected; `false` by default. */
  readonly allowInsecure?: boolean | undefined
  /** The timeout of one attempt, from connecting to the end of the response: at most 24 days, or `Infinity`; 60 seconds by default. */
  readonly timeout?: Duration.DurationInput | undefined
  /** The deadline of a call, including all its attempts and waits: at most 24 days, or `Infinity` for none, which is the default. */
  readonly deadline?: Duration.DurationInput | undefined
  /** Which failures are retried, when and how often; `RetryPolicy.standard` by default. */
  readonly retry?: RetryPolicy.RetryPolicy | undefined
  /**
   * The number of tokens that all calls of an account share for retries, 500 by default; `Infinity` removes the limit.
   *
   * A retry costs 5 tokens, or 10 after a timeout. If the retry succeeds, they are returned. A success at the first attempt adds 1 token.
   * If there are not enough tokens left, a failure is not retried.
   */
  readonly retryBudget?: number | undefined
  /** Extra headers for every request. `User-Agent` replaces the library's own. */
  readonly headers?: Readonly<Record<string, string | Redacted.Redacted>> | undefined
  /** Extra query parameters for every request. An array repeats the parameter. */
  readonly query?: Readonly<Record<string, string | ReadonlyArray<string>>> | undefined
  /** Text to append to the library's user agent, such as `billing/1.4`. */
  readonly userAgent?: string | undefined
  /** The name of a header that the server treats as an idempotency key. A create is sent again after an ambiguous failure only if it is set. */
  readonly idempotencyHeader?: string | undefined
  /** Whether to send `traceparent` and `b3` headers to the API; `false` by default. */
  readonly tracePropagation?: boolean | undefined
  /** The largest response body in bytes, at most 500 MiB. The default is 72 MiB, enough for 100 customers with the maximum metadata. */
  readonly maxBodySize?: number | undefined
  /**
   * What to do if a field of a response does not have its documented shape. `"strict"`, the default, fails with `InvalidResponse`.
   *
   * `"lenient"` reads `createdAt`, `updatedAt`, `createdByApiKeyId`, `createdByUserId`, `metadata` and `message` as absent, reads `userCount`
   * as `NaN`, and drops single entries of `metadata` that are not text. It logs one warning per operation and path, and counts the fields in
   * `Telemetry.drift`. Every other field is still checked strictly.
   */
  readonly validation?: "strict" | "lenient" | undefined
  /**
   * Which lines about calls the client writes to Effect's logger, regardless of the program's minimum log level. `"off"`, the default, writes
   * none. Each of the other levels includes the levels before it:
   *
   * - `"error"`: each call that fails, with the tag of its error
   * - `"warn"`: each attempt that fails and is retried
   * - `"info"`: each call that succeeds, with status, attempts, elapsed time and request id
   * - `"debug"`: each request that is sent
   *
   * A line names the method and the route, such as `/v1/express/{expressCustomerId}`. It contains no id, query value, header value or body.
   */
  readonly logLevel?: "error" | "warn" | "info" | "debug" | "off" | undefined
}

/**
 * The options of single calls: see `withOptions`.
 *
 * @since 0.1.0
 * @category options
 */
export interface CallOptions {
  /** The API key of another account. Its retries use a separate budget. */
  readonly apiKey?: Redacted.Redacted | undefined
  /** Another URL of the API, with the same rules as for the client. Without `apiKey`, the client's key is sent there. */
  readonly baseUrl?: string | undefined
  /** The timeout of one attempt. */
  readonly timeout?: Duration.DurationInput | undefined
  /** The deadline of a call, including all its attempts and waits. */
  readonly deadline?: Duration.DurationInput | undefined
  /** Which failures are retried, when and how often. */
  readonly retry?: RetryPolicy.RetryPolicy | undefined
  /** The rate limiter to use instead of the client's. */
  readonly limiter?: RateLimiterService | undefined
  /** What to do if a field of a response does not have its documented shape. */
  readonly validation?: "strict" | "lenient" | undefined
  /** Extra headers in addition to those of the client. `undefined` or `null` removes a header that the client or outer options set. */
  readonly headers?: Readonly<Record<string, string | Redacted.Redacted | null | undefined>> | undefined
  /** Extra query parameters in addition to those of the client. */
  readonly query?: Query | undefined
  /**
   * Extra fields for the JSON body that the library does not cover yet. A call without a body gets one, unless it is a `GET` or `DELETE`. A
   * field that the call sets itself cannot be replaced: the call fails with `Validation`.
   */
  readonly body?: Readonly<Record<string, unknown>> | undefined
}
