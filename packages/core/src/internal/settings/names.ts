import * as Either from "effect/Either"
import { constFalse } from "effect/Function"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import type * as Issue from "../../Issue.js"
import type { Checked } from "../platform/durations.js"
import { checkRedacted, checkText, isNames } from "./checks.js"

const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

const headerValue = /^[\x20-\x7e\x80-\xff]*$/

/** Headers that the client sets itself, or that concern the connection or the encoding of a body. */
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

/** @internal */
export const checkHeaderValue = (value: string): Checked<string> =>
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

/** Checks whether a value removes a header or a query parameter. */
type IsRemoval = (value: unknown) => boolean

/** Returns the issues of extra headers, without their values. @internal */
export const headerIssues = (headers: unknown, isRemoval: IsRemoval = constFalse): ReadonlyArray<Issue.Issue> =>
  issuesOfNames("headers", headers, (name, value) => [
    checkHeaderName(name),
    isRemoval(value) ? Either.right("") : checkHeaderInput(value)
  ])

const checkQueryValue = (value: unknown): Checked<unknown> =>
  typeof value === "string" || (Array.isArray(value) && value.every(Predicate.isString))
    ? Either.right(value)
    : Either.left("expected text, or an array of text, which repeats the parameter")

/** Returns the issues of extra query parameters, without their values. @internal */
export const queryIssues = (query: unknown, isRemoval: IsRemoval = constFalse): ReadonlyArray<Issue.Issue> =>
  issuesOfNames("query", query, (_, value) => [isRemoval(value) ? Either.right(value) : checkQueryValue(value)])

const plain = (value: HeaderValue): string => (Redacted.isRedacted(value) ? Redacted.value(value) : value)

/** Returns extra headers by lower-case name, without those that have no value. @internal */
export const plainHeaders = (
  headers: ReadonlyArray<readonly [name: string, value: HeaderValue | null | undefined]>
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    headers.flatMap(([name, value]) => (Predicate.isNullable(value) ? [] : [[name.toLowerCase(), plain(value)]]))
  )
