/**
 * The operations on the users of a customer.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { AvaraClient } from "./AvaraClient.js"
import { Conflict, type Forbidden, Inactive, type UserError } from "./AvaraError.js"
import { CustomerId, SuccessResponse, UserId } from "./Customer.js"
import { Customers } from "./Customers.js"
import { decodeWith } from "./internal/operation.js"
import { decodeInput } from "./internal/params.js"
import { redact } from "./internal/redaction.js"

/**
 * The operations on the users of a customer.
 *
 * @since 0.1.0
 * @category models
 */
export interface CustomerUsersService {
  /** Gives a user access to a customer (`POST /v1/express/{expressCustomerId}/users`); a deactivated customer takes none, which is `Inactive`. */
  readonly add: (expressCustomerId: string, userId: string) => Effect.Effect<SuccessResponse, UserError>
  /** Takes a user's access to a customer away (`DELETE /v1/express/{expressCustomerId}/users`); the user's account stays. */
  readonly remove: (expressCustomerId: string, userId: string) => Effect.Effect<SuccessResponse, UserError>
}

/**
 * The operations on the users of a customer.
 *
 * @example
 * ```ts
 * import { Customers, CustomerUsers } from "@effect-avara/core"
 * import * as Effect from "effect/Effect"
 *
 * const assign = (customerId: string, userId: string) =>
 *   Effect.gen(function*() {
 *     const customers = yield* Customers
 *     const users = yield* CustomerUsers
 *     const add = users.add(customerId, userId)
 *     return yield* Effect.catchTag(add, "Inactive", () => Effect.zipRight(customers.reactivate(customerId), add))
 *   })
 * ```
 *
 * @since 0.1.0
 * @category tags
 */
export class CustomerUsers extends Context.Tag("@effect-avara/core/CustomerUsers")<CustomerUsers, CustomerUsersService>() {}

const Input = Schema.Struct({ expressCustomerId: CustomerId, userId: UserId })

const decodeSuccess = decodeWith(SuccessResponse)

/**
 * The operations over the client and the customers in the context.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make: Effect.Effect<CustomerUsersService, never, AvaraClient | Customers> = Effect.gen(function*() {
  const { execute } = yield* AvaraClient
  const customers = yield* Customers

  const change = (operation: "users.add" | "users.remove", method: "POST" | "DELETE") =>
  (expressCustomerId: string, userId: string): Effect.Effect<SuccessResponse, UserError> =>
    Effect.flatMap(decodeInput(operation, Input, { expressCustomerId, userId }), (input) =>
      execute({
        name: operation,
        method,
        path: { template: "/v1/express/{expressCustomerId}/users", params: { expressCustomerId: input.expressCustomerId } },
        body: { userId: input.userId },
        decode: decodeSuccess,
        replay: "safe",
        refusals: ["NotFound", "Conflict", "Inactive"],
        subject: { resource: "customer", id: input.expressCustomerId, userId: input.userId }
      })).pipe(
        Effect.filterOrFail(
          ({ success }) => success,
          ({ message }) => new Conflict({ operation, ...(message === undefined ? {} : { detail: redact(message, []) }) })
        )
      )

  /** How a deactivated customer refuses is not documented, so that a bare 403 or 409 is checked once. */
  const orInactive = (id: string) => (refusal: Forbidden | Conflict): Effect.Effect<never, UserError> =>
    Effect.matchEffect(customers.retrieve(id), {
      onFailure: () => Effect.fail(refusal),
      onSuccess: ({ isActive }) =>
        Effect.fail(
          isActive ? refusal : new Inactive({
            operation: refusal.operation,
            attempts: refusal.attempts,
            ...(refusal.requestId === undefined ? {} : { requestId: refusal.requestId }),
            ...(refusal.detail === undefined ? {} : { detail: refusal.detail }),
            id
          })
        )
    })

  const addUser = change("users.add", "POST")

  const add: CustomerUsersService["add"] = (expressCustomerId, userId) =>
    addUser(expressCustomerId, userId).pipe(
      Effect.catchTags({ Forbidden: orInactive(expressCustomerId), Conflict: orInactive(expressCustomerId) })
    )

  return { add, remove: change("users.remove", "DELETE") }
})

/**
 * The operations over the client and the customers in the context.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<CustomerUsers, never, AvaraClient | Customers> = Layer.effect(CustomerUsers, make)
