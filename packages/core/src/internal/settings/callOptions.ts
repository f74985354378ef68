import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { identity } from "effect/Function"
import * as MutableRef from "effect/MutableRef"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import type * as Issue from "../../Issue.js"
import type { RetryPolicy } from "../../RetryPolicy.js"
import type { ResponseInfo } from "../observe/responseInfo.js"
import type { AnyOperation } from "../request/operation.js"
import { pathIssues } from "../request/path.js"
import { type Account, makeAccounts } from "./account.js"
import { checkRetry, checkValidation, isNames } from "./checks.js"
import type { CallOptions, Query } from "./clientOptions.js"
import { type Checked, checkLimit } from "./durations.js"
import { checkApiKey, checkBaseUrl, headerIssues, plainHeaders, queryIssues, type ResolvedOptions } from "./options.js"

const noOptions: CallOptions = {}

/** @internal */
export class CurrentCallOptions extends Context.Reference<CurrentCallOptions>()(
  "@effect-avara/core/AvaraClient/CurrentCallOptions",
  { defaultValue: () => noOptions }
) {}

/** @internal */
export type ResponseRef = MutableRef.MutableRef<Option.Option<ResponseInfo>>

const noResponseRefs: ReadonlyArray<ResponseRef> = []

/** One for each `withResponse` around the call. @internal */
export class CurrentResponseRefs extends Context.Reference<CurrentResponseRefs>()(
  "@effect-avara/core/AvaraClient/CurrentResponseRefs",
  { defaultValue: () => noResponseRefs }
) {}

const isSet = ([, value]: readonly [string, unknown]) => value !== undefined

/** What is no object of names stays as it is, so that the call can refuse it. */
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

const lowerCase = (name: string) => name.toLowerCase()

/** @internal */
export const mergeCallOptions = (outer: CallOptions, inner: CallOptions): CallOptions => ({
  ...outer,
  ...Object.fromEntries(Object.entries(inner).filter(isSet)),
  headers: mergeNames(outer.headers, inner.headers, lowerCase),
  query: mergeNames(outer.query, inner.query),
  ...(outer.body === undefined && inner.body === undefined ? {} : { body: mergeNames(outer.body, inner.body) })
})

/** For what an operation requests on the side: `withResponse` does not see it, and it sends no extra body. @internal */
export const aside = <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.mapInputContext(self, (context: Context.Context<R>) => {
    const { body: _, ...options } = Context.get(context, CurrentCallOptions)
    return Context.add(context, CurrentCallOptions, options).pipe(Context.add(CurrentResponseRefs, noResponseRefs))
  })

/** For a value that was read from none of the responses that `withResponse` saw. @internal */
export const forgetResponse: Effect.Effect<void> = Effect.contextWith((context: Context.Context<never>) => {
  for (const ref of Context.get(context, CurrentResponseRefs)) MutableRef.set(ref, Option.none())
})

/** The options of one call: those of the client under those of `withOptions`. @internal */
export interface CallSettings {
  readonly timeout: Duration.Duration
  readonly deadline: Duration.Duration
  readonly retry: RetryPolicy
  readonly validation: "strict" | "lenient"
  readonly account: Account
  /** Those of the call alone. */
  readonly headers: Readonly<Record<string, string>>
  /** The names of the client's headers that the call goes without, in lower case. */
  readonly withoutHeaders: ReadonlyArray<string>
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

const optionIssues = (
  { allowInsecure }: ResolvedOptions,
  { apiKey, baseUrl, deadline, headers = {}, query = {}, retry, timeout, validation }: CallOptions
): ReadonlyArray<Issue.Issue> => [
  ...issuesOf("apiKey", apiKey, checkApiKey),
  ...issuesOf("baseUrl", baseUrl, (text) => checkBaseUrl(text, allowInsecure)),
  ...headerIssues(headers, Predicate.isNullable),
  ...queryIssues(query, Predicate.isNullable),
  ...issuesOf("timeout", timeout, checkLimit),
  ...issuesOf("deadline", deadline, checkLimit),
  ...issuesOf("retry", retry, checkRetry),
  ...issuesOf("validation", validation, checkValidation)
]

const takesBody = ({ body, method }: AnyOperation): boolean =>
  body === undefined ? method !== "GET" && method !== "DELETE" : isNames(body)

const bodyIssues = (operation: AnyOperation, body: unknown): ReadonlyArray<Issue.Issue> => {
  if (body === undefined) return []
  if (!isNames(body)) return [{ path: ["body"], message: "expected an object of names and values" }]
  if (!takesBody(operation)) {
    return [{ path: ["body"], message: "the request has no JSON object to add to: use query, or leave body out" }]
  }
  const own = isNames(operation.body) ? operation.body : {}
  const issues = Object.keys(body).map((name) => {
    if (name === "__proto__") return { path: ["body", name], message: "is not allowed as a name" }
    // JSON leaves it out, and as `toJSON` it would replace the whole body.
    if (typeof body[name] === "function")
      return { path: ["body", name], message: "expected a value that JSON can hold" }
    const isOwn = Object.hasOwn(own, name) && own[name] !== undefined
    return isOwn
      ? { path: ["body", name], message: "is set by the call itself: pass it to the call instead" }
      : undefined
  })
  return issues.filter(Predicate.isNotUndefined)
}

/** What keeps the call from being sent. @internal */
export const callIssues = (
  client: ResolvedOptions,
  operation: AnyOperation,
  options: CallOptions
): ReadonlyArray<Issue.Issue> => [
  ...pathIssues(operation.path),
  ...queryIssues(operation.query ?? {}, Predicate.isNullable),
  ...(options === noOptions ? [] : [...optionIssues(client, options), ...bodyIssues(operation, options.body)])
]

const settingsOf = (client: ResolvedOptions, call: CallOptions, account: Account): CallSettings => {
  const names = Object.entries(call.headers ?? {})
  const headers = plainHeaders(names)
  return {
    account,
    timeout: call.timeout === undefined ? client.timeout : Duration.decode(call.timeout),
    deadline: call.deadline === undefined ? client.deadline : Duration.decode(call.deadline),
    retry: call.retry ?? client.retry,
    validation: call.validation ?? client.validation,
    headers,
    withoutHeaders: names.filter(([, value]) => Predicate.isNullable(value)).map(([name]) => lowerCase(name)),
    query: { ...client.query, ...call.query },
    body: call.body,
    headerValues: [...Object.values(client.headers), ...Object.values(headers)]
  }
}

/** Where a call goes, also one whose options are not checked yet. @internal */
export const baseUrlOf = ({ allowInsecure, baseUrl: own }: ResolvedOptions, { baseUrl }: CallOptions): URL =>
  baseUrl === undefined ? own : Either.getOrElse(checkBaseUrl(baseUrl, allowInsecure), () => own)

/** Puts the options of one call over those of the client. @internal */
export const makeSettings = (client: ResolvedOptions): ((options: CallOptions) => CallSettings) => {
  const accountOf = makeAccounts(client)
  const defaults = settingsOf(client, noOptions, accountOf(noOptions))
  return (options) => (options === noOptions ? defaults : settingsOf(client, options, accountOf(options)))
}
