/** Create a customer, give a user access to it, count the active ones. */
import { Customers, CustomerUsers } from "@effect-avara/core"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"

export const program = Effect.gen(function* () {
  const customers = yield* Customers
  const users = yield* CustomerUsers
  const clinic = yield* customers.create({
    expressCustomerName: "City Medical Center",
    metadata: { region: "northeast" }
  })
  yield* users
    .add(clinic.expressCustomerId, "usr_1234567890abcdef1234567890abcdef")
    .pipe(Effect.catchTag("Inactive", () => customers.reactivate(clinic.expressCustomerId)))
  const active = yield* customers.stream().pipe(
    Stream.filter((customer) => customer.isActive),
    Stream.runCount
  )
  return active
})
