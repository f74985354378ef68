/** How an application tests its own service without a network: with a mock of the client, and with the emulator in-process. */

import { describe, expect, it } from "@effect/vitest"
import { Avara, Customer, Customers, type CustomersService, NotFound, RateLimited } from "@effect-avara/core"
import { Emulator } from "@effect-avara/emulator"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Clinics } from "../src/Clinics.js"

const clinic = Schema.decodeSync(Customer)({
  expressCustomerId: "cus_1234567890abcdef1234567890abcdef",
  expressCustomerName: "City Medical Center",
  isActive: false,
  userCount: 3,
  createdAt: "2026-01-15T09:00:00Z",
  updatedAt: null
})

// Returns or fails exactly as the test says; methods that the test does not expect are left out.
describe("with a mock", () => {
  const clinicsOver = (customers: Partial<CustomersService>) =>
    Clinics.Default.pipe(Layer.provide(Layer.mock(Customers, customers)))

  it.effect("reactivates a clinic that exists", () =>
    Effect.gen(function* () {
      const clinics = yield* Clinics
      expect(yield* clinics.open("City Medical Center")).toMatchObject({ isActive: true, userCount: 3 })
    }).pipe(
      Effect.provide(
        clinicsOver({
          stream: () => Stream.make(clinic),
          reactivate: () => Effect.succeed({ ...clinic, isActive: true })
        })
      )
    )
  )

  it.effect("closes a clinic that no longer exists", () =>
    Effect.gen(function* () {
      const clinics = yield* Clinics
      yield* clinics.close(clinic.expressCustomerId)
    }).pipe(
      Effect.provide(
        clinicsOver({
          deactivate: (id) => Effect.fail(new NotFound({ operation: "customers.deactivate", resource: "customer", id }))
        })
      )
    )
  )

  it.effect("fails with the client's error", () =>
    Effect.gen(function* () {
      const clinics = yield* Clinics
      const error = yield* Effect.flip(clinics.open("City Medical Center"))
      expect(error).toMatchObject({ _tag: "RateLimited", operation: "customers.list" })
    }).pipe(
      Effect.provide(
        clinicsOver({
          stream: () => Stream.fail(new RateLimited({ operation: "customers.list" }))
        })
      )
    )
  )
})

// Behaves like the API, runs the client's own code, and opens no socket.
describe("with the emulator in-process", () => {
  const ClinicsTest = Clinics.Default.pipe(
    Layer.provide(Avara.layer({ apiKey: Redacted.make("sk_live_0123456789abcdef0123456789abcdef") })),
    Layer.provideMerge(Emulator.layerHttpClient({ customers: 25 }))
  )

  it.effect("opens a clinic once", () =>
    Effect.gen(function* () {
      const clinics = yield* Clinics
      const emulator = yield* Emulator.Emulator
      const opened = yield* clinics.open("City Medical Center")
      yield* clinics.close(opened.expressCustomerId)
      const again = yield* clinics.open("City Medical Center")
      expect(again.expressCustomerId).toBe(opened.expressCustomerId)
      expect(again.isActive).toBe(true)
      expect(yield* emulator.count).toBe(26)
    }).pipe(Effect.provide(ClinicsTest))
  )
})
