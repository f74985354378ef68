/**
 * The errors of the client, and the error type of each operation.
 *
 * No error contains the API key, a request, a response or a value from a body.
 *
 * Manual: https://github.com/effect-avara/effect-avara/blob/main/docs/errors.md
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
  /** The request id of the last response, if the response has one. */
  requestId: exactOptional(Schema.String),
  /** The number of requests sent; 0 if the call failed before the first one. */
  attempts: constructedOr(Schema.NonNegativeInt, 1),
  /** For a list, the cursor of the page that failed: a stream that starts there continues where this one ended. */
  resumeCursor: exactOptional(Schema.String)
}

interface Context {
  readonly operation: string
  readonly requestId?: string
  readonly attempts: number
  readonly resumeCursor?: string
}

/**
 * What the server reports about a user's membership in a customer: the user is already a member (`exists`) or is not one (`missing`).
 *
 * @since 0.1.0
 * @category models
 */
export type Membership = typeof Membership.Type

const Membership = oneOf("exists", "missing")

/** For an operation on users, what the server reports about the membership, if it gives no other reason. */
const membership = exactOptional(Membership)

/** The status of an error that only one status can cause; errors that were stored without it get it when they are read. */
const onlyStatus = <S extends number>(status: S) => exactOptionalOr(oneOf(status), status)

/** The origin of the page from which a browser sent a cross-origin request that got no response, which may be due to CORS. */
const pageOrigin = exactOptional(Schema.String)

const corsHint = (pageOrigin: string | undefined): string =>
  pageOrigin === undefined ? "" : `; the server may not allow requests from pages of ${pageOrigin} (CORS)`

/** The server's own words, shortened and without values that the request sent. */
const detail = exactOptional(Schema.String)

const sentence = (error: Context, what: string, said?: string): string => {
  const words = said === undefined ? "" : `; the server says: ${said}`
  const attempts = error.attempts < 2 ? "" : `${error.attempts} attempts`
  const requestId = error.requestId === undefined ? "" : `request id ${error.requestId}`
  const facts = [attempts, requestId].filter((fact) => fact !== "").join(", ")
  return `${error.operation}: ${what}${words}${facts === "" ? "" : ` (${facts})`}`
}

/**
 * The input is not valid. Either the client rejects it before it sends anything (`source: "client"`), or the server rejects it with 400 or
 * 422 (`source: "server"`).
 *
 * @since 0.1.0
 * @category errors
 */
export class Validation extends Schema.TaggedError<Validation>("@effect-avara/core/Validation")("Validation", {
  ...Context,
  source: oneOf("client", "server"),
  /** 400 or 422 if the server rejected the input. */
  status: exactOptional(Schema.Int),
  issues: Schema.Array(Issue.Issue)
}) {
  override get message(): string {
    const status = this.status === undefined ? "" : ` (${this.status})`
    const rejected =
      this.source === "client" ? "not sent because the input is not valid" : `the server rejected the input${status}`
    return sentence(this, `${rejected}: ${Issue.format(this.issues)}`)
  }
}

/**
 * The requested resource does not exist (404).
 *
 * @since 0.1.0
 * @category errors
 */
export class NotFound extends Schema.TaggedError<NotFound>("@effect-avara/core/NotFound")("NotFound", {
  ...Context,
  status: onlyStatus(404),
  /** `customer`, `user`, or the path template of a call of `AvaraClient.request`. */
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
 * The customer is deactivated. The operation is refused until the customer is reactivated.
 *
 * @since 0.1.0
 * @category errors
 */
export class Inactive extends Schema.TaggedError<Inactive>("@effect-avara/core/Inactive")("Inactive", {
  ...Context,
  id: Schema.String,
  /** The status of the refusal; absent if the client retrieved the customer and found it deactivated. */
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
 * The API key does not have permission for this operation (403).
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
    return sentence(this, "the API key does not have permission for this (403)", this.detail)
  }
}

/**
 * The current state of the customer or user does not allow the operation (409, or a response with `success: false`).
 *
 * @since 0.1.0
 * @category errors
 */
export class Conflict extends Schema.TaggedError<Conflict>("@effect-avara/core/Conflict")("Conflict", {
  ...Context,
  /** Absent if the response was successful but had `success: false`. */
  status: exactOptional(oneOf(409)),
  membership,
  detail
}) {
  override get message(): string {
    return sentence(this, "the current state does not allow this", this.detail)
  }
}

/**
 * The server received too many requests (429).
 *
 * @since 0.1.0
 * @category errors
 */
export class RateLimited extends Schema.TaggedError<RateLimited>("@effect-avara/core/RateLimited")("RateLimited", {
  ...Context,
  status: onlyStatus(429),
  /** How long the server asks the client to wait. */
  retryAfter: exactOptional(Schema.DurationFromMillis),
  detail
}) {
  override get message(): string {
    return sentence(this, `too many requests (429)${wait(this.retryAfter)}`, this.detail)
  }
}

/**
 * The server failed (status 500 or above).
 *
 * @since 0.1.0
 * @category errors
 */
export class ServerError extends Schema.TaggedError<ServerError>("@effect-avara/core/ServerError")("ServerError", {
  ...Context,
  status: Schema.Int,
  /** How long the server asks the client to wait. */
  retryAfter: exactOptional(Schema.DurationFromMillis),
  detail
}) {
  override get message(): string {
    return sentence(this, `the server failed (${this.status})${wait(this.retryAfter)}`, this.detail)
  }
}

const wait = (retryAfter: Duration.Duration | undefined) =>
  retryAfter === undefined ? "" : `, retry after ${Duration.format(retryAfter)}`

/**
 * No response was received: the connection could not be made, it broke, or the server sent something other than HTTP.
 *
 * `sent: "no"` means that the request certainly did not reach the server.
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
    /** The origin that the client tried to reach, such as `https://api.avarasoftware.com`. */
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
  refused: "no server is listening at",
  reset: "the connection was reset by",
  tls: "no trusted TLS connection could be made to",
  closed: "the connection was closed by",
  malformed: "received a response that is not valid HTTP from",
  other: "no response was received from"
}

/**
 * The time limit was reached: the timeout of one attempt (`scope: "attempt"`), or the deadline of the call with all its attempts
 * (`scope: "call"`).
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
    const what = this.scope === "attempt" ? "one attempt" : "the call"
    return sentence(this, `no complete response within ${Duration.format(this.limit)}, the limit for ${what}`)
  }
}

/**
 * The response is not what the API documents.
 *
 * - `notJson`: the body is empty, truncated, corrupted, or not JSON, such as the HTML page of a proxy. Retried if the call is safe to repeat.
 * - `shape`: the body is JSON that does not have the documented shape, or describes a different customer.
 * - `tooLarge`: the body is larger than `maxBodySize`.
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
    /** The outline of the body, with every value masked. */
    snippet: Schema.String
  }
) {
  override get message(): string {
    const outline = this.snippet === "" ? "" : `; masked body: ${this.snippet}`
    return sentence(this, `invalid response (${this.status}): ${Issue.format(this.issues)}${outline}`)
  }
}

/**
 * The response has a status that has no meaning for the operation. The client never follows redirects, so they also fail with this error.
 * Browsers hide the status of a redirect, which is then 0.
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

const redirected = "the server redirected the request, and the client does not follow redirects"

const unexpectedText = (status: number): string => {
  if (status === 0) return redirected
  if (redirects.has(status)) return `unexpected status ${status}; the client does not follow redirects`
  return `unexpected status ${status}${status === 404 ? ", which suggests that the base URL is wrong" : ""}`
}

/**
 * The outcome of a create is not known because its response was lost: the customer may or may not exist. Look for it before you create it
 * again.
 *
 * @since 0.1.0
 * @category errors
 */
export class OutcomeUnknown extends Schema.TaggedError<OutcomeUnknown>("@effect-avara/core/OutcomeUnknown")(
  "OutcomeUnknown",
  {
    ...Context,
    /** The tag of the error that leaves the outcome unknown. */
    reason: oneOf("ConnectionFailed", "TimedOut", "ServerError", "InvalidResponse", "UnexpectedStatus"),
    /** The status, if a response was received and its status is known. */
    status: exactOptional(Schema.Int),
    pageOrigin
  }
) {
  override get message(): string {
    const status = this.status === undefined ? "" : ` ${this.status}`
    const hint = this.reason === "UnexpectedStatus" && status === "" ? `; ${redirected}` : corsHint(this.pageOrigin)
    return sentence(
      this,
      `the outcome is not known because the response was lost (${this.reason}${status}${hint}); check it before you try again`
    )
  }
}

/**
 * The list cannot be read to its end: its pages repeat forever, stop without a last page, or skip customers.
 *
 * - `repeatedCursor`: a page has `hasMore: true` and the cursor of an earlier page.
 * - `missingCursor`: a page has `hasMore: true` and no cursor.
 * - `tooManyEmptyPages`, `pageLimit`: the list exceeds `maxEmptyPages` or `maxPages`.
 * - `shiftedList`: customers were deleted while the list was read, and no customer read before is found near its old position. There is no
 *   `resumeCursor` because a stream that starts there would skip customers. Read the list from its beginning.
 * - `refusedCursor`: the server no longer accepts the cursor (400, 410 or 422, or 404 after the first page). There is no `resumeCursor`. Read
 *   the list from its beginning.
 * - `unverifiable`: the stream has `verify: "overlap"`, but the cursors are not offsets.
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
    /** The cursor in the broken page, or the cursor that the server refused. */
    cursor: exactOptional(Schema.String),
    /** The status of the response that refused the cursor. */
    status: exactOptional(Schema.Int),
    /** The number of the broken page, from 1. */
    page: Schema.Int,
    /** The number of customers in the pages before it. */
    seen: Schema.NonNegativeInt,
    detail
  }
) {
  override get message(): string {
    const { detail, page, reason, seen, status } = this
    const advice = paginationAdvice[reason]
    const code = status === undefined ? "" : ` (${status})`
    const said = detail === undefined ? "" : `: ${detail}`
    const what = `page ${page}, after ${seen} ${seen === 1 ? "customer" : "customers"}, ${paginationTexts[reason]}${code}${said}`
    return sentence(this, advice === undefined ? what : `${what}; ${advice}`)
  }
}

const paginationTexts: Record<BrokenPagination["reason"], string> = {
  repeatedCursor: "repeats the cursor of an earlier page",
  missingCursor: "says that more customers follow but has no cursor",
  tooManyEmptyPages: "is one more empty page in a row than maxEmptyPages allows",
  pageLimit: "is one more page than maxPages allows",
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
 * The schema of every error of the client. Use it to store an error, for example in a job, and to read it back.
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
 * Any error of the client.
 *
 * @since 0.1.0
 * @category models
 */
export type AvaraError = typeof AvaraError.Type

/**
 * Checks whether a value is an error of this client, and not an error of another library with the same tag.
 *
 * @since 0.1.0
 * @category predicates
 */
export const isAvaraError = (value: unknown): value is AvaraError => Schema.is(AvaraError)(value)

/**
 * The errors that every call can fail with.
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
 * The errors of `customers.create`.
 *
 * @since 0.1.0
 * @category models
 */
export type CreateError = CallError | Conflict | OutcomeUnknown

/**
 * The errors of `customers.list`.
 *
 * @since 0.1.0
 * @category models
 */
export type ListError = CallError | InvalidResponse

/**
 * The errors of `customers.pages` and `customers.stream`.
 *
 * @since 0.1.0
 * @category models
 */
export type StreamError = ListError | BrokenPagination

/**
 * The errors of `customers.createOnce`.
 *
 * @since 0.1.0
 * @category models
 */
export type CreateOnceError = CreateError | StreamError

/**
 * The errors of `customers.retrieve`.
 *
 * @since 0.1.0
 * @category models
 */
export type RetrieveError = CallError | InvalidResponse | NotFound

/**
 * The errors of `customers.retrieveActive`.
 *
 * @since 0.1.0
 * @category models
 */
export type RetrieveActiveError = RetrieveError | Inactive

/**
 * The errors of `customers.update` and `customers.deactivate`.
 *
 * @since 0.1.0
 * @category models
 */
export type UpdateError = CallError | InvalidResponse | NotFound | Conflict | Inactive

/**
 * The errors of `customers.reactivate`.
 *
 * @since 0.1.0
 * @category models
 */
export type ReactivateError = CallError | InvalidResponse | NotFound | Conflict

/**
 * The errors of `users.add` and `users.remove`.
 *
 * @since 0.1.0
 * @category models
 */
export type UserError = CallError | InvalidResponse | NotFound | Conflict | Inactive

/**
 * The errors of `AvaraClient.request`.
 *
 * @since 0.1.0
 * @category models
 */
export type RequestError = CallError | InvalidResponse | NotFound | Conflict | OutcomeUnknown

/** Redirects that tell the client to send the request elsewhere, which means that it was not processed. */
const movedStatuses: ReadonlySet<number> = new Set([301, 307, 308])

/** Statuses that say that the server does not support the request, so a retry cannot succeed. */
const permanentStatuses: ReadonlySet<number> = new Set([501, 505])

interface Prospects {
  readonly isRetryable: boolean
  readonly isAmbiguous: boolean
}

type ByTag = { readonly [E in AvaraError as E["_tag"]]: E }

/** The errors that `OutcomeUnknown` can name as its reason; no other error may be ambiguous. */
type AmbiguousTag = OutcomeUnknown["reason"] | "OutcomeUnknown"

const isFinal = () => ({ isRetryable: false, isAmbiguous: false }) as const

/** The results of `isRetryable` and `isAmbiguous` for each error. */
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
 * Checks whether the same call may succeed later.
 *
 * This is true after a connection failure other than TLS, the timeout of an attempt, status 408, 429, or 500 and above except 501 and 505,
 * and a successful response whose body is not JSON. It does not say whether a repetition is safe: see `isAmbiguous`.
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
 * Checks whether the server may have done the work although the call failed. Repeating such a call may do the work twice.
 *
 * @example
 * ```ts
 * import { Customers, isAmbiguous } from "@effect-avara/core"
 * import * as Effect from "effect/Effect"
 *
 * const deactivate = (id: string) =>
 *   Effect.gen(function*() {
 *     const customers = yield* Customers
 *     return yield* customers.deactivate(id).pipe(
 *       Effect.tapError((error) => Effect.log(isAmbiguous(error) ? "may have been done" : "was not done"))
 *     )
 *   })
 * ```
 *
 * @since 0.1.0
 * @category predicates
 */
export const isAmbiguous = (error: AvaraError): boolean => prospectsOf(error._tag, error).isAmbiguous
