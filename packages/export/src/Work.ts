/**
 * What is done with a row, without a file or a journal.
 *
 * @since 0.1.0
 */
import type { OutcomeUnknown } from "@effect-avara/core/AvaraError"
import type { Issue } from "@effect-avara/core/Issue"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Either from "effect/Either"
import type * as Option from "effect/Option"

/**
 * The fields of a row by their names, as JSON could hold them.
 *
 * @since 0.1.0
 * @category models
 */
export type Fields = Readonly<Record<string, unknown>>

/**
 * What became of a row that was sent.
 *
 * - `Done`: it is done, and `id` is its customer's.
 * - `Rejected`: the server refuses this row, for these reasons.
 * - `Unsure`: the answer was lost. The row may be done, so look for it before you send it again.
 *
 * @since 0.1.0
 * @category models
 */
export type Outcome =
  | { readonly _tag: "Done"; readonly id: string }
  | { readonly _tag: "Rejected"; readonly issues: ReadonlyArray<Issue> }
  | { readonly _tag: "Unsure"; readonly error: OutcomeUnknown }

/**
 * A row that is allowed, ready to be sent.
 *
 * @since 0.1.0
 * @category models
 */
export interface Item<A> {
  /** The line of the file that the row begins at, from 1. */
  readonly line: number
  readonly value: A
  /** What tells the row's customer from every other, or an empty text if nothing has to. */
  readonly key: string
  /** Whether it may have been sent before. */
  readonly wasSent: boolean
}

/**
 * What to do with the rows of a file. `Import.work` and `Bulk.work` return one.
 *
 * @since 0.1.0
 * @category models
 */
export interface Work<A, E, R> {
  /** Says what is done, in a few words; the same words mean the same work. */
  readonly operation: string
  /** The columns that a CSV file must have. */
  readonly required: ReadonlyArray<string>
  /** Checks the fields of a row, or says what is wrong with them. */
  readonly decode: (fields: Fields) => Either.Either<A, ReadonlyArray<Issue>>
  /** What the row itself says that no other row may say. */
  readonly identity: (value: A) => Option.Option<string>
  /** What `identity` is called in a message. */
  readonly identityName: string
  /** The key of a row, by its content, its line and the SHA-256 of the file. */
  readonly keyOf: (value: A, line: number, fileHash: string) => string
  /** Whether a row that may be done can be sent again: `settle` says that it must be looked for first. */
  readonly resend: "safe" | "settle"
  /** How long the server may still work on a row whose answer was lost: wait so long before `look`. */
  readonly settle: Duration.Duration
  /** Reads the list once, and returns the rows that are done: lines with the ids of their customers. It takes lines with their keys. */
  readonly look: (keys: ReadonlyMap<number, string>) => Effect.Effect<ReadonlyMap<number, string>, E, R>
  /** Does one row. It fails only with what concerns every further row too. */
  readonly perform: (item: Item<A>) => Effect.Effect<Outcome, E, R>
}
