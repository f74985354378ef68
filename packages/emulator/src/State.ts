/**
 * What the emulator holds, as JSON: customers, each with the users who are assigned to it.
 *
 * @since 0.1.0
 */
import { Customer, CustomerId, MetadataParams, Timestamp, UserId } from "@effect-avara/core/Customer"
import * as Schema from "effect/Schema"
import { integer, optional, rule } from "./internal/schema.js"

/** Text that a schema accepts, and that stays text. */
const textOf = <A>(schema: Schema.Schema<A, string>, description: string) => {
  const accepts = Schema.is(Schema.encodedSchema(schema))
  const decode = Schema.decodeEither(schema)
  return Schema.String.pipe(Schema.filter((text) => accepts(text) && decode(text)._tag === "Right", rule(description)))
}

const Time = Schema.NullOr(textOf(Timestamp, "an ISO 8601 date or date-time"))

const maxUsers = 10_000

const Users = Schema.Array(textOf(UserId, '"usr_" followed by letters, digits, "_" or "-"')).pipe(
  Schema.filter((users) => new Set(users).size === users.length, rule("an array of users without repetition"))
)

/**
 * A customer that a test gives. A customer as the API returns it is one, too: its `userCount` then makes up as many users.
 *
 * @example
 * ```ts
 * import { Emulator } from "@effect-avara/emulator"
 *
 * const layer = Emulator.layerHttpClient({
 *   customers: [
 *     { expressCustomerName: "Riverside Imaging", users: ["usr_1234567890abcdef1234567890abcdef"] },
 *     { expressCustomerName: "Lakeview Clinic", isActive: false }
 *   ]
 * })
 * ```
 *
 * @since 0.1.0
 * @category schemas
 */
export const GivenCustomer = Schema.Struct({
  /** At least 1 character. */
  expressCustomerName: Customer.fields.expressCustomerName,
  /** Made up by default. */
  expressCustomerId: optional(textOf(CustomerId, '"cus_" followed by letters, digits, "_" or "-"')),
  /** `true` by default. */
  isActive: optional(Schema.Boolean),
  /** The time at which the emulator starts by default, on the clock of the test. */
  createdAt: optional(Time),
  /** `createdAt` by default. */
  updatedAt: optional(Time),
  createdByApiKeyId: optional(Schema.NullOr(Schema.String)),
  createdByUserId: optional(Schema.NullOr(Schema.String)),
  metadata: optional(Schema.NullOr(MetadataParams)),
  /** The users who are assigned to the customer; none by default. */
  users: optional(Users),
  /** How many users to make up; with `users`, how many those are. */
  userCount: optional(integer(0, maxUsers))
})
  .pipe(
    Schema.filter(({ userCount, users }) =>
      users === undefined || userCount === undefined || users.length === userCount
        ? undefined
        : { path: ["userCount"], message: `the number of users, ${users.length}` }
    )
  )
  .annotations({ identifier: "GivenCustomer" })

/**
 * A customer that a test gives.
 *
 * @since 0.1.0
 * @category models
 */
export interface GivenCustomer extends Schema.Schema.Type<typeof GivenCustomer> {}

const repeatedIds = (customers: ReadonlyArray<GivenCustomer>): ReadonlyArray<Schema.FilterIssue> => {
  const ids = new Set<string>()
  return customers.flatMap(({ expressCustomerId: id }, index) => {
    if (id === undefined || !ids.has(id)) {
      if (id !== undefined) ids.add(id)
      return []
    }
    return [{ path: [index, "expressCustomerId"], message: "the id of no earlier customer" }]
  })
}

/**
 * Customers that a test gives, in the order of the list.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GivenCustomers = Schema.Array(GivenCustomer).pipe(Schema.filter(repeatedIds))

/**
 * The whole state: what `emulator.state` returns, and what `emulator.load` and a seed file hold.
 *
 * @since 0.1.0
 * @category schemas
 */
export const State = Schema.Struct({ customers: GivenCustomers }).annotations({ identifier: "State" })

/**
 * The whole state: what `emulator.state` returns, and what `emulator.load` and a seed file hold.
 *
 * @since 0.1.0
 * @category models
 */
export interface State extends Schema.Schema.Type<typeof State> {}
