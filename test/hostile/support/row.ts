import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

/** A line of the table, and the test that it is. */
export interface Row {
  /** What is wrong, such as "a name that is 3,000 bytes long". */
  readonly fault: string
  /** What runs into it, such as `avara export customers --out FILE`. */
  readonly command: string
  /** What the user gets, in one sentence of plain words. */
  readonly result: string
  readonly check: Effect.Effect<void, unknown, Scope.Scope>
  /** How long the check may take, in milliseconds; 60,000 by default. */
  readonly timeout?: number
}
