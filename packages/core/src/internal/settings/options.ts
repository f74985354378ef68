import * as Arr from "effect/Array"
import * as ConfigError from "effect/ConfigError"
import * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import { constFalse } from "effect/Function"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import type * as Issue from "../../Issue.js"
import * as RetryPolicy from "../../RetryPolicy.js"
import { version } from "../version.js"
import {
  checkBoolean,
  checkLogLevel,
  checkMaxBodySize,
  checkRedacted,
  checkRetry,
  checkRetryBudget,
  checkText,
  checkValidation,
  isNames
} from "./checks.js"
import type { Options, Query } from "./clientOptions.js"
import { type Checked, checkLimit } from "./durations.js"

/** The options of a client with every default filled in. @internal */
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

const isLoopback = (hostname: string) =>
  hostname === "localhost" ||
  hostname.endsWith(".localhost") ||
  hostname === "[::1]" ||
  /^127(?:\.\d{1,3}){3}$/.test(hostname)

/** @internal */
export const checkBaseUrl = (text: string, allowInsecure: boolean): Checked<URL> => {
  if (typeof text !== "string" || !URL.canParse(text)) {
    return Either.left("expected an absolute URL such as https://api.avarasoftware.com")
  }
  const url = new URL(text)
  if (url.protocol !== "https:" && url.protocol !== "http:")
    return Either.left("expected a URL that starts with https:// or http://")
  if (url.username !== "" || url.password !== "") return Either.left("expected a URL without a user name and password")
  if (url.search !== "" || url.hash !== "") return Either.left("expected a URL without a query and a fragment")
  if (url.port === "0") return Either.left("expected a port from 1 to 65535")
  if (url.protocol === "http:" && !allowInsecure && !isLoopback(url.hostname)) {
    return Either.left(
      "expected https://, as plain http:// would send the API key unprotected; it is allowed for loopback addresses, and elsewhere with the option allowInsecure"
    )
  }
  return Either.right(url)
}

/** Text that can stand in an Authorization header as it is. @internal */
export const checkKeyText = (key: string): Checked<string> => {
  if (key.trim() === "") return Either.left("expected an API key, not blank text")
  const bad = Array.from(key).findIndex((character) => !/^[\x21-\x7e]$/.test(character))
  return bad === -1
    ? Either.right(key)
    : Either.left(
        `expected an API key of visible ASCII characters; character ${bad + 1} is white space, a line break, or not ASCII`
      )
}

const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

const headerValue = /^[\x20-\x7e\x80-\xff]*$/

/** @internal */
export const checkApiKey = (input: unknown): Checked<string> => Either.flatMap(checkRedacted(input), checkKeyText)

/** What the client sets itself, and what is about the connection or the encoding of a body. */
const ownHeaders = new Set([
  "authorization",
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "expect",
  "host",
  "http2-settings",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "__proto__"
])

/** @internal */
export const checkHeaderName = (name: unknown): Checked<string> => {
  if (typeof name !== "string" || !headerName.test(name)) {
    return Either.left("expected a header name of letters, digits and !#$%&'*+-.^_`|~")
  }
  const lowerCase = name.toLowerCase()
  if (lowerCase === "authorization") {
    return Either.left("is set by the client from the API key: set the option apiKey, or AVARA_API_KEY, instead")
  }
  return ownHeaders.has(lowerCase)
    ? Either.left("is set by the client and cannot be set as an extra header")
    : Either.right(lowerCase)
}

const checkIdempotencyHeader = (name: unknown): Checked<string> =>
  Either.filterOrLeft(
    checkHeaderName(name),
    (name) => name !== "user-agent",
    () => "is set by the client and cannot hold an idempotency key"
  )

const checkHeaderValue = (value: string): Checked<string> =>
  headerValue.test(value)
    ? Either.right(value)
    : Either.left("expected a header value without line breaks and control characters")

type HeaderValue = string | Redacted.Redacted

const checkHeaderInput = (value: unknown): Checked<string> =>
  Either.flatMap(Redacted.isRedacted(value) ? checkRedacted(value) : checkText(value), checkHeaderValue)

const issuesOfNames = (
  option: "headers" | "query",
  input: unknown,
  messagesOf: (name: string, value: unknown) => ReadonlyArray<Checked<unknown>>
): ReadonlyArray<Issue.Issue> =>
  isNames(input)
    ? Object.entries(input).flatMap(([name, value]) =>
        messagesOf(name, value)
          .filter(Either.isLeft)
          .map(({ left }) => ({ path: [option, name], message: left }))
      )
    : [{ path: [option], message: "expected an object of names and values" }]

/** Which values take a header or a query parameter away. */
type IsRemoval = (value: unknown) => boolean

/** What is wrong with extra headers, never with their values in it. @internal */
export const headerIssues = (headers: unknown, isRemoval: IsRemoval = constFalse): ReadonlyArray<Issue.Issue> =>
  issuesOfNames("headers", headers, (name, value) => [
    checkHeaderName(name),
    isRemoval(value) ? Either.right("") : checkHeaderInput(value)
  ])

const checkQueryValue = (value: unknown): Checked<unknown> =>
  typeof value === "string" || (Array.isArray(value) && value.every(Predicate.isString))
    ? Either.right(value)
    : Either.left("expected text, or an array of text, which repeats the parameter")

/** What is wrong with extra query parameters, never with their values in it. @internal */
export const queryIssues = (query: unknown, isRemoval: IsRemoval = constFalse): ReadonlyArray<Issue.Issue> =>
  issuesOfNames("query", query, (_, value) => [isRemoval(value) ? Either.right(value) : checkQueryValue(value)])

const plain = (value: HeaderValue): string => (Redacted.isRedacted(value) ? Redacted.value(value) : value)

/** Extra headers by their lower-case names, without those that have no value. @internal */
export const plainHeaders = (
  headers: ReadonlyArray<readonly [name: string, value: HeaderValue | null | undefined]>
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    headers.flatMap(([name, value]) => (Predicate.isNullable(value) ? [] : [[name.toLowerCase(), plain(value)]]))
  )

const at =
  (path: ReadonlyArray<string>) =>
  <A>(checked: Checked<A>): Either.Either<A, ConfigError.ConfigError> =>
    Either.mapLeft(checked, (message) => ConfigError.InvalidData([...path], message))

const withoutIssues = (issues: ReadonlyArray<Issue.Issue>): Either.Either<void, ConfigError.ConfigError> =>
  Arr.match(issues, {
    onEmpty: () => Either.void,
    onNonEmpty: (issues) =>
      Either.left(
        issues
          .map(({ message, path }) => ConfigError.InvalidData(path.map(String), message))
          .reduce((left, right) => ConfigError.And(left, right))
      )
  })

/** A page of 100 customers with all the metadata that is allowed takes 66 MB where each character is escaped. */
const defaultMaxBodySize = 72 * 1024 * 1024

const defaultRetryBudget = 500

const checkUserAgent = (suffix: unknown): Checked<string> =>
  Either.flatMap(checkText(suffix), (text) =>
    checkHeaderValue(`effect-avara/${version}${text === "" ? "" : ` ${text}`}`)
  )

/** Fills in the defaults, or says which option is wrong and what is allowed. @internal */
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
