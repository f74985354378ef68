/**
 * The work on one row of a file, without the file and without a journal.
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
 * The fields of a row by name, as values that JSON can hold.
 *
 * @since 0.1.0
 * @category models
 */
export type Fields = Readonly<Record<string, unknown>>

/**
 * The outcome of a row that was sent.
 *
 * - `Done`: the row is done, and `id` is the id of its customer.
 * - `Rejected`: the server refused the row, for the reasons in `issues`.
 * - `Unsure`: the response was lost. The row may be done, so look for it before you send it again.
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
  /** The line of the file where the row starts, counted from 1. */
  readonly line: number
  /** The decoded row. */
  readonly value: A
  /** The unique key of the row's customer; empty if the work needs none. */
  readonly key: string
  /** Whether the row may have been sent before. */
  readonly wasSent: boolean
}

/**
 * The work on the rows of a file. `Import.work` and `Bulk.work` return one.
 *
 * @since 0.1.0
 * @category models
 */
export interface Work<A, E, R> {
  /** The name of the work, in a few words. The same name means the same work. */
  readonly operation: string
  /** The columns that a CSV file must have. */
  readonly required: ReadonlyArray<string>
  /** Checks the fields of a row, and returns its value or what is wrong with it. */
  readonly decode: (fields: Fields) => Either.Either<A, ReadonlyArray<Issue>>
  /** Returns the content of the row that must be unique in the file, if it has such content. */
  readonly identity: (value: A) => Option.Option<string>
  /** The name of `identity` in a message. */
  readonly identityName: string
  /** Returns the key of a row from its content, its line and the SHA-256 of the file. */
  readonly keyOf: (value: A, line: number, fileHash: string) => string
  /** `safe` if a row that may be done can be sent again; `settle` if you must first wait for `settle` and `look` for the row. */
  readonly resend: "safe" | "settle"
  /** How long the server may still work on a row whose response was lost. Wait this long before `look`. */
  readonly settle: Duration.Duration
  /** Reads the list once. Receives the keys by line, and returns the rows that are done: the ids of their customers by line. */
  readonly look: (keys: ReadonlyMap<number, string>) => Effect.Effect<ReadonlyMap<number, string>, E, R>
  /** Does one row. Fails only with errors that would stop every further row too. */
  readonly perform: (item: Item<A>) => Effect.Effect<Outcome, E, R>
}
