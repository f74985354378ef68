import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

/** A row of the table, and its test. */
export interface Row {
  /** The situation, such as "A name that is 3,000 bytes long". */
  readonly fault: string
  /** The command or call, such as `avara export customers --out FILE`. */
  readonly command: string
  /** The result for the user, in one plain sentence. */
  readonly result: string
  readonly check: Effect.Effect<void, unknown, Scope.Scope>
  /** How long the check may take, in milliseconds; 60,000 by default. */
  readonly timeout?: number
}
