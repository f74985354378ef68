import type { AvaraError } from "@effect-avara/core/AvaraError"
import type * as Issue from "@effect-avara/core/Issue"

/** Whether an error concerns only its row, or would concern every further row too and ends the run. */
const reach = {
  Validation: "row",
  NotFound: "row",
  Inactive: "row",
  Conflict: "row",
  Unauthorized: "run",
  Forbidden: "run",
  RateLimited: "run",
  ServerError: "run",
  ConnectionFailed: "run",
  TimedOut: "run",
  InvalidResponse: "run",
  UnexpectedStatus: "run",
  OutcomeUnknown: "run",
  BrokenPagination: "run"
} as const satisfies Readonly<Record<AvaraError["_tag"], "row" | "run">>

type RowTag = {
  readonly [T in keyof typeof reach]: (typeof reach)[T] extends "row" ? T : never
}[keyof typeof reach]

/** The errors that concern only their row. @internal */
export type RowError<E extends AvaraError = AvaraError> = Extract<E, { readonly _tag: RowTag }>

/** @internal */
export const isRowError = <E extends AvaraError>(error: E): error is RowError<E> => reach[error._tag] === "row"

/** Returns the reasons that the rejects file states for an error. @internal */
export const issuesOf = (error: RowError): ReadonlyArray<Issue.Issue> =>
  error._tag === "Validation" ? error.issues : [{ path: [], message: error.message }]
