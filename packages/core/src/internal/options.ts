import * as Arr from "effect/Array"
import * as ConfigError from "effect/ConfigError"
import * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type { Options } from "../AvaraClient.js"
import type * as Issue from "../Issue.js"
import * as RetryPolicy from "../RetryPolicy.js"
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
}

type Checked<A> = Either.Either<A, string>

const defaultBaseUrl = "https://api.avarasoftware.com"

const isLoopback = (hostname: string) =>
  hostname === "localhost" ||
  hostname.endsWith(".localhost") ||
  hostname === "[::1]" ||
  /^127(?:\.\d{1,3}){3}$/.test(hostname)

/** A base URL without a slash at its end. @internal */
export const checkBaseUrl = (text: string, allowInsecure: boolean): Checked<URL> => {
  if (!URL.canParse(text)) return Either.left("expected an absolute URL such as https://api.avarasoftware.com")
  const url = new URL(text)
  if (url.protocol !== "https:" && url.protocol !== "http:")
    return Either.left("expected a URL that starts with https:// or http://")
  if (url.username !== "" || url.password !== "") return Either.left("expected a URL without a user name and password")
  if (url.search !== "" || url.hash !== "") return Either.left("expected a URL without a query and a fragment")
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

/** @internal */
export const checkDuration = (input: Duration.DurationInput): Checked<Duration.Duration> =>
  Option.match(Option.filter(Duration.decodeUnknown(input), Duration.greaterThan(Duration.zero)), {
    onNone: () => Either.left('expected a duration above zero, such as "30 seconds" or "500 millis"'),
    onSome: Either.right
  })

const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

const headerValue = /^[\x20-\x7e\x80-\xff]*$/

const ownHeaders = new Set([
  "authorization",
  "connection",
  "content-length",
  "content-type",
  "host",
  "transfer-encoding",
  "upgrade",
  "user-agent"
])

/** @internal */
export const checkHeaderName = (name: string): Checked<string> => {
  if (!headerName.test(name)) return Either.left("expected a header name of letters, digits and !#$%&'*+-.^_`|~")
  return ownHeaders.has(name.toLowerCase())
    ? Either.left("is set by the client and cannot be set as an extra header")
    : Either.right(name.toLowerCase())
}

const checkHeaderValue = (value: string): Checked<string> =>
  headerValue.test(value)
    ? Either.right(value)
    : Either.left("expected a header value without line breaks and control characters")

type HeaderInput = Readonly<Record<string, string | Redacted.Redacted>>

const plain = (value: string | Redacted.Redacted): string =>
  Redacted.isRedacted(value) ? Redacted.value(value) : value

/** What is wrong with extra headers, never with their values in it. @internal */
export const headerIssues = (headers: HeaderInput): ReadonlyArray<Issue.Issue> =>
  Object.entries(headers).flatMap(([name, value]) =>
    [checkHeaderName(name), checkHeaderValue(plain(value))].filter(Either.isLeft).map(({ left }) => ({
      path: ["headers", name],
      message: left
    }))
  )

/** Extra headers by their lower-case names. @internal */
export const plainHeaders = (headers: HeaderInput): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), plain(value)]))

const at =
  (path: ReadonlyArray<string>) =>
  <A>(checked: Checked<A>): Either.Either<A, ConfigError.ConfigError> =>
    Either.mapLeft(checked, (message) => ConfigError.InvalidData([...path], message))

const checkHeaders = (headers: HeaderInput): Either.Either<Readonly<Record<string, string>>, ConfigError.ConfigError> =>
  Arr.match(headerIssues(headers), {
    onEmpty: () => Either.right(plainHeaders(headers)),
    onNonEmpty: (issues) =>
      Either.left(
        issues
          .map(({ message, path }) => ConfigError.InvalidData(path.map(String), message))
          .reduce((left, right) => ConfigError.And(left, right))
      )
  })

const defaultMaxBodySize = 32 * 1024 * 1024

const defaultRetryBudget = 500

const checkRetryBudget = (tokens: number): Checked<number> =>
  tokens >= 0 ? Either.right(tokens) : Either.left("expected a number of tokens, 0 or more")

const checkMaxBodySize = (size: number): Checked<number> =>
  Number.isSafeInteger(size) && size > 0 ? Either.right(size) : Either.left("expected a number of bytes above zero")

const userAgent = (suffix: string | undefined) =>
  `effect-avara/${version}${suffix === undefined || suffix === "" ? "" : ` ${suffix}`}`

/** Fills in the defaults, or says which option is wrong and what is allowed. @internal */
export const resolve = (options: Options): Either.Either<ResolvedOptions, ConfigError.ConfigError> =>
  Either.gen(function* () {
    yield* at(["apiKey"])(checkApiKey(Redacted.value(options.apiKey)))
    const url = yield* at(["baseUrl"])(checkBaseUrl(options.baseUrl ?? defaultBaseUrl, options.allowInsecure ?? false))
    const headers = yield* checkHeaders(options.headers ?? {})
    const agent = yield* at(["userAgent"])(checkHeaderValue(userAgent(options.userAgent)))
    return {
      apiKey: options.apiKey,
      baseUrl: url.href.replace(/\/+$/, ""),
      origin: url,
      timeout: yield* at(["timeout"])(checkDuration(options.timeout ?? "60 seconds")),
      deadline: yield* at(["deadline"])(checkDuration(options.deadline ?? Duration.infinity)),
      retry: options.retry ?? RetryPolicy.standard,
      headers: { ...headers, "user-agent": agent },
      headerNames: Object.keys(headers),
      headerSecrets: Object.values(headers),
      query: options.query ?? {},
      idempotencyHeader:
        options.idempotencyHeader === undefined
          ? undefined
          : yield* at(["idempotencyHeader"])(checkHeaderName(options.idempotencyHeader)),
      tracePropagation: options.tracePropagation ?? false,
      maxBodySize: yield* at(["maxBodySize"])(checkMaxBodySize(options.maxBodySize ?? defaultMaxBodySize)),
      retryBudget: yield* at(["retryBudget"])(checkRetryBudget(options.retryBudget ?? defaultRetryBudget))
    }
  })
