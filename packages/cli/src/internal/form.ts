import * as Effect from "effect/Effect"
import { Output, type Sink } from "./output.js"
import { CurrentSettings } from "./services.js"

/** Whether data that goes there is to be read by a person; it is JSON otherwise. */
export const isTableOn = ({ isTerminal }: Pick<Sink, "isTerminal">): Effect.Effect<boolean, never, CurrentSettings> =>
  Effect.map(CurrentSettings, ({ json, table }) => table === true || (json !== true && isTerminal))

/** Whether data on standard output is to be read by a person. */
export const isTable: Effect.Effect<boolean, never, CurrentSettings | Output> = Effect.flatMap(Output, ({ out }) =>
  isTableOn(out)
)
