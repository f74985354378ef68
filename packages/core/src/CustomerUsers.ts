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
import { aside } from "./internal/operation/aside.js"
import { operationOf } from "./internal/operation/endpoint.js"
import { addUser, removeUser } from "./internal/operation/endpoints.js"
import { decodeInput } from "./internal/operation/input.js"
import { membershipIn } from "./internal/response/membership.js"

/**
 * The operations on the users of a customer.
 *
 * @since 0.1.0
 * @category models
 */
export interface CustomerUsersService {
  /**
   * Adds a user to a customer, which gives the user access to its resources and studies.
   *
   * Fails with `Inactive` if the customer is deactivated. API reference: Express, Users, Add (`POST /v1/express/{expressCustomerId}/users`).
   */
  readonly add: (expressCustomerId: string, userId: string) => Effect.Effect<SuccessResponse, UserError>
  /**
   * Removes a user from a customer, which revokes the user's access to its resources. The user's account stays active.
   *
   * API reference: Express, Users, Remove (`DELETE /v1/express/{expressCustomerId}/users`).
   */
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
 * Creates the operations on users, with the `AvaraClient` and the `Customers` in the context.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make: Effect.Effect<CustomerUsersService, never, AvaraClient | Customers> = Effect.gen(function* () {
  const { execute } = yield* AvaraClient
  const customers = yield* Customers

  /**
   * The API does not document how a deactivated customer refuses a user, so a 403 or 409 is checked with one retrieve. After an attempt whose
   * response was lost, a conflict means success only if the server says that the user is a member.
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

  /** If the server reports no membership after an attempt whose response was lost, that attempt removed it. */
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
 * Provides the operations on users, with the `AvaraClient` and the `Customers` in the context.
 *
 * Effect builds a layer once per graph of layers. If one graph has several clients, use `Avara.layer`, or wrap this layer in `Layer.fresh`.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<CustomerUsers, never, AvaraClient | Customers> = Layer.effect(CustomerUsers, make)
