import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import type * as MutableRef from "effect/MutableRef"
import * as Option from "effect/Option"
import type { CallOptions, ResponseInfo } from "../AvaraClient.js"
import type * as Issue from "../Issue.js"
import type { RetryPolicy } from "../RetryPolicy.js"
import { checkRetry, checkValidation, isNames } from "./checks.js"
import { type Checked, checkLimit } from "./durations.js"
import type { AnyOperation } from "./operation.js"
import { headerIssues, plainHeaders, queryIssues, type ResolvedOptions } from "./options.js"
import { pathIssues } from "./path.js"

const noOptions: CallOptions = {}

/** @internal */
export class CurrentCallOptions extends Context.Reference<CurrentCallOptions>()(
  "@effect-avara/core/AvaraClient/CurrentCallOptions",
  { defaultValue: () => noOptions }
) {}

/** @internal */
export class CurrentResponseRef extends Context.Reference<CurrentResponseRef>()(
  "@effect-avara/core/AvaraClient/CurrentResponseRef",
  { defaultValue: () => Option.none<MutableRef.MutableRef<Option.Option<ResponseInfo>>>() }
) {}

const isSet = ([, value]: readonly [string, unknown]) => value !== undefined

/** What is no object of names stays as it is, so that the call can refuse it. */
const mergeNames = <A>(outer: Readonly<Record<string, A>> = {}, inner: Readonly<Record<string, A>> = {}) => {
  if (!isNames(outer)) return outer
  return isNames(inner) ? { ...outer, ...inner } : inner
}

/** @internal */
export const mergeCallOptions = (outer: CallOptions, inner: CallOptions): CallOptions => ({
  ...outer,
  ...Object.fromEntries(Object.entries(inner).filter(isSet)),
  headers: mergeNames(outer.headers, inner.headers),
  query: mergeNames(outer.query, inner.query)
})

/** The options of one call: those of the client under those of `withOptions`. @internal */
export interface CallSettings {
  readonly timeout: Duration.Duration
  readonly deadline: Duration.Duration
  readonly retry: RetryPolicy
  readonly validation: "strict" | "lenient"
  /** Those of the call alone. */
  readonly headers: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  /** The values of all extra headers, which may be secret. */
  readonly headerValues: ReadonlyArray<string>
}

const issuesOf = <A>(
  name: string,
  input: A | undefined,
  check: (input: A) => Checked<unknown>
): ReadonlyArray<Issue.Issue> =>
  input === undefined ? [] : Option.toArray(Either.getLeft(check(input))).map((message) => ({ path: [name], message }))

const optionIssues = ({
  deadline,
  headers = {},
  query = {},
  retry,
  timeout,
  validation
}: CallOptions): ReadonlyArray<Issue.Issue> => [
  ...headerIssues(headers),
  ...queryIssues(query),
  ...issuesOf("timeout", timeout, checkLimit),
  ...issuesOf("deadline", deadline, checkLimit),
  ...issuesOf("retry", retry, checkRetry),
  ...issuesOf("validation", validation, checkValidation)
]

/** What keeps the call from being sent. @internal */
export const callIssues = (operation: AnyOperation, options: CallOptions): ReadonlyArray<Issue.Issue> =>
  options === noOptions ? pathIssues(operation.path) : [...pathIssues(operation.path), ...optionIssues(options)]

const settingsOf = (client: ResolvedOptions, call: CallOptions): CallSettings => {
  const headers = plainHeaders(call.headers ?? {})
  return {
    timeout: call.timeout === undefined ? client.timeout : Duration.decode(call.timeout),
    deadline: call.deadline === undefined ? client.deadline : Duration.decode(call.deadline),
    retry: call.retry ?? client.retry,
    validation: call.validation ?? client.validation,
    headers,
    query: { ...client.query, ...call.query },
    headerValues: [...client.headerSecrets, ...Object.values(headers)]
  }
}

/** Puts the options of one call over those of the client. @internal */
export const makeSettings = (client: ResolvedOptions): ((options: CallOptions) => CallSettings) => {
  const defaults = settingsOf(client, noOptions)
  return (options) => (options === noOptions ? defaults : settingsOf(client, options))
}
