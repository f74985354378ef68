/**
 * The exit codes of the `avara` command.
 *
 * @since 0.1.0
 */

/**
 * The exit codes, by name.
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
 * Each exit code with its meaning, as the help and the manual list them.
 *
 * @since 0.1.0
 * @category models
 */
export const meanings: ReadonlyArray<readonly [code: ExitCode, meaning: string]> = [
  [ExitCode.ok, "success"],
  [ExitCode.failure, "any other failure, or a failed check of avara doctor"],
  [ExitCode.usage, "the command line is wrong; nothing was done"],
  [ExitCode.notAllowed, "a setting is missing or invalid, or the API key was refused or lacks a permission"],
  [ExitCode.notFound, "the customer, user or job does not exist"],
  [ExitCode.validation, "the input is invalid, or rows of a file were rejected"],
  [ExitCode.conflict, "the customer is deactivated, or the state of the customer or job does not allow the operation"],
  [ExitCode.tryAgain, "no connection, a timeout, too many requests or a failing server; try again later"],
  [ExitCode.outcomeUnknown, "it is unknown whether a customer was created; check before you try again"],
  [ExitCode.brokenAnswer, "the server's response violates the API's contract"],
  [ExitCode.storage, "a file, table, database, checkpoint or manifest cannot be used or does not match"],
  [ExitCode.interrupted, "stopped by Ctrl-C"],
  [ExitCode.readerLeft, "the program that reads the output, such as head, exited first"],
  [ExitCode.terminated, "stopped by SIGTERM"]
]
