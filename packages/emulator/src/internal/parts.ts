import type * as Redacted from "effect/Redacted"
import type { Script } from "./faults.js"
import type { Recorder } from "./requests.js"
import type { StoreService } from "./store.js"
import type { Transport } from "./transport.js"

/** The parts of an emulator besides its API. */
export interface Parts {
  readonly store: StoreService
  readonly script: Script
  readonly recorder: Recorder
  readonly transport: Transport
  readonly apiKey: Redacted.Redacted | undefined
  readonly recordBodies: boolean
}
