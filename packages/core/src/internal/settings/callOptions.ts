import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import { identity } from "effect/Function"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import type * as Issue from "../../Issue.js"
import type { RetryPolicy } from "../../RetryPolicy.js"
import { type Checked, checkLimit } from "../platform/durations.js"
import { type Account, makeAccounts } from "./account.js"
import { checkLimiter, checkRetry, checkValidation, isNames } from "./checks.js"
import type { CallOptions, Query } from "./clientOptions.js"
import { checkApiKey, checkBaseUrl } from "./credentials.js"
import { headerIssues, plainHeaders, queryIssues } from "./names.js"
import type { ResolvedOptions } from "./options.js"

/** @internal */
export const noOptions: CallOptions = {}

/** @internal */
export class CurrentCallOptions extends Context.Reference<CurrentCallOptions>()(
  "@effect-avara/core/AvaraClient/CurrentCallOptions",
  { defaultValue: () => noOptions }
) {}

const isSet = ([, value]: readonly [string, unknown]) => value !== undefined

/** Merges two objects. It returns any other value unchanged, so that the call can reject it. */
const mergeNames = <A>(
  outer: Readonly<Record<string, A>> = {},
  inner: Readonly<Record<string, A>> = {},
  fold: (name: string) => string = identity
): Readonly<Record<string, A>> => {
  if (!isNames(outer)) return outer
  if (!isNames(inner)) return inner
  const replaced = new Set(Object.keys(inner).map(fold))
  return { ...Object.fromEntries(Object.entries(outer).filter(([name]) => !replaced.has(fold(name)))), ...inner }
}

type Named = Parameters<typeof plainHeaders>[0][number]

const lowerCase = (name: string) => name.toLowerCase()

/** @internal */
export const mergeCallOptions = (outer: CallOptions, inner: CallOptions): CallOptions => ({
  ...outer,
  ...Object.fromEntries(Object.entries(inner).filter(isSet)),
  headers: mergeNames(outer.headers, inner.headers, lowerCase),
  query: mergeNames(outer.query, inner.query),
  ...(outer.body === undefined && inner.body === undefined ? {} : { body: mergeNames(outer.body, inner.body) })
})

/** The options of one call: the client's, overridden by `withOptions`. @internal */
export interface CallSettings {
  readonly timeout: Duration.Duration
  readonly deadline: Duration.Duration
  readonly retry: RetryPolicy
  readonly validation: "strict" | "lenient"
  readonly account: Account
  /** The headers that do not depend on the operation, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  /** The names of the headers that the call itself sets. */
  readonly ownHeaders: ReadonlyArray<string>
  readonly query: Query
  readonly body: Readonly<Record<string, unknown>> | undefined
  /** The values of all extra headers, which may be secret. */
  readonly headerValues: ReadonlyArray<string>
}

const issuesOf = <A>(
  name: string,
  input: A | undefined,
  check: (input: A) => Checked<unknown>
): ReadonlyArray<Issue.Issue> =>
  input === undefined ? [] : Option.toArray(Either.getLeft(check(input))).map((message) => ({ path: [name], message }))

/** Returns the issues of a call's options, except those of `body`. @internal */
export const optionIssues = (
  { allowInsecure }: ResolvedOptions,
  { apiKey, baseUrl, deadline, headers = {}, limiter, query = {}, retry, timeout, validation }: CallOptions
): ReadonlyArray<Issue.Issue> => [
  ...issuesOf("apiKey", apiKey, checkApiKey),
  ...issuesOf("baseUrl", baseUrl, (text) => checkBaseUrl(text, allowInsecure)),
  ...headerIssues(headers, Predicate.isNullable),
  ...queryIssues(query, Predicate.isNullable),
  ...issuesOf("timeout", timeout, checkLimit),
  ...issuesOf("deadline", deadline, checkLimit),
  ...issuesOf("retry", retry, checkRetry),
  ...issuesOf("limiter", limiter, checkLimiter),
  ...issuesOf("validation", validation, checkValidation)
]

const withoutRemoved = (headers: ResolvedOptions["headers"], own: ReadonlyArray<Named>) => {
  const removed = own.filter(([, value]) => Predicate.isNullable(value)).map(([name]) => lowerCase(name))
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !removed.includes(name)))
}

const settingsOf = (client: ResolvedOptions, call: CallOptions, account: Account): CallSettings => {
  const own = Object.entries(call.headers ?? {})
  const ownHeaders = plainHeaders(own)
  return {
    account,
    timeout: call.timeout === undefined ? client.timeout : Duration.decode(call.timeout),
    deadline: call.deadline === undefined ? client.deadline : Duration.decode(call.deadline),
    retry: call.retry ?? client.retry,
    validation: call.validation ?? client.validation,
    headers: {
      accept: "application/json",
      "user-agent": client.userAgent,
      ...withoutRemoved(client.headers, own),
      ...ownHeaders,
      authorization: `Bearer ${account.apiKey}`
    },
    ownHeaders: Object.keys(ownHeaders),
    query: { ...client.query, ...call.query },
    body: call.body,
    headerValues: [...Object.values(client.headers), ...Object.values(ownHeaders)]
  }
}

/** Returns the base URL of a call, even before its options are checked. @internal */
export const baseUrlOf = ({ allowInsecure, baseUrl: own }: ResolvedOptions, { baseUrl }: CallOptions): URL =>
  baseUrl === undefined ? own : Either.getOrElse(checkBaseUrl(baseUrl, allowInsecure), () => own)

/** Creates a function that applies the options of a call to those of the client. @internal */
export const makeSettings = (client: ResolvedOptions): ((options: CallOptions) => CallSettings) => {
  const accountOf = makeAccounts(client)
  const defaults = settingsOf(client, noOptions, accountOf(noOptions))
  return (options) => (options === noOptions ? defaults : settingsOf(client, options, accountOf(options)))
}
