/** Recover from the three failures that an application handles itself: NotFound, Inactive and Validation. */
import { type CreateParams, Customers, CustomerUsers, Issue } from "@effect-avara/core"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"

/** A customer that does not exist is a result, not a failure. */
export const find = Effect.fnUntraced(function* (id: string) {
  const customers = yield* Customers
  return yield* customers.retrieve(id).pipe(
    Effect.asSome,
    Effect.catchTag("NotFound", () => Effect.succeedNone)
  )
})

/** Reactivates a deactivated customer, then adds the user. */
export const assign = Effect.fnUntraced(function* (customerId: string, userId: string) {
  const customers = yield* Customers
  const users = yield* CustomerUsers
  const add = users.add(customerId, userId)
  return yield* Effect.catchTag(add, "Inactive", () => Effect.zipRight(customers.reactivate(customerId), add))
})

/** Describes wrong input to the person who filled in the form, one line per field. */
export const register = Effect.fnUntraced(function* (form: CreateParams) {
  const customers = yield* Customers
  return yield* customers.create(form).pipe(
    Effect.map((customer) => ({ registered: Option.some(customer), problems: [] as ReadonlyArray<string> })),
    Effect.catchTag("Validation", ({ issues }) =>
      Effect.succeed({ registered: Option.none(), problems: issues.map((issue) => Issue.format([issue])) })
    )
  )
})

export const program = Effect.gen(function* () {
  const customers = yield* Customers
  const missing = yield* find("cus_00000000000000000000000000000000")

  const clinic = yield* customers.create({ expressCustomerName: "Riverside Imaging" })
  yield* customers.deactivate(clinic.expressCustomerId)
  const assigned = yield* assign(clinic.expressCustomerId, "usr_1234567890abcdef1234567890abcdef")

  const { problems } = yield* register({ expressCustomerName: "", metadata: { ["k".repeat(101)]: "v" } })
  return { missing, assigned, problems }
})
