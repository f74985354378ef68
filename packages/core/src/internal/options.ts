import * as Arr from "effect/Array"
import * as ConfigError from "effect/ConfigError"
import * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import * as Redacted from "effect/Redacted"
import type { Options } from "../AvaraClient.js"
import type * as Issue from "../Issue.js"
import * as RetryPolicy from "../RetryPolicy.js"
import {
  checkBoolean,
  checkMaxBodySize,
  checkRedacted,
  checkRetry,
  checkRetryBudget,
  checkText,
  checkValidation,
  isNames
} from "./checks.js"
import { type Checked, checkLimit } from "./durations.js"
import { version } from "./version.js"

/** The options of a client with every default filled in. @internal */
export interface ResolvedOptions {
  readonly apiKey: Redacted.Redacted
  readonly baseUrl: string
  readonly origin: URL
  readonly timeout: Duration.Duration
  readonly deadline: Duration.Duration
  readonly retry: RetryPolicy.RetryPolicy
  readonly headers: Readonly<Record<string, string>>
  /** The names and values of extra headers, which may be secret. */
  readonly headerNames: ReadonlyArray<string>
  readonly headerSecrets: ReadonlyArray<string>
  readonly query: Readonly<Record<string, string>>
  readonly idempotencyHeader: string | undefined
  readonly tracePropagation: boolean
  readonly maxBodySize: number
  readonly retryBudget: number
  readonly validation: "strict" | "lenient"
}

const defaultBaseUrl = "https://api.avarasoftware.com"

const isLoopback = (hostname: string) =>
  hostname === "localhost" ||
  hostname.endsWith(".localhost") ||
  hostname === "[::1]" ||
  /^127(?:\.\d{1,3}){3}$/.test(hostname)

/** A base URL without a slash at its end. @internal */
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
export const checkApiKey = (key: string): Checked<string> => {
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

/** What the client sets itself, and what speaks of the connection or of how a body is packed. */
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
  "user-agent",
  "__proto__"
])

/** @internal */
export const checkHeaderName = (name: unknown): Checked<string> => {
  if (typeof name !== "string" || !headerName.test(name)) {
    return Either.left("expected a header name of letters, digits and !#$%&'*+-.^_`|~")
  }
  return ownHeaders.has(name.toLowerCase())
    ? Either.left("is set by the client and cannot be set as an extra header")
    : Either.right(name.toLowerCase())
}

const checkHeaderValue = (value: string): Checked<string> =>
  headerValue.test(value)
    ? Either.right(value)
    : Either.left("expected a header value without line breaks and control characters")

type HeaderInput = Readonly<Record<string, string | Redacted.Redacted>>

const checkHeaderInput = (value: unknown): Checked<string> =>
  Either.flatMap(Redacted.isRedacted(value) ? checkRedacted(value) : checkText(value), checkHeaderValue)

const issuesOfNames = (
  option: "headers" | "query",
  input: unknown,
  messagesOf: (name: string, value: unknown) => ReadonlyArray<Checked<string>>
): ReadonlyArray<Issue.Issue> =>
  isNames(input)
    ? Object.entries(input).flatMap(([name, value]) =>
        messagesOf(name, value)
          .filter(Either.isLeft)
          .map(({ left }) => ({ path: [option, name], message: left }))
      )
    : [{ path: [option], message: "expected an object of names and values" }]

/** What is wrong with extra headers, never with their values in it. @internal */
export const headerIssues = (headers: unknown): ReadonlyArray<Issue.Issue> =>
  issuesOfNames("headers", headers, (name, value) => [checkHeaderName(name), checkHeaderInput(value)])

/** What is wrong with extra query parameters, never with their values in it. @internal */
export const queryIssues = (query: unknown): ReadonlyArray<Issue.Issue> =>
  issuesOfNames("query", query, (_, value) => [checkText(value)])

const plain = (value: string | Redacted.Redacted): string =>
  Redacted.isRedacted(value) ? Redacted.value(value) : value

/** Extra headers by their lower-case names. @internal */
export const plainHeaders = (headers: HeaderInput): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), plain(value)]))

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
    yield* at(["apiKey"])(Either.flatMap(checkRedacted(options.apiKey), checkApiKey))
    const allowInsecure = yield* at(["allowInsecure"])(checkBoolean(options.allowInsecure ?? false))
    const url = yield* at(["baseUrl"])(checkBaseUrl(options.baseUrl ?? defaultBaseUrl, allowInsecure))
    yield* withoutIssues([...headerIssues(headers), ...queryIssues(query)])
    const extraHeaders = plainHeaders(headers)
    const agent = yield* at(["userAgent"])(checkUserAgent(options.userAgent ?? ""))
    return {
      apiKey: options.apiKey,
      baseUrl: url.href.replace(/\/+$/, ""),
      origin: url,
      timeout: yield* at(["timeout"])(checkLimit(options.timeout ?? "60 seconds")),
      deadline: yield* at(["deadline"])(checkLimit(options.deadline ?? Duration.infinity)),
      retry: yield* at(["retry"])(checkRetry(options.retry ?? RetryPolicy.standard)),
      headers: { ...extraHeaders, "user-agent": agent },
      headerNames: Object.keys(extraHeaders),
      headerSecrets: Object.values(extraHeaders),
      query,
      idempotencyHeader:
        options.idempotencyHeader === undefined
          ? undefined
          : yield* at(["idempotencyHeader"])(checkHeaderName(options.idempotencyHeader)),
      tracePropagation: yield* at(["tracePropagation"])(checkBoolean(options.tracePropagation ?? false)),
      maxBodySize: yield* at(["maxBodySize"])(checkMaxBodySize(options.maxBodySize ?? defaultMaxBodySize)),
      retryBudget: yield* at(["retryBudget"])(checkRetryBudget(options.retryBudget ?? defaultRetryBudget)),
      validation: yield* at(["validation"])(checkValidation(options.validation ?? "strict"))
    }
  })
