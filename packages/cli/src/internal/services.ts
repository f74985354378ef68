import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Failure } from "./failure.js"
import type { Output } from "./output.js"
import type { Settings } from "./settings.js"

/** The options that every command takes, as they were given. */
export class CurrentSettings extends Context.Tag("@effect-avara/cli/CurrentSettings")<CurrentSettings, Settings>() {}

/** The command line as the user gave it, for a command that tells how to go on. */
export class CommandLine extends Context.Tag("@effect-avara/cli/CommandLine")<CommandLine, ReadonlyArray<string>>() {}

/** How Ctrl-C and SIGTERM are taken while there is something to bring to a good end. */
export interface InterruptionService {
  /** Within the scope the first signal runs this instead of ending the command; the second one ends it. */
  readonly onFirstSignal: (stop: Effect.Effect<void>) => Effect.Effect<void, never, Scope.Scope>
}

export class Interruption extends Context.Tag("@effect-avara/cli/Interruption")<Interruption, InterruptionService>() {}

/** How many requests were sent again so far. */
export class Retries extends Context.Tag("@effect-avara/cli/Retries")<Retries, { readonly count: () => number }>() {}

export type Services = Output | CurrentSettings | CommandLine | Interruption | Retries

/** What a command does. */
export type Task = Effect.Effect<void, Failure, Services>

/** Loads what a command does: `--help` of one command does not load what the others need. */
export type Load = () => Promise<Task>

/** Runs what a command does. */
export type Run = (load: Load) => Promise<void>

export type Execute = (load: Load, settings: Settings) => Promise<void>
