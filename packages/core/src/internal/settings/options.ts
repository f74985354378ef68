import * as Arr from "effect/Array"
import type * as ConfigError from "effect/ConfigError"
import * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import type * as Redacted from "effect/Redacted"
import type * as Issue from "../../Issue.js"
import * as RetryPolicy from "../../RetryPolicy.js"
import { and, invalidData } from "../platform/configError.js"
import { type Checked, checkLimit } from "../platform/durations.js"
import { defaultMaxBodySize } from "../transport/transport.js"
import { version } from "../version.js"
import {
  checkBoolean,
  checkLogLevel,
  checkMaxBodySize,
  checkRetry,
  checkRetryBudget,
  checkText,
  checkValidation
} from "./checks.js"
import type { Options, Query } from "./clientOptions.js"
import { checkApiKey, checkBaseUrl } from "./credentials.js"
import { checkHeaderName, checkHeaderValue, headerIssues, plainHeaders, queryIssues } from "./names.js"

/** The options of a client, with all defaults. @internal */
export interface ResolvedOptions {
  readonly apiKey: Redacted.Redacted
  readonly baseUrl: URL
  readonly allowInsecure: boolean
  readonly timeout: Duration.Duration
  readonly deadline: Duration.Duration
  readonly retry: RetryPolicy.RetryPolicy
  readonly userAgent: string
  /** Extra headers, whose values may be secret. */
  readonly headers: Readonly<Record<string, string>>
  readonly query: Query
  readonly idempotencyHeader: string | undefined
  readonly tracePropagation: boolean
  readonly maxBodySize: number
  readonly retryBudget: number
  readonly validation: "strict" | "lenient"
  readonly logLevel: NonNullable<Options["logLevel"]>
}

const defaultBaseUrl = "https://api.avarasoftware.com"

const checkIdempotencyHeader = (name: unknown): Checked<string> =>
  Either.filterOrLeft(
    checkHeaderName(name),
    (name) => name !== "user-agent",
    () => "is set by the client and cannot hold an idempotency key"
  )

const at =
  (path: ReadonlyArray<string>) =>
  <A>(checked: Checked<A>): Either.Either<A, ConfigError.ConfigError> =>
    Either.mapLeft(checked, (message) => invalidData(path, message))

const withoutIssues = (issues: ReadonlyArray<Issue.Issue>): Either.Either<void, ConfigError.ConfigError> =>
  Arr.match(issues, {
    onEmpty: () => Either.void,
    onNonEmpty: (issues) =>
      Either.left(issues.map(({ message, path }) => invalidData(path.map(String), message)).reduce(and))
  })

const defaultRetryBudget = 500

const checkUserAgent = (suffix: unknown): Checked<string> =>
  Either.flatMap(checkText(suffix), (text) =>
    checkHeaderValue(`effect-avara/${version}${text === "" ? "" : ` ${text}`}`)
  )

/** Fills in the defaults, or fails with the invalid options and what is allowed. @internal */
export const resolve = (options: Options): Either.Either<ResolvedOptions, ConfigError.ConfigError> =>
  Either.gen(function* () {
    const { headers = {}, query = {} } = options
    yield* at(["apiKey"])(checkApiKey(options.apiKey))
    const allowInsecure = yield* at(["allowInsecure"])(checkBoolean(options.allowInsecure ?? false))
    const baseUrl = yield* at(["baseUrl"])(checkBaseUrl(options.baseUrl ?? defaultBaseUrl, allowInsecure))
    yield* withoutIssues([...headerIssues(headers), ...queryIssues(query)])
    return {
      apiKey: options.apiKey,
      baseUrl,
      allowInsecure,
      timeout: yield* at(["timeout"])(checkLimit(options.timeout ?? "60 seconds")),
      deadline: yield* at(["deadline"])(checkLimit(options.deadline ?? Duration.infinity)),
      retry: yield* at(["retry"])(checkRetry(options.retry ?? RetryPolicy.standard)),
      userAgent: yield* at(["userAgent"])(checkUserAgent(options.userAgent ?? "")),
      headers: plainHeaders(Object.entries(headers)),
      query,
      idempotencyHeader:
        options.idempotencyHeader === undefined
          ? undefined
          : yield* at(["idempotencyHeader"])(checkIdempotencyHeader(options.idempotencyHeader)),
      tracePropagation: yield* at(["tracePropagation"])(checkBoolean(options.tracePropagation ?? false)),
      maxBodySize: yield* at(["maxBodySize"])(checkMaxBodySize(options.maxBodySize ?? defaultMaxBodySize)),
      retryBudget: yield* at(["retryBudget"])(checkRetryBudget(options.retryBudget ?? defaultRetryBudget)),
      validation: yield* at(["validation"])(checkValidation(options.validation ?? "strict")),
      logLevel: yield* at(["logLevel"])(checkLogLevel(options.logLevel ?? "off"))
    }
  })
