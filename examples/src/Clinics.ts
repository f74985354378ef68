/** An application's service on top of the client. `test/Clinics.test.ts` tests it without a network in two ways. */
import { Customers } from "@effect-avara/core"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"

export class Clinics extends Effect.Service<Clinics>()("app/Clinics", {
  effect: Effect.gen(function* () {
    const customers = yield* Customers

    /** Returns the clinic with this name, or creates it. */
    const open = Effect.fn("Clinics.open")(function* (name: string) {
      const found = yield* customers.stream().pipe(
        Stream.filter((customer) => customer.expressCustomerName === name),
        Stream.runHead
      )
      return yield* Option.match(found, {
        onNone: () => customers.create({ expressCustomerName: name }),
        onSome: (clinic) => (clinic.isActive ? Effect.succeed(clinic) : customers.reactivate(clinic.expressCustomerId))
      })
    })

    /** Closes a clinic. It is not a failure if the clinic no longer exists. */
    const close = Effect.fn("Clinics.close")((id: string) =>
      customers.deactivate(id).pipe(
        Effect.asVoid,
        Effect.catchTag("NotFound", () => Effect.void)
      )
    )

    return { open, close }
  })
}) {}

export const program = Effect.gen(function* () {
  const clinics = yield* Clinics
  const opened = yield* clinics.open("City Medical Center")
  yield* clinics.close(opened.expressCustomerId)
  const again = yield* clinics.open("City Medical Center")
  return { opened, again }
}).pipe(Effect.provide(Clinics.Default))
