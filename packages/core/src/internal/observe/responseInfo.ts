import type * as Duration from "effect/Duration"
import type * as Option from "effect/Option"

/**
 * The last response that a call received.
 *
 * It holds the server's data unmasked, so keep it out of logs.
 *
 * @since 0.1.0
 * @category models
 */
export interface ResponseInfo {
  readonly status: number
  /** The headers by lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  readonly requestId: Option.Option<string>
  /** The body as text; empty if the body was not received completely. */
  readonly text: string
  /** The body's JSON as the server sent it, including fields that no schema names; `undefined` if the body is not JSON. */
  readonly json: unknown
  /** The number of the attempt that received the response, from 1. */
  readonly attempts: number
  /** The time from the start of the call to the end of the response, including waits. */
  readonly elapsed: Duration.Duration
}
