/** How an application tests that its own service handles a failing API: the emulator fails on demand. */
import { describe, expect, it } from "@effect/vitest"
import { Avara } from "@effect-avara/core"
import { Emulator } from "@effect-avara/emulator"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { Registrations } from "../src/Registrations.js"
import { asTimePasses } from "./support/time.js"

const registrationsOver = (options: Emulator.StoreOptions) =>
  Registrations.Default.pipe(
    Layer.provide(Avara.layer({ apiKey: Redacted.make("any-key") })),
    Layer.provideMerge(Emulator.layerHttpClient(options))
  )

const signUps = Array.from({ length: 10 }, (_, index) => ({ number: `s-${index}`, name: `Clinic ${index}` }))

describe("Registrations", () => {
  it.effect("registers a clinic once when the response of the create is lost", () =>
    Effect.gen(function* () {
      const registrations = yield* Registrations
      const emulator = yield* Emulator.Emulator
      const clinic = yield* asTimePasses(registrations.register({ number: "s-1", name: "City Medical Center" }))
      expect(yield* emulator.customers).toEqual([clinic])
      const posts = (yield* emulator.requests).filter(({ method }) => method === "POST")
      expect(posts).toMatchObject([{ operation: "customers.create", fault: "loseResponse" }])
    }).pipe(Effect.provide(registrationsOver({ faults: [{ type: "loseResponse", operation: "customers.create" }] })))
  )

  it.effect("registers every clinic despite a limit of 4 requests per second", () =>
    Effect.gen(function* () {
      const registrations = yield* Registrations
      const emulator = yield* Emulator.Emulator
      yield* asTimePasses(registrations.registerAll(signUps))
      const names = (yield* emulator.customers).map(({ expressCustomerName }) => expressCustomerName)
      expect(names).toEqual(signUps.map(({ name }) => name))
      const statuses = (yield* emulator.requests).map(({ status }) => status)
      expect(statuses).toEqual([200, 200, 200, 200, 429, 200, 200, 200, 200, 429, 200, 200])
    }).pipe(Effect.provide(registrationsOver({ faults: [{ type: "rateLimit", perSecond: 4 }] })))
  )

  it.effect("copies every clinic when the list breaks on page 3", () =>
    Effect.gen(function* () {
      const registrations = yield* Registrations
      const emulator = yield* Emulator.Emulator
      const faults = yield* Emulator.Faults
      const saved: Array<string> = []
      const save = (page: ReadonlyArray<{ readonly expressCustomerId: string }>) =>
        Effect.sync(() => void saved.push(...page.map(({ expressCustomerId }) => expressCustomerId)))

      yield* faults.set({ type: "reset", during: "body", operation: "customers.list", nth: 3, times: 3 })
      const first = yield* asTimePasses(registrations.copyTo(save))
      expect([first.isComplete, saved.length]).toEqual([false, 200])
      const second = yield* asTimePasses(registrations.copyTo(save, first.cursor))
      expect(second.isComplete).toBe(true)
      expect(saved).toEqual((yield* emulator.customers).map(({ expressCustomerId }) => expressCustomerId))
    }).pipe(Effect.provide(registrationsOver({ customers: 450 })))
  )
})
