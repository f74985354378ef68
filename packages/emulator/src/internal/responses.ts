import * as Core from "@effect-avara/core/Customer"
import * as Schema from "effect/Schema"

// The documented responses: a client accepts more, but the emulator sends nothing else.

export const Customer = Schema.Struct({
  ...Core.Customer.fields,
  createdAt: Schema.NullOr(Core.Timestamp),
  updatedAt: Schema.NullOr(Core.Timestamp),
  createdByApiKeyId: Schema.optionalWith(Schema.String, { exact: true }),
  metadata: Schema.optionalWith(Core.Metadata, { exact: true })
}).annotations({ identifier: "Customer" })

export const CustomerPage = Schema.Struct({
  expressCustomers: Schema.Array(Customer),
  hasMore: Schema.Boolean,
  cursor: Schema.optionalWith(Schema.String, { exact: true })
}).annotations({ identifier: "CustomerPage" })

export const SuccessResponse = Schema.Struct({
  success: Schema.Boolean,
  message: Schema.optionalWith(Schema.String, { exact: true })
}).annotations({ identifier: "SuccessResponse" })
