import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Failure } from "./failure.js"
import type { Output } from "./output.js"
import type { Settings } from "./settings.js"

/** The values of the options that every command accepts. */
export class CurrentSettings extends Context.Tag("@effect-avara/cli/CurrentSettings")<CurrentSettings, Settings>() {}

/** The command line as the user typed it, for messages about how to continue. */
export class CommandLine extends Context.Tag("@effect-avara/cli/CommandLine")<CommandLine, ReadonlyArray<string>>() {}

/** Handles Ctrl-C and SIGTERM while a command has work to finish. */
export interface InterruptionService {
  /** Within the scope, the first signal runs `stop` instead of ending the command. The second signal ends it. */
  readonly onFirstSignal: (stop: Effect.Effect<void>) => Effect.Effect<void, never, Scope.Scope>
}

export class Interruption extends Context.Tag("@effect-avara/cli/Interruption")<Interruption, InterruptionService>() {}

/** The number of retries so far. */
export class Retries extends Context.Tag("@effect-avara/cli/Retries")<Retries, { readonly count: () => number }>() {}

export type Services = Output | CurrentSettings | CommandLine | Interruption | Retries

/** The work of a command. */
export type Task = Effect.Effect<void, Failure, Services>

/** Loads the work of a command, so that `--help` does not load the dependencies of every command. */
export type Load = () => Promise<Task>

/** Runs the work of a command. */
export type Run = (load: Load) => Promise<void>

export type Execute = (load: Load, settings: Settings) => Promise<void>
