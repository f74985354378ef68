import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Avara } from "@effect-avara/core"
import * as Cause from "effect/Cause"
import * as ConfigError from "effect/ConfigError"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"

/** A failure with a tag and a message for the user. */
export interface Readable {
  readonly _tag: string
  readonly message: string
}

const describe = (error: Readable | ConfigError.ConfigError): string => {
  const text = ConfigError.isConfigError(error)
    ? `Wrong configuration: ${Avara.formatConfigError(error)}`
    : `${error._tag}: ${error.message}`
  return text.replace(/\s*[\r\n]+\s*/g, " ")
}

/**
 * Runs a program and exits with 0, with 1 and one line for a failure, or with 130 or 143 after SIGINT or SIGTERM.
 * A defect is a bug and is printed in full.
 */
export const runMain = <A>(program: Effect.Effect<A, Readable | ConfigError.ConfigError>): void => {
  let failureCode = 1
  const onSignal = (code: number) => () => {
    failureCode = code
  }
  process.once("SIGINT", onSignal(130))
  process.once("SIGTERM", onSignal(143))
  // The reader of the output may exit early, as `head` does. The program continues.
  for (const output of [process.stdout, process.stderr]) output.on("error", () => {})

  const report = (cause: Cause.Cause<Readable | ConfigError.ConfigError>): Effect.Effect<void> => {
    if (Cause.isInterruptedOnly(cause)) return Effect.void
    return Console.error(
      Either.match(Cause.failureOrCause(cause), {
        onLeft: describe,
        onRight: (defect) => `A bug: ${Cause.pretty(defect)}`
      })
    )
  }

  NodeRuntime.runMain(Effect.onError(program, report), {
    disableErrorReporting: true,
    disablePrettyLogger: true,
    teardown: (exit, onExit) => onExit(Exit.isSuccess(exit) ? 0 : failureCode)
  })
}
