import * as Emulator from "@effect-avara/emulator/Emulator"
import * as Effect from "effect/Effect"
import { Output, say } from "../output.js"
import { CurrentSettings, type Task } from "../services.js"
import { integer, jsonLine, safe } from "../text.js"

const announce = Effect.gen(function* () {
  const { count, url } = yield* Emulator.Emulator
  const { json } = yield* CurrentSettings
  const { out } = yield* Output
  const customers = yield* count
  // The URL is data: a script reads it to know where a free port was found.
  if (json || !out.isTerminal) yield* out.write(jsonLine({ url, customers }))
  yield* say(safe`Avara Express API emulator: ${integer(customers)} customers at ${url}
  to look  ${url}
  to read  ${url}/docs
  to use   AVARA_BASE_URL=${url} AVARA_API_KEY=sk_live_${"0".repeat(32)}
Ctrl-C ends it.`)
})

const warn = ({ host }: Emulator.Options) =>
  host === "0.0.0.0" || host === "::" ? say(safe`Other machines can connect to it.`) : Effect.void

export const emulator = (options: Emulator.Options): Task =>
  Effect.zipRight(Effect.zipRight(announce, warn(options)), Effect.never).pipe(Effect.provide(Emulator.layer(options)))
