import type * as Duration from "effect/Duration"
import type * as Option from "effect/Option"

/**
 * The last response that a call received. It holds what the server sent, unmasked: keep it out of logs.
 *
 * @since 0.1.0
 * @category models
 */
export interface ResponseInfo {
  readonly status: number
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  readonly requestId: Option.Option<string>
  /** The body as text, empty if it was not received to its end. */
  readonly text: string
  /** The body's JSON as the server sent it, with fields that no schema names; `undefined` if the body is not JSON. */
  readonly json: unknown
  /** The number of the attempt that received the response, from 1. */
  readonly attempts: number
  /** The time from the beginning of the call to the end of the response, waits included. */
  readonly elapsed: Duration.Duration
}
