import * as Emulator from "@effect-avara/emulator/Emulator"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Output, say } from "../output.js"
import { makeSeeding } from "../seeding.js"
import { CurrentSettings, type Task } from "../services.js"
import { counted, jsonLine, safe } from "../text.js"

/** The options of the command line. */
export interface EmulatorOptions {
  readonly port: number
  readonly host: string
  readonly cors?: string | undefined
  readonly customers?: number | undefined
  readonly file?: string | undefined
  readonly seed: number
  readonly seedFile?: string | undefined
  readonly faults?: string | undefined
  readonly apiKey?: string | undefined
  readonly recordBodies?: boolean | undefined
}

// A key that the user chose may be in use elsewhere too.
const shownKey = (chosen: string | undefined): string =>
  chosen === undefined ? `sk_live_${"0".repeat(32)}` : "(your --api-key)"

const announce = Effect.fnUntraced(function* (chosenKey: string | undefined) {
  const { count, url } = yield* Emulator.Emulator
  const { json } = yield* CurrentSettings
  const { out } = yield* Output
  const customers = yield* count
  // The URL is data: a script reads the chosen port from it.
  if (json || !out.isTerminal) yield* out.write(jsonLine({ url, customers }))
  yield* say(safe`Avara Express API emulator: ${counted(customers, "customer")} at ${url}
  page      ${url}
  API docs  ${url}/docs
  client    AVARA_BASE_URL=${url} AVARA_API_KEY=${shownKey(chosenKey)}
Press Ctrl-C to stop.`)
})

const warn = ({ host }: { readonly host: string }) =>
  host === "0.0.0.0" || host === "::" ? say(safe`Other machines can connect to the emulator.`) : Effect.void

const defaultCustomers = 10_000

export const emulator = ({ apiKey, customers, faults, seedFile, ...options }: EmulatorOptions): Task =>
  Effect.gen(function* () {
    const generated = customers ?? (seedFile === undefined ? defaultCustomers : 0)
    const layer = Emulator.layer({
      ...options,
      generated,
      seedFile,
      faultsFile: faults,
      apiKey: apiKey === undefined ? undefined : Redacted.make(apiKey),
      onProgress: yield* makeSeeding
    })
    return yield* Effect.provide(Effect.zipRight(Effect.zipRight(announce(apiKey), warn(options)), Effect.never), layer)
  })
