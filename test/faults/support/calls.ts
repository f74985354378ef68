import {
  AvaraClient,
  type AvaraError,
  Customer,
  type CustomerEncoded,
  type CustomersService,
  type CustomerUsersService
} from "@effect-avara/core"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"

export interface Api {
  readonly customers: CustomersService
  readonly users: CustomerUsersService
}

/** A call as a user writes it, and its result as plain data. */
export interface Call {
  readonly text: string
  readonly run: (api: Api) => Effect.Effect<unknown, AvaraError, AvaraClient.AvaraClient>
}

export const apiKey = "sk_live_0123456789abcdef0123456789abcdef"

export const userId = "usr_1234567890abcdef1234567890abcdef"

/** The id of the customer of this number. */
export const idOf = (number: number): string => `cus_${number.toString(16).padStart(32, "0")}`

/** The customer of this number, as the server writes it. */
export const customer = (number: number): CustomerEncoded => ({
  createdAt: "2024-01-15T09:00:00.000Z",
  expressCustomerId: idOf(number),
  expressCustomerName: `Clinic ${number}`,
  isActive: true,
  updatedAt: null,
  userCount: 15
})

export const clinic = customer(1)

const name = clinic.expressCustomerName

export const done = { success: true }

const plain = Schema.encode(Customer)

const encoded = <E, R>(effect: Effect.Effect<Customer, E, R>) =>
  Effect.flatMap(effect, (value) => Effect.orDie(plain(value)))

export const create: Call = {
  text: "customers.create",
  run: ({ customers }) => encoded(customers.create({ expressCustomerName: name }))
}

export const createOnce: Call = {
  text: "customers.createOnce",
  run: ({ customers }) => encoded(customers.createOnce({ expressCustomerName: name, key: "row-7", settle: 1 }))
}

export const list: Call = {
  text: "customers.list",
  run: ({ customers }) =>
    Effect.map(customers.list(), ({ expressCustomers }) => expressCustomers.map((one) => one.expressCustomerId))
}

export const retrieve: Call = {
  text: "customers.retrieve",
  run: ({ customers }) => encoded(customers.retrieve(idOf(1)))
}

export const update: Call = {
  text: "customers.update",
  run: ({ customers }) => encoded(customers.update(idOf(1), { expressCustomerName: name }))
}

export const deactivate: Call = {
  text: "customers.deactivate",
  run: ({ customers }) => encoded(customers.deactivate(idOf(1)))
}

export const reactivate: Call = {
  text: "customers.reactivate",
  run: ({ customers }) => encoded(customers.reactivate(idOf(1)))
}

export const addUser: Call = { text: "users.add", run: ({ users }) => users.add(idOf(1), userId) }

export const removeUser: Call = { text: "users.remove", run: ({ users }) => users.remove(idOf(1), userId) }

/** The ids of all customers, in the order of `customers.stream`. */
export const streamWith = (params: Parameters<CustomersService["stream"]>[0]): Call => ({
  text: "customers.stream",
  run: ({ customers }) =>
    Effect.map(Stream.runCollect(customers.stream(params)), (all) =>
      Chunk.toReadonlyArray(all).map((one) => one.expressCustomerId)
    )
})

export const stream = streamWith({})

/** One call after the other; the result is that of the last one. */
export const inTurn = (text: string, first: Call, between: Effect.Effect<void>, second: Call): Call => ({
  text,
  run: (api) => first.run(api).pipe(Effect.zipRight(between), Effect.zipRight(second.run(api)))
})

/** The call with its own options. */
export const withOptions = ({ run, text }: Call, options: AvaraClient.CallOptions): Call => ({
  text,
  run: (api) => AvaraClient.withOptions(options)(run(api))
})
