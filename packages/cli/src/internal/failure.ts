import { type AvaraError, Issue, type Validation } from "@effect-avara/core"
import type { InvalidInput, ListenFailed, StorageFailed } from "@effect-avara/emulator/Emulator"
import type { ExportError, ImportError, ManifestRefused, VerifyFailed } from "@effect-avara/export/ExportError"
import type {
  AlreadySubmitted,
  JobNotFound,
  JobsDatabaseFailed,
  NotPossible,
  ScheduleRefused
} from "@effect-avara/jobs/JobError"
import * as ConfigError from "effect/ConfigError"
import * as Data from "effect/Data"
import { ExitCode } from "../ExitCode.js"
import type { OutputError } from "./output.js"
import { oneLine, type SafeText, safe } from "./text.js"

/** A failure of the command itself, with its exit code. */
export class CommandFailed extends Data.TaggedError("CommandFailed")<{
  readonly code: ExitCode
  readonly message: string
}> {}

/** Ends the command without a message, because it has already printed one or needs none. */
export class EndedWith extends Data.TaggedError("EndedWith")<{ readonly code: ExitCode }> {}

/** A failure with a hint about what the user can do next. */
export class Hinted extends Data.TaggedError("Hinted")<{ readonly failure: Failure; readonly hint: SafeText }> {}

/** The failures of a command. */
export type Failure =
  | AvaraError
  | ConfigError.ConfigError
  | OutputError
  | ListenFailed
  | StorageFailed
  | InvalidInput
  | ExportError
  | ImportError
  | ManifestRefused
  | VerifyFailed
  | JobNotFound
  | NotPossible
  | AlreadySubmitted
  | JobsDatabaseFailed
  | ScheduleRefused
  | CommandFailed
  | EndedWith
  | Hinted

/** The lines for standard error, and the exit code. */
export interface Report {
  readonly code: ExitCode
  readonly lines: ReadonlyArray<SafeText>
}

/** The failures whose tag alone determines the exit code. */
type Coded = Exclude<Failure, ConfigError.ConfigError | CommandFailed | EndedWith | Hinted>

const codes: Readonly<Record<Coded["_tag"], ExitCode>> = {
  Validation: ExitCode.validation,
  NotFound: ExitCode.notFound,
  Inactive: ExitCode.conflict,
  Conflict: ExitCode.conflict,
  Unauthorized: ExitCode.notAllowed,
  Forbidden: ExitCode.notAllowed,
  RateLimited: ExitCode.tryAgain,
  ServerError: ExitCode.tryAgain,
  ConnectionFailed: ExitCode.tryAgain,
  TimedOut: ExitCode.tryAgain,
  OutcomeUnknown: ExitCode.outcomeUnknown,
  InvalidResponse: ExitCode.brokenAnswer,
  UnexpectedStatus: ExitCode.brokenAnswer,
  BrokenPagination: ExitCode.brokenAnswer,
  ListenFailed: ExitCode.failure,
  StorageFailed: ExitCode.storage,
  InvalidInput: ExitCode.validation,
  OutputFailed: ExitCode.storage,
  ReaderLeft: ExitCode.readerLeft,
  DatabaseFailed: ExitCode.storage,
  CheckpointRefused: ExitCode.storage,
  Unfinished: ExitCode.storage,
  Locked: ExitCode.storage,
  Stopped: ExitCode.interrupted,
  JournalRefused: ExitCode.storage,
  ManifestRefused: ExitCode.storage,
  VerifyFailed: ExitCode.storage,
  InputRefused: ExitCode.validation,
  JobNotFound: ExitCode.notFound,
  NotPossible: ExitCode.conflict,
  AlreadySubmitted: ExitCode.conflict,
  JobsDatabaseFailed: ExitCode.storage,
  ScheduleRefused: ExitCode.usage
}

const isCoded = (tag: string): tag is Coded["_tag"] => Object.hasOwn(codes, tag)

/** Returns the exit code for the tag of a failure, such as the tag stored with a job. */
export const codeOfTag = (tag: string): ExitCode => (isCoded(tag) ? codes[tag] : ExitCode.failure)

const validationLines = ({ issues, operation, requestId, source, status }: Validation): ReadonlyArray<SafeText> => {
  const refused = status === undefined ? "the server rejected the input" : `the server rejected the input (${status})`
  const what = source === "client" ? "not sent because the input is not valid" : refused
  const id = requestId === undefined ? "" : ` (request id ${requestId})`
  return [safe`${operation}: ${what}${id}`, ...issues.map((issue) => safe`  ${oneLine(Issue.format([issue]))}`)]
}

const missingKey =
  "AVARA_API_KEY is not set: set it to your API key, or use --emulator 100 to try the command without one"

const configLines = (error: ConfigError.ConfigError): ReadonlyArray<string> => {
  if (error._op === "And" || error._op === "Or") return [...configLines(error.left), ...configLines(error.right)]
  const name = error.path.join(".")
  if (name === "AVARA_API_KEY" && error._op === "MissingData") return [missingKey]
  return [name === "" ? error.message : `${name}: ${error.message}`]
}

/** Reports a failure to the user: one line about what went wrong, and a line for each issue of an input. */
export const report = (error: Failure): Report => {
  if (ConfigError.isConfigError(error))
    return { code: ExitCode.notAllowed, lines: [safe`${Array.from(new Set(configLines(error))).join("; ")}`] }
  switch (error._tag) {
    case "Hinted": {
      const { code, lines } = report(error.failure)
      return { code, lines: [...lines, error.hint] }
    }
    case "EndedWith":
      return { code: error.code, lines: [] }
    case "ReaderLeft":
      return { code: codes[error._tag], lines: [] }
    case "CommandFailed":
      return { code: error.code, lines: [safe`${oneLine(error.message)}`] }
    case "Validation":
      return { code: codes[error._tag], lines: validationLines(error) }
    default:
      return { code: codes[error._tag], lines: [safe`${oneLine(error.message)}`] }
  }
}
