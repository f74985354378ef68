/**
 * What the exit codes of the command say.
 *
 * @since 0.1.0
 */

/**
 * The exit codes by what they say.
 *
 * @since 0.1.0
 * @category models
 */
export const ExitCode = {
  ok: 0,
  failure: 1,
  usage: 2,
  notAllowed: 3,
  notFound: 4,
  validation: 5,
  conflict: 6,
  tryAgain: 7,
  outcomeUnknown: 8,
  brokenAnswer: 9,
  storage: 10,
  interrupted: 130,
  readerLeft: 141,
  terminated: 143
} as const

/**
 * An exit code of the command.
 *
 * @since 0.1.0
 * @category models
 */
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]

/**
 * Each exit code with its meaning, as help and README list them.
 *
 * @since 0.1.0
 * @category models
 */
export const meanings: ReadonlyArray<readonly [code: ExitCode, meaning: string]> = [
  [ExitCode.ok, "done"],
  [ExitCode.failure, "any other failure; a check of doctor that failed"],
  [ExitCode.usage, "the command line is wrong; nothing was done"],
  [ExitCode.notAllowed, "a setting is missing or wrong, or the API key was not accepted or may not do this"],
  [ExitCode.notFound, "there is no such customer, user or job"],
  [ExitCode.validation, "the input is not allowed, or rows of a file were rejected"],
  [ExitCode.conflict, "the customer is deactivated, or the state of it or of a job does not allow this"],
  [ExitCode.tryAgain, "no connection, a timeout, too many requests, a failing server: try again later"],
  [ExitCode.outcomeUnknown, "a customer may have been created or not: look before you try again"],
  [ExitCode.brokenAnswer, "the server's answer breaks the API's contract"],
  [ExitCode.storage, "a file, table, database, checkpoint or manifest cannot be used or does not agree"],
  [ExitCode.interrupted, "ended by Ctrl-C"],
  [ExitCode.readerLeft, "the program that reads the output ended first, as head does"],
  [ExitCode.terminated, "ended by SIGTERM"]
]
