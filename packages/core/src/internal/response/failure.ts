import type * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as AvaraError from "../../AvaraError.js"
import type { Prepared } from "../request/request.js"
import {
  type Connection,
  connectionOf,
  isCutShortError,
  isDecompressionError,
  isTooLargeError
} from "../transport/connection.js"
import { refusedPage } from "../transport/page.js"
import type { Head } from "../transport/transport.js"
import { retryAfter } from "./retryAfter.js"

/** A failed attempt, with what the server says about retrying. @internal */
export interface Failure {
  readonly error: AvaraError.AvaraError
  readonly status: Option.Option<number>
  readonly retryAfter: Option.Option<Duration.Duration>
  readonly shouldRetry: Option.Option<boolean>
}

const withoutResponse = (error: AvaraError.AvaraError): Failure => ({
  error,
  status: Option.none(),
  retryAfter: Option.none(),
  shouldRetry: Option.none()
})

/** @internal */
export const timedOut = (
  operation: string,
  attempts: number,
  scope: AvaraError.TimedOut["scope"],
  limit: Duration.Duration
): Failure => withoutResponse(new AvaraError.TimedOut({ operation, attempts, scope, limit }))

/** @internal */
export const requestIdOf = ({ headers }: Head, { redactor }: Prepared<unknown>): Option.Option<string> =>
  Option.fromNullable(headers["x-request-id"] ?? headers["request-id"] ?? headers["cf-ray"]).pipe(
    Option.map((id) => redactor().id(id)),
    Option.filter((id) => id !== "")
  )

/** The fields that every error from a response has. @internal */
export interface Circumstances {
  readonly operation: string
  readonly attempts: number
  readonly requestId?: string
}

/** @internal */
export const circumstancesOf = (prepared: Prepared<unknown>, attempts: number, head: Head): Circumstances => ({
  operation: prepared.operation.name,
  attempts,
  ...Option.match(requestIdOf(head, prepared), { onNone: () => ({}), onSome: (requestId) => ({ requestId }) })
})

const shouldRetryOf = ({ headers }: Head): Option.Option<boolean> => {
  const value = headers["x-should-retry"]
  return value === "true" || value === "false" ? Option.some(value === "true") : Option.none()
}

/** Creates the failure for a response, with the wait that it asks for. @internal */
export const failureOf = (
  head: Head,
  error: AvaraError.AvaraError,
  retryAfter: Option.Option<Duration.Duration>
): Failure => ({ error, status: Option.some(head.status), retryAfter, shouldRetry: shouldRetryOf(head) })

const connectionFailed = (
  { operation, request }: Prepared<unknown>,
  attempts: number,
  connection: Connection & { readonly pageOrigin?: string }
) =>
  withoutResponse(
    new AvaraError.ConnectionFailed({ operation: operation.name, attempts, origin: request.origin, ...connection })
  )

const tooLarge = ({ operation, request }: Prepared<unknown>): string => {
  const fewer = operation.name === "customers.list" ? ", or request fewer customers per page (limit)" : ""
  return `expected a body of at most ${request.maxBodySize} bytes: raise maxBodySize${fewer}`
}

/** Returns why a body that arrived is not usable, or `undefined` if the connection broke. */
const unpackingIssue = (
  prepared: Prepared<unknown>,
  cause: unknown
): (Pick<AvaraError.InvalidResponse, "reason"> & { readonly message: string }) | undefined => {
  if (isTooLargeError(cause)) return { reason: "tooLarge", message: tooLarge(prepared) }
  if (isCutShortError(cause))
    return { reason: "notJson", message: "the body ends before its compressed data is complete" }
  return isDecompressionError(cause)
    ? { reason: "notJson", message: "expected a body compressed as its content-encoding says" }
    : undefined
}

/** Creates the failure for a broken connection, or for a successful response whose body is incomplete. @internal */
export const brokenFailure = (
  prepared: Prepared<unknown>,
  attempts: number,
  { cause, head }: { readonly cause: unknown; readonly head: Head | undefined },
  nowMillis: number
): Failure => {
  if (head === undefined)
    return connectionFailed(prepared, attempts, {
      ...connectionOf(cause),
      ...refusedPage(cause, prepared.request.origin)
    })
  const issue = unpackingIssue(prepared, cause)
  if (issue === undefined) return connectionFailed(prepared, attempts, { ...connectionOf(cause), sent: "maybe" })
  const { message, reason } = issue
  const error = new AvaraError.InvalidResponse({
    ...circumstancesOf(prepared, attempts, head),
    status: head.status,
    reason,
    issues: [{ path: [], message }],
    snippet: ""
  })
  return failureOf(head, error, retryAfter(head.headers, nowMillis))
}
