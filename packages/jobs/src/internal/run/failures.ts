import { type AvaraError, isAmbiguous } from "@effect-avara/core/AvaraError"

/** The meaning of a row's error: nothing was sent, the API is down, or every other row would fail too. @internal */
export type Meaning = "unsent" | "outage" | "end"

const meanings = {
  RateLimited: "outage",
  ServerError: "outage",
  ConnectionFailed: "outage",
  TimedOut: "outage",
  OutcomeUnknown: "outage",
  Validation: "end",
  NotFound: "end",
  Inactive: "end",
  Conflict: "end",
  Unauthorized: "end",
  Forbidden: "end",
  InvalidResponse: "end",
  UnexpectedStatus: "end",
  BrokenPagination: "end"
} as const satisfies Readonly<Record<AvaraError["_tag"], Meaning>>

/** Returns the meaning of an error. A call whose deadline passed while it waited for its turn was not sent. @internal */
export const meaningOf = (error: AvaraError): Meaning =>
  error._tag === "TimedOut" && error.attempts === 0 ? "unsent" : meanings[error._tag]

/** Whether a row that failed may be done nevertheless. @internal */
export const mayBeDone = (error: AvaraError): boolean => meaningOf(error) !== "unsent" && isAmbiguous(error)
