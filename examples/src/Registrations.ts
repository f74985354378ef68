/** A service that registers clinics. `test/Registrations.test.ts` tests its behavior when the API fails. */
import { type Customer, Customers } from "@effect-avara/core"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"

/** A clinic that has signed up, with its own number. */
export interface SignUp {
  readonly number: string
  readonly name: string
}

export class Registrations extends Effect.Service<Registrations>()("app/Registrations", {
  effect: Effect.gen(function* () {
    const customers = yield* Customers

    /** Registers a clinic once, even if the response is lost: its number identifies it. */
    const register = Effect.fn("Registrations.register")(({ name, number }: SignUp) =>
      customers.createOnce({ expressCustomerName: name, key: number, keyName: "signUp" })
    )

    const registerAll = (signUps: ReadonlyArray<SignUp>) => Effect.forEach(signUps, register)

    /** Passes all clinics to `save`, page by page. If the list breaks, returns the cursor to continue from. */
    const copyTo = Effect.fn("Registrations.copyTo")(
      (save: (page: ReadonlyArray<Customer>) => Effect.Effect<void>, cursor?: string) =>
        customers.pages(cursor === undefined ? {} : { cursor }).pipe(
          Stream.runForEach((page) => save(page.expressCustomers)),
          Effect.as({ isComplete: true, cursor: undefined }),
          Effect.catchTag("ConnectionFailed", ({ resumeCursor }) =>
            Effect.succeed({ isComplete: false, cursor: resumeCursor })
          )
        )
    )

    return { register, registerAll, copyTo }
  })
}) {}
