import * as Schema from "effect/Schema"
import {
  CreateParams,
  Customer,
  CustomerId,
  CustomerPage,
  ListParams,
  SuccessResponse,
  UpdateParams,
  UserId
} from "../../Customer.js"
import type { Issue } from "../../Issue.js"
import { type Decode, decodeWith } from "../decode/decoder.js"
import { decodeResponse } from "../decode/drift.js"
import type { Refusal } from "../request/operation.js"
import { makeTemplate } from "../request/path.js"
import type { Method } from "../transport/transport.js"
import type { Endpoint, OperationName } from "./endpoint.js"
import { strictly } from "./input.js"

/** The schemas of all responses. @internal */
export const responseSchemas = { customer: Customer, customerPage: CustomerPage, success: SuccessResponse }

const decodeCustomer = decodeResponse(responseSchemas.customer)

/** @internal */
export const decodePage = decodeResponse(responseSchemas.customerPage)

const decodeSuccess = decodeResponse(responseSchemas.success)

const customersPath = makeTemplate("/v1/express")

const usersPath = makeTemplate("/v1/express/{expressCustomerId}/users")

/** @internal */
export const createCustomer: Endpoint<CreateParams, Customer, "Conflict", "unsafe"> = {
  name: "customers.create",
  method: "POST",
  path: customersPath,
  input: strictly(CreateParams),
  sends: (body) => ({ body }),
  decode: decodeCustomer,
  replay: "unsafe",
  refusals: ["Conflict"]
}

/** Returns the endpoint for one page of the list, decoded with `decode`. @internal */
export const listCustomers = <A>(decode: Decode<A>): Endpoint<ListParams, A, never, "safe"> => ({
  name: "customers.list",
  method: "GET",
  path: customersPath,
  input: strictly(ListParams),
  sends: ({ cursor, limit }) => ({
    query: {
      ...(cursor === undefined ? {} : { cursor }),
      ...(limit === undefined ? {} : { limit: String(limit) })
    }
  }),
  decode,
  replay: "safe",
  refusals: []
})

const isOfAnother: ReadonlyArray<Issue> = [{ path: ["expressCustomerId"], message: "is the id of another customer" }]

/** Returns the parts of an operation on one customer that depend on its id. */
const aboutCustomer = (id: CustomerId) => ({
  params: { expressCustomerId: id },
  check: ({ expressCustomerId }: Customer) => (expressCustomerId === id ? [] : isOfAnother),
  subject: { resource: "customer", id }
})

const CustomerInput = Schema.Struct({ expressCustomerId: CustomerId })

const onCustomer = <R extends Refusal>(
  name: OperationName,
  method: Method,
  path: string,
  refusals: ReadonlyArray<R>
): Endpoint<typeof CustomerInput.Type, Customer, R, "safe"> => ({
  name,
  method,
  path: makeTemplate(path),
  input: decodeWith(CustomerInput),
  sends: ({ expressCustomerId }) => aboutCustomer(expressCustomerId),
  decode: decodeCustomer,
  replay: "safe",
  refusals
})

/** @internal */
export const retrieveCustomer = onCustomer("customers.retrieve", "GET", "/v1/express/{expressCustomerId}", ["NotFound"])

/** @internal */
export const deactivateCustomer = onCustomer(
  "customers.deactivate",
  "POST",
  "/v1/express/{expressCustomerId}/deactivate",
  ["NotFound", "Conflict", "Inactive"]
)

/** @internal */
export const reactivateCustomer = onCustomer(
  "customers.reactivate",
  "POST",
  "/v1/express/{expressCustomerId}/reactivate",
  ["NotFound", "Conflict"]
)

const UpdateInput = Schema.Struct({ expressCustomerId: CustomerId, params: UpdateParams })

/** @internal */
export const updateCustomer: Endpoint<typeof UpdateInput.Type, Customer, "NotFound" | "Conflict" | "Inactive", "safe"> =
  {
    name: "customers.update",
    method: "PATCH",
    path: retrieveCustomer.path,
    input: strictly(UpdateInput),
    sends: ({ expressCustomerId, params }) => ({ ...aboutCustomer(expressCustomerId), body: params }),
    decode: decodeCustomer,
    replay: "safe",
    refusals: ["NotFound", "Conflict", "Inactive"]
  }

const withCleanRefusal = (response: SuccessResponse, redact: (text: string) => string): SuccessResponse =>
  response.success || response.message === undefined ? response : { ...response, message: redact(response.message) }

const UserInput = Schema.Struct({ expressCustomerId: CustomerId, userId: UserId })

const onUser = (
  name: OperationName,
  method: Method
): Endpoint<typeof UserInput.Type, SuccessResponse, "NotFound" | "Conflict" | "Inactive", "safe"> => ({
  name,
  method,
  path: usersPath,
  input: decodeWith(UserInput),
  sends: ({ expressCustomerId, userId }) => ({
    params: { expressCustomerId },
    body: { userId },
    clean: withCleanRefusal,
    subject: { resource: "customer", id: expressCustomerId, userId }
  }),
  decode: decodeSuccess,
  replay: "safe",
  refusals: ["NotFound", "Conflict", "Inactive"]
})

/** @internal */
export const addUser = onUser("users.add", "POST")

/** @internal */
export const removeUser = onUser("users.remove", "DELETE")
