import * as Effect from "effect/Effect"
import { Output, type Sink } from "./output.js"
import { CurrentSettings } from "./services.js"

/** Checks whether data for a sink is a table for a person; otherwise it is JSON. */
export const isTableOn = ({ isTerminal }: Pick<Sink, "isTerminal">): Effect.Effect<boolean, never, CurrentSettings> =>
  Effect.map(CurrentSettings, ({ json, table }) => table === true || (json !== true && isTerminal))

/** Checks whether data on standard output is a table for a person; otherwise it is JSON. */
export const isTable: Effect.Effect<boolean, never, CurrentSettings | Output> = Effect.flatMap(Output, ({ out }) =>
  isTableOn(out)
)
