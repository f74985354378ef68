import { expect, it } from "@effect/vitest"
import { Emulator } from "@effect-avara/emulator"
import * as Effect from "effect/Effect"

/** Makes each turn of the event loop longer than a fault waits for its client. */
const busy = Effect.acquireRelease(
  Effect.sync(() => {
    const state = { immediate: setImmediate(() => {}) }
    const block = () => {
      const end = performance.now() + 25
      while (performance.now() < end);
      state.immediate = setImmediate(block)
    }
    block()
    return state
  }),
  ({ immediate }) => Effect.sync(() => clearImmediate(immediate))
)

it.scopedLive("a client of a busy process receives the part of the body before the connection is reset", () =>
  Effect.gen(function* () {
    const { url } = yield* Emulator.Emulator
    yield* busy
    const response = yield* Effect.promise(() =>
      fetch(`${url}/v1/express`, { headers: { authorization: "Bearer key" } })
    )
    const { error } = yield* Effect.flip(Effect.tryPromise(() => response.text()))
    expect(error).toMatchObject({ cause: { code: "ECONNRESET" } })
  }).pipe(Effect.provide(Emulator.layer({ faults: [{ type: "reset", during: "body" }] })))
)
