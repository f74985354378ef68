/** The emulator in its own process, which keeps its customers in a file across restarts. */
import * as fs from "node:fs"
import * as path from "node:path"
import type { Fault } from "@effect-avara/emulator/Fault"
import { type GivenCustomer, State } from "@effect-avara/emulator/State"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import { freePort } from "../support/listen.js"
import { started } from "./processes.js"

export interface Server {
  readonly port: number
  readonly url: string
  readonly customers: Effect.Effect<ReadonlyArray<GivenCustomer>>
  /** Adds faults after the initial ones; the returned effect removes them. */
  readonly add: (...faults: ReadonlyArray<Fault>) => Effect.Effect<Effect.Effect<void>>
  readonly kill: Effect.Effect<void>
  readonly start: Effect.Effect<void>
}

interface Options {
  /** The folder of its files. */
  readonly folder: string
  /** How many customers it has initially. */
  readonly customers: number
  readonly faults: ReadonlyArray<Fault>
}

const decodeState = Schema.decodeUnknown(State)

const SetFaults = Schema.Struct({ faults: Schema.Array(Schema.Struct({ id: Schema.String })) })

const decodeFaults = Schema.decodeUnknown(SetFaults)

const control = (url: string, what: string, init: RequestInit = {}) =>
  Effect.promise(async () => {
    const response = await fetch(`${url}/__emulator/${what}`, { ...init, signal: AbortSignal.timeout(20_000) })
    return response.json()
  })

const controls = (url: string): Pick<Server, "customers" | "add"> => ({
  customers: control(url, "state").pipe(
    Effect.flatMap(decodeState),
    Effect.map(({ customers }) => customers),
    Effect.orDie
  ),
  add: (...faults) =>
    control(url, "faults", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(faults)
    }).pipe(
      Effect.flatMap(decodeFaults),
      Effect.map(({ faults }) =>
        Effect.forEach(faults, ({ id }) => control(url, `faults/${id}`, { method: "DELETE" }), { discard: true })
      ),
      Effect.orDie
    )
})

/** An emulator that stops when the scope closes. */
export const emulator = ({ customers, faults, folder }: Options): Effect.Effect<Server, never, Scope.Scope> =>
  Effect.gen(function* () {
    const faultsFile = path.join(folder, "faults.json")
    fs.writeFileSync(faultsFile, JSON.stringify(faults))
    const port = yield* freePort
    const args = ["--port", port, "--file", path.join(folder, "server.db"), "--faults", faultsFile]
    const scope = yield* Effect.scope
    const start = Scope.extend(
      started("emulator", [...args, "--customers", customers].map(String), /Press Ctrl-C/),
      scope
    )
    let running = yield* start
    const url = `http://127.0.0.1:${port}`
    return {
      port,
      url,
      ...controls(url),
      kill: Effect.suspend(() => Effect.zipRight(running.signal("SIGKILL"), running.ended)),
      start: Effect.map(start, (again) => {
        running = again
      })
    }
  })
