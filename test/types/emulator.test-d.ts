import { Emulator, type Fault, type State } from "@effect-avara/emulator"
import type * as Effect from "effect/Effect"
import { describe, expectTypeOf, it } from "vitest"

describe("Emulator", () => {
  it("accepts a number of customers or the customers themselves", () => {
    Emulator.layer({ customers: 3 })
    Emulator.layer({ customers: [{ expressCustomerName: "a", users: ["usr_1"] }], generated: 3 })
    // @ts-expect-error: a customer has a name
    Emulator.layer({ customers: [{ isActive: true }] })
    // @ts-expect-error: not a field of a customer
    Emulator.layer({ customers: [{ expressCustomerName: "a", plan: "b" }] })
  })

  it("accepts only faults with the fields of their type", () => {
    Emulator.layerHttpClient({ faults: [{ type: "status", status: 503, operation: "customers.list", nth: 3 }] })
    // @ts-expect-error: a status fault has a status
    Emulator.layerHttpClient({ faults: [{ type: "status" }] })
    // @ts-expect-error: not an operation
    Emulator.layerHttpClient({ faults: [{ type: "reset", operation: "customers.delete" }] })
    // @ts-expect-error: a fault of the list alone
    Emulator.layerHttpClient({ faults: [{ type: "repeatCursor", operation: "users.add" }] })
    expectTypeOf<Fault.Fault["type"]>().toEqualTypeOf<Fault.SetFault["type"]>()
  })

  it("returns a state that it accepts", () => {
    expectTypeOf<Emulator.EmulatorService["state"]>().toEqualTypeOf<Effect.Effect<State.State>>()
    expectTypeOf<Emulator.EmulatorService["load"]>().parameter(0).toEqualTypeOf<State.State>()
  })
})
