/**
 * Every failure of the client, and which operation fails with which. No error holds the API key, a request, a response or a value of a body.
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import * as Issue from "./Issue.js"
import { constructedOr, exactOptional, exactOptionalOr, oneOf } from "./internal/platform/schema.js"

const Context = {
  /** The operation that failed, such as `customers.retrieve`. */
  operation: Schema.String,
  /** The request id that the server gave its last answer, if it gave one. */
  requestId: exactOptional(Schema.String),
  /** How many requests were sent; 0 if the call failed before the first. */
  attempts: constructedOr(Schema.NonNegativeInt, 1),
  /** In a list, the cursor of the page that failed: a stream that starts there goes on where this one ended. */
  resumeCursor: exactOptional(Schema.String)
}

interface Context {
  readonly operation: string
  readonly requestId?: string
  readonly attempts: number
  readonly resumeCursor?: string
}

/**
 * Whether the server says that a user is a member of a customer (`exists`) or is not (`missing`).
 *
 * @since 0.1.0
 */
export type Membership = typeof Membership.Type

const Membership = oneOf("exists", "missing")

/** In an operation on users, what the server says of the membership, if it gives no other reason. */
const membership = exactOptional(Membership)

/** The status of an error that only one status means; an error that was stored without it has it too. */
const onlyStatus = <S extends number>(status: S) => exactOptionalOr(oneOf(status), status)

/** The origin of the page whose request a browser sent elsewhere without a response, which may be CORS. */
const pageOrigin = exactOptional(Schema.String)

const corsHint = (pageOrigin: string | undefined): string =>
  pageOrigin === undefined ? "" : `; the server may not allow requests from pages of ${pageOrigin} (CORS)`

/** The server's own words, shortened and without what the request sent. */
const detail = exactOptional(Schema.String)

const sentence = (error: Context, what: string, said?: string): string => {
  const words = said === undefined ? "" : `, the server says: ${said}`
  const attempts = error.attempts < 2 ? "" : `${error.attempts} attempts`
  const requestId = error.requestId === undefined ? "" : `request id ${error.requestId}`
  const facts = [attempts, requestId].filter((fact) => fact !== "").join(", ")
  return `${error.operation}: ${what}${words}${facts === "" ? "" : ` (${facts})`}`
}

/**
 * The input is not allowed: the client refuses it before it sends anything (`source: "client"`), or the server does with 400 or 422
 * (`source: "server"`).
 *
 * @since 0.1.0
 * @category errors
 */
export class Validation extends Schema.TaggedError<Validation>("@effect-avara/core/Validation")("Validation", {
  ...Context,
  source: oneOf("client", "server"),
  /** 400 or 422 if the server refused the input. */
  status: exactOptional(Schema.Int),
  issues: Schema.Array(Issue.Issue)
}) {
  override get message(): string {
    const status = this.status === undefined ? "" : ` (${this.status})`
    const refused =
      this.source === "client" ? "not sent, the input is not allowed" : `the server refused the input${status}`
    return sentence(this, `${refused}: ${Issue.format(this.issues)}`)
  }
}

/**
 * What was asked for does not exist (404).
 *
 * @since 0.1.0
 * @category errors
 */
export class NotFound extends Schema.TaggedError<NotFound>("@effect-avara/core/NotFound")("NotFound", {
  ...Context,
  status: onlyStatus(404),
  /** `customer`, `user`, or the path template of an own request. */
  resource: Schema.String,
  id: Schema.String,
  membership,
  detail
}) {
  override get message(): string {
    return sentence(this, `there is no ${this.resource} ${this.id}`.trimEnd(), this.detail)
  }
}

/**
 * The customer is deactivated, so the operation is refused until it is reactivated.
 *
 * @since 0.1.0
 * @category errors
 */
export class Inactive extends Schema.TaggedError<Inactive>("@effect-avara/core/Inactive")("Inactive", {
  ...Context,
  id: Schema.String,
  /** The status of the refusal; none if the customer was read and is deactivated. */
  status: exactOptional(Schema.Int),
  detail
}) {
  override get message(): string {
    return sentence(this, `the customer ${this.id} is deactivated`, this.detail)
  }
}

/**
 * The API key was not accepted (401).
 *
 * @since 0.1.0
 * @category errors
 */
export class Unauthorized extends Schema.TaggedError<Unauthorized>("@effect-avara/core/Unauthorized")("Unauthorized", {
  ...Context,
  status: onlyStatus(401),
  detail
}) {
  override get message(): string {
    return sentence(this, "the API key was not accepted (401)", this.detail)
  }
}

/**
 * The API key may not do this (403).
 *
 * @since 0.1.0
 * @category errors
 */
export class Forbidden extends Schema.TaggedError<Forbidden>("@effect-avara/core/Forbidden")("Forbidden", {
  ...Context,
  status: onlyStatus(403),
  detail
}) {
  override get message(): string {
    return sentence(this, "the API key may not do this (403)", this.detail)
  }
}

/**
 * The state of the customer or user does not allow this (409, or an answer with `success: false`).
 *
 * @since 0.1.0
 * @category errors
 */
export class Conflict extends Schema.TaggedError<Conflict>("@effect-avara/core/Conflict")("Conflict", {
  ...Context,
  /** None if a successful response says `success: false`. */
  status: exactOptional(oneOf(409)),
  membership,
  detail
}) {
  override get message(): string {
    return sentence(this, "the current state does not allow this", this.detail)
  }
}

/**
 * Too many requests (429).
 *
 * @since 0.1.0
 * @category errors
 */
export class RateLimited extends Schema.TaggedError<RateLimited>("@effect-avara/core/RateLimited")("RateLimited", {
  ...Context,
  status: onlyStatus(429),
  /** How long the server asks to wait. */
  retryAfter: exactOptional(Schema.DurationFromMillis),
  detail
}) {
  override get message(): string {
    return sentence(this, `too many requests (429)${wait(this.retryAfter)}`, this.detail)
  }
}

/**
 * The server failed (status 500 and above).
 *
 * @since 0.1.0
 * @category errors
 */
export class ServerError extends Schema.TaggedError<ServerError>("@effect-avara/core/ServerError")("ServerError", {
  ...Context,
  status: Schema.Int,
  /** How long the server asks to wait. */
  retryAfter: exactOptional(Schema.DurationFromMillis),
  detail
}) {
  override get message(): string {
    return sentence(this, `the server failed (${this.status})${wait(this.retryAfter)}`, this.detail)
  }
}

const wait = (retryAfter: Duration.Duration | undefined) =>
  retryAfter === undefined ? "" : `, to be tried again after ${Duration.format(retryAfter)}`

/**
 * No response was received: the connection could not be made, broke, or carried something that is not HTTP. With `sent: "no"` the request
 * certainly did not reach the server.
 *
 * @since 0.1.0
 * @category errors
 */
export class ConnectionFailed extends Schema.TaggedError<ConnectionFailed>("@effect-avara/core/ConnectionFailed")(
  "ConnectionFailed",
  {
    ...Context,
    reason: oneOf("dns", "refused", "reset", "tls", "closed", "malformed", "other"),
    sent: oneOf("no", "maybe"),
    /** Where the connection was to go, such as `https://api.avarasoftware.com`. */
    origin: Schema.String,
    /** The transport's own code, such as `ECONNREFUSED`. */
    code: exactOptional(Schema.String),
    pageOrigin
  }
) {
  override get message(): string {
    const code = this.code === undefined ? "" : `, ${this.code}`
    return sentence(this, `${connectionTexts[this.reason]} ${this.origin}${code}${corsHint(this.pageOrigin)}`)
  }
}

const connectionTexts: Record<ConnectionFailed["reason"], string> = {
  dns: "no address was found for",
  refused: "no server listens at",
  reset: "the connection was reset by",
  tls: "no trusted TLS connection could be made to",
  closed: "the connection was closed by",
  malformed: "what came back is not a valid HTTP response, from",
  other: "no response was received from"
}

/**
 * A deadline passed: that of one attempt, or that of the call through all its attempts.
 *
 * @since 0.1.0
 * @category errors
 */
export class TimedOut extends Schema.TaggedError<TimedOut>("@effect-avara/core/TimedOut")("TimedOut", {
  ...Context,
  scope: oneOf("attempt", "call"),
  limit: Schema.DurationFromMillis
}) {
  override get message(): string {
    const what = this.scope === "attempt" ? "an attempt" : "the call"
    return sentence(this, `no complete answer within ${Duration.format(this.limit)}, the limit of ${what}`)
  }
}

/**
 * A response that differs from what the API documents.
 *
 * - `notJson`: the body is empty, cut short, corrupted, or something else, such as the HTML page of a proxy. Retried if the call is safe.
 * - `shape`: the body is JSON of another shape, or about another customer.
 * - `tooLarge`: the body exceeds `maxBodySize`.
 * - `encoding`: the body is compressed in a way that the client did not ask for.
 *
 * An error that was stored without a `reason` is read as `shape`.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidResponse extends Schema.TaggedError<InvalidResponse>("@effect-avara/core/InvalidResponse")(
  "InvalidResponse",
  {
    ...Context,
    status: Schema.Int,
    reason: exactOptionalOr(oneOf("notJson", "shape", "tooLarge", "encoding"), "shape"),
    issues: Schema.Array(Issue.Issue),
    /** The outline of the body, every value masked. */
    snippet: Schema.String
  }
) {
  override get message(): string {
    const outline = this.snippet === "" ? "" : `, the response reads: ${this.snippet}`
    return sentence(this, `an invalid response (${this.status}): ${Issue.format(this.issues)}${outline}`)
  }
}

/**
 * A status that the contract gives no meaning to. Redirects are never followed and end here; a browser hides the status of a redirect, which
 * is 0 then.
 *
 * @since 0.1.0
 * @category errors
 */
export class UnexpectedStatus extends Schema.TaggedError<UnexpectedStatus>("@effect-avara/core/UnexpectedStatus")(
  "UnexpectedStatus",
  {
    ...Context,
    status: Schema.Int,
    detail
  }
) {
  override get message(): string {
    return sentence(this, unexpectedText(this.status), this.detail)
  }
}

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

const redirected = "the server redirected the request, and redirects are not followed"

const unexpectedText = (status: number): string => {
  if (status === 0) return redirected
  if (redirects.has(status)) return `an unexpected status ${status}, and redirects are not followed`
  return `an unexpected status ${status}${status === 404 ? ", which points to a wrong base URL" : ""}`
}

/**
 * A create whose answer was lost: the customer may exist or not. Look for it before you create it again.
 *
 * @since 0.1.0
 * @category errors
 */
export class OutcomeUnknown extends Schema.TaggedError<OutcomeUnknown>("@effect-avara/core/OutcomeUnknown")(
  "OutcomeUnknown",
  {
    ...Context,
    /** The tag of the failure that hides the outcome. */
    reason: oneOf("ConnectionFailed", "TimedOut", "ServerError", "InvalidResponse", "UnexpectedStatus"),
    /** The status, where there was an answer whose status is known. */
    status: exactOptional(Schema.Int),
    pageOrigin
  }
) {
  override get message(): string {
    const status = this.status === undefined ? "" : ` ${this.status}`
    const hint = this.reason === "UnexpectedStatus" && status === "" ? `; ${redirected}` : corsHint(this.pageOrigin)
    return sentence(this, `it is not known whether it was done, the answer was lost (${this.reason}${status}${hint})`)
  }
}

/**
 * A list that cannot be read to its end: its pages would repeat forever, stop without saying that they are complete, or skip customers.
 *
 * - `repeatedCursor`, `missingCursor`: a page has more after it, but gives a cursor that an earlier page gave, or none.
 * - `tooManyEmptyPages`, `pageLimit`: the list exceeds `maxEmptyPages` or `maxPages`.
 * - `shiftedList`: customers were deleted while the list was read, and no customer that was read is found again near its old place.
 *   There is no `resumeCursor`, as a stream from there would skip customers: read the list from its beginning.
 * - `refusedCursor`: the server no longer accepts the cursor (400, 410 or 422, or 404 behind the first page). There is no `resumeCursor`:
 *   read the list from its beginning.
 * - `unverifiable`: `verify: "overlap"` was asked for, but the cursors are not offsets.
 *
 * @since 0.1.0
 * @category errors
 */
export class BrokenPagination extends Schema.TaggedError<BrokenPagination>("@effect-avara/core/BrokenPagination")(
  "BrokenPagination",
  {
    ...Context,
    reason: oneOf(
      "repeatedCursor",
      "missingCursor",
      "tooManyEmptyPages",
      "pageLimit",
      "shiftedList",
      "refusedCursor",
      "unverifiable"
    ),
    /** The cursor that the broken page gave, or that the server refused. */
    cursor: exactOptional(Schema.String),
    /** The status that refused the cursor. */
    status: exactOptional(Schema.Int),
    /** The number of the broken page, from 1. */
    page: Schema.Int,
    /** How many customers the pages before it held. */
    seen: Schema.NonNegativeInt,
    detail
  }
) {
  override get message(): string {
    const { detail, page, reason, seen, status } = this
    const advice = paginationAdvice[reason]
    const code = status === undefined ? "" : ` (${status})`
    const said = detail === undefined ? "" : `: ${detail}`
    const what = `page ${page} ${paginationTexts[reason]}${code}${said}, ${seen} customers were read before it`
    return sentence(this, advice === undefined ? what : `${what}; ${advice}`)
  }
}

const paginationTexts: Record<BrokenPagination["reason"], string> = {
  repeatedCursor: "gives a cursor that an earlier page gave",
  missingCursor: "says that there is more but gives no cursor",
  tooManyEmptyPages: "is one more empty page in a row than is allowed",
  pageLimit: "is one more page than is allowed",
  shiftedList: "does not continue the pages before it because customers were deleted while the list was read",
  refusedCursor: "cannot be read because the server no longer accepts its cursor",
  unverifiable: "has a cursor that is not an offset, so its overlap cannot be verified"
}

const paginationAdvice: Partial<Record<BrokenPagination["reason"], string>> = {
  shiftedList: "read the list again from its beginning",
  refusedCursor: "read the list again from its beginning",
  unverifiable: "read the list without verifying the overlap"
}

/**
 * Any failure of the client, as a Schema: to store a failure in a job, and to read it back.
 *
 * @since 0.1.0
 * @category schemas
 */
export const AvaraError = /* @__PURE__ */ Schema.Union(
  Validation,
  NotFound,
  Inactive,
  Unauthorized,
  Forbidden,
  Conflict,
  RateLimited,
  ServerError,
  ConnectionFailed,
  TimedOut,
  InvalidResponse,
  UnexpectedStatus,
  OutcomeUnknown,
  BrokenPagination
).annotations({ identifier: "AvaraError" })

/**
 * Any failure of the client.
 *
 * @since 0.1.0
 * @category models
 */
export type AvaraError = typeof AvaraError.Type

/**
 * Whether a value is a failure of this client, and not one of another library with the same tag.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isAvaraError = (value: unknown): value is AvaraError => Schema.is(AvaraError)(value)

/**
 * What every call can fail with.
 *
 * @since 0.1.0
 * @category models
 */
export type CallError =
  | Validation
  | Unauthorized
  | Forbidden
  | RateLimited
  | ServerError
  | ConnectionFailed
  | TimedOut
  | UnexpectedStatus

/**
 * What `customers.create` fails with.
 *
 * @since 0.1.0
 * @category models
 */
export type CreateError = CallError | Conflict | OutcomeUnknown

/**
 * What `customers.list` fails with.
 *
 * @since 0.1.0
 * @category models
 */
export type ListError = CallError | InvalidResponse

/**
 * What `customers.pages` and `customers.stream` fail with.
 *
 * @since 0.1.0
 * @category models
 */
export type StreamError = ListError | BrokenPagination

/**
 * What `customers.createOnce` fails with.
 *
 * @since 0.1.0
 * @category models
 */
export type CreateOnceError = CreateError | StreamError

/**
 * What `customers.retrieve` fails with.
 *
 * @since 0.1.0
 * @category models
 */
export type RetrieveError = CallError | InvalidResponse | NotFound

/**
 * What `customers.retrieveActive` fails with.
 *
 * @since 0.1.0
 * @category models
 */
export type RetrieveActiveError = RetrieveError | Inactive

/**
 * What `customers.update` and `customers.deactivate` fail with.
 *
 * @since 0.1.0
 * @category models
 */
export type UpdateError = CallError | InvalidResponse | NotFound | Conflict | Inactive

/**
 * What `customers.reactivate` fails with.
 *
 * @since 0.1.0
 * @category models
 */
export type ReactivateError = CallError | InvalidResponse | NotFound | Conflict

/**
 * What `users.add` and `users.remove` fail with.
 *
 * @since 0.1.0
 * @category models
 */
export type UserError = CallError | InvalidResponse | NotFound | Conflict | Inactive

/**
 * What `AvaraClient.request` fails with.
 *
 * @since 0.1.0
 * @category models
 */
export type RequestError = CallError | InvalidResponse | NotFound | Conflict | OutcomeUnknown

/** Redirects that say that the request has to go elsewhere, and so was not processed here. */
const movedStatuses: ReadonlySet<number> = new Set([301, 307, 308])

/** What a server does not implement, it does not implement later either. */
const permanentStatuses: ReadonlySet<number> = new Set([501, 505])

interface Prospects {
  readonly isRetryable: boolean
  readonly isAmbiguous: boolean
}

type ByTag = { readonly [E in AvaraError as E["_tag"]]: E }

/** What `OutcomeUnknown` can name as its reason; no other failure may be ambiguous. */
type AmbiguousTag = OutcomeUnknown["reason"] | "OutcomeUnknown"

const isFinal = () => ({ isRetryable: false, isAmbiguous: false }) as const

/** What `isRetryable` and `isAmbiguous` say of each error. */
const prospects: {
  readonly [T in keyof ByTag]: (
    error: ByTag[T]
  ) => T extends AmbiguousTag ? Prospects : Prospects & { readonly isAmbiguous: false }
} = {
  Validation: isFinal,
  NotFound: isFinal,
  Inactive: isFinal,
  Unauthorized: isFinal,
  Forbidden: isFinal,
  Conflict: isFinal,
  RateLimited: () => ({ isRetryable: true, isAmbiguous: false }),
  ServerError: ({ retryAfter, status }) => ({
    isRetryable: !permanentStatuses.has(status),
    isAmbiguous: status !== 503 || retryAfter === undefined
  }),
  ConnectionFailed: ({ reason, sent }) => ({ isRetryable: reason !== "tls", isAmbiguous: sent === "maybe" }),
  TimedOut: ({ scope }) => ({ isRetryable: scope === "attempt", isAmbiguous: true }),
  InvalidResponse: ({ reason }) => ({ isRetryable: reason === "notJson", isAmbiguous: true }),
  UnexpectedStatus: ({ status }) => ({
    isRetryable: status === 408,
    isAmbiguous: status === 408 || (status < 400 && !movedStatuses.has(status))
  }),
  OutcomeUnknown: () => ({ isRetryable: false, isAmbiguous: true }),
  BrokenPagination: isFinal
}

const prospectsOf = <T extends keyof ByTag>(tag: T, error: ByTag[T]): Prospects => prospects[tag](error)

/**
 * Whether the same call may well succeed later: after a connection failure other than TLS, an attempt's timeout, 408, 429, 500 and above
 * except 501 and 505, and a successful response whose body is not JSON. It does not say whether a repetition is safe: see `isAmbiguous`.
 *
 * @example
 * ```ts
 * import { Customers, isRetryable } from "@effect-avara/core"
 * import * as Effect from "effect/Effect"
 * import * as Schedule from "effect/Schedule"
 *
 * const name = Effect.gen(function*() {
 *   const customers = yield* Customers
 *   const customer = yield* customers.retrieve("cus_1234567890abcdef1234567890abcdef").pipe(
 *     Effect.retry({ while: isRetryable, schedule: Schedule.exponential("1 minute"), times: 5 })
 *   )
 *   return customer.expressCustomerName
 * })
 * ```
 *
 * @since 0.1.0
 * @category predicates
 */
export const isRetryable = (error: AvaraError): boolean => prospectsOf(error._tag, error).isRetryable

/**
 * Whether the server may have done the work although the call failed, so that a repetition may do it twice.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isAmbiguous = (error: AvaraError): boolean => prospectsOf(error._tag, error).isAmbiguous
