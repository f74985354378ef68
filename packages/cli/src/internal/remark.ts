import * as Effect from "effect/Effect"
import { type Output, say } from "./output.js"
import { CurrentSettings } from "./services.js"
import type { SafeText } from "./text.js"

/** Writes a line to standard error, apart from the data, unless `--quiet` is set. */
export const remark = (line: SafeText): Effect.Effect<void, never, CurrentSettings | Output> =>
  Effect.flatMap(CurrentSettings, ({ quiet }) => (quiet ? Effect.void : say(line)))
