import type * as Effect from "effect/Effect"
import type { Result } from "./result.js"

/** A line of the table, and the test that it is. */
export interface Row {
  readonly fault: string
  readonly call: string
  readonly result: Result
  /** How many requests the server sees. */
  readonly requests: number
  /** How many connections are open right after the call, where there are real ones. */
  readonly open?: number
  /** What more is true of it, in words. */
  readonly note?: string | undefined
  readonly check: Effect.Effect<void>
}
