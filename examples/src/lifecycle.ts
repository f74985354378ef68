/** One customer from its creation to its deactivation and back: every operation except the list. */
import { Customers, CustomerUsers } from "@effect-avara/core"
import * as Effect from "effect/Effect"

const userId = "usr_1234567890abcdef1234567890abcdef"

export const program = Effect.gen(function* () {
  const customers = yield* Customers
  const users = yield* CustomerUsers

  const { expressCustomerId: id } = yield* customers.create({
    expressCustomerName: "City Medical Center",
    metadata: { region: "northeast" }
  })
  // An update keeps the fields that it does not name: the metadata here, the name below.
  const renamed = yield* customers.update(id, { expressCustomerName: "City Medical Center - Radiology" })
  const cleared = yield* customers.update(id, { metadata: null })

  yield* users.add(id, userId)
  const staffed = yield* customers.retrieve(id)

  const deactivated = yield* customers.deactivate(id)
  const refusal = yield* customers.retrieveActive(id).pipe(
    Effect.as("not refused"),
    Effect.catchTag("Inactive", ({ message }) => Effect.succeed(message))
  )

  const reactivated = yield* customers.reactivate(id)
  yield* users.remove(id, userId)
  const last = yield* customers.retrieveActive(id)

  return { renamed, cleared, staffed, deactivated, refusal, reactivated, last }
})
