/**
 * The operations on the users of a customer.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { AvaraClient } from "./AvaraClient.js"
import { Conflict, type Forbidden, Inactive, type Membership, type UserError } from "./AvaraError.js"
import type { CustomerId, SuccessResponse } from "./Customer.js"
import { Customers } from "./Customers.js"
import { membershipIn } from "./internal/answer/membership.js"
import { aside } from "./internal/operation/aside.js"
import { operationOf } from "./internal/operation/endpoint.js"
import { addUser, removeUser } from "./internal/operation/endpoints.js"
import { decodeInput } from "./internal/operation/input.js"

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
export class CustomerUsers extends Context.Tag("@effect-avara/core/CustomerUsers")<
  CustomerUsers,
  CustomerUsersService
>() {}

type Explain = (
  expressCustomerId: CustomerId
) => (refusal: UserError, afterAmbiguous: boolean) => Effect.Effect<SuccessResponse, UserError>

const done: SuccessResponse = { success: true }

const saysThat = (membership: Membership, refusal: UserError): boolean =>
  (refusal._tag === "Conflict" || refusal._tag === "NotFound") && refusal.membership === membership

const notDone = (operation: string, { message }: SuccessResponse) => {
  const membership = message === undefined ? undefined : membershipIn(message)
  return new Conflict({
    operation,
    ...(membership === undefined ? {} : { membership }),
    ...(message === undefined ? {} : { detail: message })
  })
}

const inactive = (id: CustomerId, { attempts, detail, operation, requestId, status }: Forbidden | Conflict) =>
  new Inactive({
    operation,
    attempts,
    ...(requestId === undefined ? {} : { requestId }),
    ...(status === undefined ? {} : { status }),
    ...(detail === undefined ? {} : { detail }),
    id
  })

/**
 * The operations over the client and the customers in the context.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make: Effect.Effect<CustomerUsersService, never, AvaraClient | Customers> = Effect.gen(function* () {
  const { execute } = yield* AvaraClient
  const customers = yield* Customers

  /**
   * How a deactivated customer refuses is not documented, so a 403 or 409 is checked once. After an attempt whose response was lost, the
   * work is done only if the server says that the user is a member: a conflict may have any other reason.
   */
  const explainAdd: Explain = (id) => (refusal, afterAmbiguous) => {
    if (refusal._tag !== "Forbidden" && refusal._tag !== "Conflict") return Effect.fail(refusal)
    return Effect.matchEffect(aside(customers.retrieve(id)), {
      onFailure: (): Effect.Effect<SuccessResponse, UserError> => Effect.fail(refusal),
      onSuccess: ({ isActive }): Effect.Effect<SuccessResponse, UserError> => {
        if (!isActive) return Effect.fail(inactive(id, refusal))
        return afterAmbiguous && saysThat("exists", refusal) ? Effect.succeed(done) : Effect.fail(refusal)
      }
    })
  }

  /** If the server says that there is no such membership after an attempt whose response was lost, that attempt did the work. */
  const explainRemove: Explain = () => (refusal, afterAmbiguous) =>
    afterAmbiguous && saysThat("missing", refusal) ? Effect.succeed(done) : Effect.fail(refusal)

  const change =
    (endpoint: typeof addUser, explain: Explain) =>
    (expressCustomerId: string, userId: string): Effect.Effect<SuccessResponse, UserError> =>
      Effect.gen(function* () {
        const input = yield* decodeInput(endpoint.name, endpoint.input, { expressCustomerId, userId })
        const explained = explain(input.expressCustomerId)
        const response = yield* execute({ ...operationOf(endpoint, input), recover: explained })
        return response.success ? response : yield* explained(notDone(endpoint.name, response), false)
      })

  return { add: change(addUser, explainAdd), remove: change(removeUser, explainRemove) }
})

/**
 * Provides the operations over the client and the customers in the context.
 *
 * Effect builds a layer once in a graph of layers. With several clients in one graph, use `Avara.layer`, or `Layer.fresh` around this layer.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<CustomerUsers, never, AvaraClient | Customers> = Layer.effect(CustomerUsers, make)
