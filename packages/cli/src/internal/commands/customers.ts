import { Customer, Customers } from "@effect-avara/core"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Client from "../client.js"
import { Output } from "../output.js"
import { CurrentSettings, type Task } from "../services.js"
import type { Pair } from "../syntax/reader.js"
import { describe, makeTable } from "../table.js"

const toJson = Schema.encodeSync(Customer)

/** Whether data is to be read by a person. */
const isTable = Effect.map(
  Effect.all([CurrentSettings, Output]),
  ([{ json, table }, { out }]) => table || (!json && out.isTerminal)
)

const show = (customer: Customer) =>
  Effect.gen(function* () {
    const { out } = yield* Output
    yield* out.write((yield* isTable) ? describe(customer, out.style) : `${JSON.stringify(toJson(customer))}\n`)
  })

interface Row {
  readonly customer: Customer
  /** The JSON that the customer was read from. */
  readonly received: unknown
}

const renderer = Effect.gen(function* () {
  const { columns, out } = yield* Output
  if (!(yield* isTable)) {
    return (rows: ReadonlyArray<Row>) => rows.map(({ received }) => `${JSON.stringify(received)}\n`).join("")
  }
  const table = makeTable({ style: out.style, columns: out.isTerminal ? columns() : undefined })
  return (rows: ReadonlyArray<Row>) => table(rows.map(({ customer }) => customer))
})

const maxPage = 100

export const list = (options: {
  readonly active?: boolean
  readonly inactive?: boolean
  readonly limit?: number
}): Task =>
  Effect.gen(function* () {
    const { active, inactive, limit } = options
    const { out } = yield* Output
    const customers = yield* Customers
    const render = yield* renderer
    const isWanted = ({ customer: { isActive } }: Row) => (active ? isActive : inactive ? !isActive : true)
    yield* customers.pages({ limit: active || inactive ? maxPage : Math.min(maxPage, limit ?? maxPage) }).pipe(
      Stream.mapConcatChunk(({ expressCustomers, received }) =>
        Chunk.unsafeFromArray(expressCustomers.map((customer, index): Row => ({ customer, received: received[index] })))
      ),
      Stream.filter(isWanted),
      limit === undefined ? (rows) => rows : Stream.take(limit),
      Stream.runForEachChunk((rows) => out.write(render(Chunk.toReadonlyArray(rows))))
    )
  }).pipe(Effect.provide(Client.layer()))

const onCustomers = <E>(call: (customers: Customers["Type"]) => Effect.Effect<Customer, E>) =>
  Effect.flatMap(Effect.flatMap(Customers, call), show).pipe(Effect.provide(Client.layer()))

export const get = (id: string): Task => onCustomers(({ retrieve }) => retrieve(id))

export const deactivate = (id: string): Task => onCustomers(({ deactivate }) => deactivate(id))

export const reactivate = (id: string): Task => onCustomers(({ reactivate }) => reactivate(id))

export const create = (options: {
  readonly name: string
  readonly metadata: ReadonlyArray<Pair>
  readonly once?: string
}): Task => {
  const params = {
    expressCustomerName: options.name,
    ...(options.metadata.length === 0 ? {} : { metadata: Object.fromEntries(options.metadata) })
  }
  const { once } = options
  return onCustomers(({ create, createOnce }) =>
    once === undefined ? create(params) : createOnce({ ...params, key: once, lookFirst: true })
  )
}

interface Changes {
  readonly name?: string
  readonly metadata: ReadonlyArray<Pair>
  readonly clearMetadata?: boolean
}

export const update = (id: string, { clearMetadata, metadata, name }: Changes): Task =>
  onCustomers(({ update }) =>
    update(id, {
      ...(name === undefined ? {} : { expressCustomerName: name }),
      ...(clearMetadata ? { metadata: null } : {}),
      ...(metadata.length === 0 ? {} : { metadata: Object.fromEntries(metadata) })
    })
  )
