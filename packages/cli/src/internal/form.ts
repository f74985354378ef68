import * as Effect from "effect/Effect"
import { Output } from "./output.js"
import { CurrentSettings } from "./services.js"

/** Whether data is to be read by a person; it is JSON otherwise. */
export const isTable: Effect.Effect<boolean, never, CurrentSettings | Output> = Effect.map(
  Effect.all([CurrentSettings, Output]),
  ([{ json, table }, { out }]) => table === true || (json !== true && out.isTerminal)
)
