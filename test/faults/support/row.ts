import type * as Effect from "effect/Effect"
import type { Result } from "./result.js"

/** A row of the table, and its test. */
export interface Row {
  readonly fault: string
  readonly call: string
  readonly result: Result
  /** How many requests the server sees. */
  readonly requests: number
  /** How many connections are open right after the call, if the row uses real ones. */
  readonly open?: number
  /** A note on the result. */
  readonly note?: string | undefined
  readonly check: Effect.Effect<void>
}
