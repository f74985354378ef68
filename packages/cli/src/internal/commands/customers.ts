import { AvaraClient, Customer, Customers, type UpdateParams } from "@effect-avara/core"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { ExitCode } from "../../ExitCode.js"
import * as Client from "../client.js"
import { CommandFailed, Hinted } from "../failure.js"
import { isTable } from "../form.js"
import { Output } from "../output.js"
import type { Task } from "../services.js"
import type { Pair } from "../syntax/reader.js"
import { describe, makeTable } from "../table.js"
import { concat, jsonLine, type SafeText, safe } from "../text.js"
import { columns, factsOf } from "./customers.table.js"

const toJson = Schema.encodeSync(Customer)

/** A customer with its response, if any: `create --once` may have found the customer in the list. */
interface Shown {
  readonly value: Customer
  readonly response: Option.Option<AvaraClient.ResponseInfo>
}

/** Writes the received JSON, or only the documented fields if it nests too deep for `JSON.stringify`. */
const lineOf = ({ response, value }: Shown): SafeText =>
  Option.match(response, {
    onNone: () => jsonLine(toJson(value)),
    onSome: ({ json }) => Option.getOrElse(Option.liftThrowable(jsonLine)(json), () => jsonLine(toJson(value)))
  })

const show = (shown: Shown) =>
  Effect.gen(function* () {
    const { out } = yield* Output
    yield* out.write((yield* isTable) ? describe(factsOf(shown.value), out.style) : lineOf(shown))
  })

interface Row {
  readonly customer: Customer
  /** The received JSON of the customer. */
  readonly received: unknown
}

const renderer = Effect.gen(function* () {
  const { columns: width, out } = yield* Output
  if (!(yield* isTable)) {
    return (rows: ReadonlyArray<Row>) => concat(rows.map(({ received }) => jsonLine(received)))
  }
  const table = makeTable(columns, { style: out.style, columns: out.isTerminal ? width() : undefined })
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
  Effect.flatMap(AvaraClient.withResponse(Effect.flatMap(Customers, call)), show).pipe(Effect.provide(Client.layer()))

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
  readonly replaceMetadata?: boolean
  readonly clearMetadata?: boolean
}

/** The metadata entry with the key of `create --once`. Without it, a second run would create the customer again. */
const onceKey = "createOnceKey"

const pairsOf = ({ metadata }: Customer): ReadonlyArray<Pair> => Object.entries(metadata ?? {})

/** Returns the complete metadata for the update, so that the result is the same whether the server merges or replaces. */
const metadataAfter = (before: Customer, { clearMetadata, metadata, replaceMetadata }: Changes) => {
  const keeps = ([key]: Pair) => (!clearMetadata && !replaceMetadata) || key === onceKey
  const pairs = [...pairsOf(before).filter(keeps), ...metadata]
  return pairs.length === 0 ? null : Object.fromEntries(pairs)
}

const assertReplaced = (wanted: Customer["metadata"] | null, after: Customer) => {
  const left = pairsOf(after).filter(([key]) => !Object.hasOwn(wanted ?? {}, key)).length
  const message = `the customer was updated, but the server merges metadata instead of replacing it and kept ${left} of the pairs to remove`
  return left === 0 ? Effect.void : Effect.fail(new CommandFailed({ code: ExitCode.failure, message }))
}

const changesMetadata = ({ clearMetadata, metadata }: Changes) => clearMetadata === true || metadata.length > 0

const countHint = (before: Customer): SafeText =>
  safe`The limit includes the ${pairsOf(before).length} pairs that the customer already has. Use --replace-metadata to remove them.`

const updateMetadata = (id: string, changes: Changes, params: UpdateParams) =>
  Effect.gen(function* () {
    const { retrieve, update } = yield* Customers
    // A lenient read could lose pairs.
    const before = yield* AvaraClient.withOptions({ validation: "strict" })(retrieve(id))
    const metadata = metadataAfter(before, changes)
    const isMerged = !changes.clearMetadata && !changes.replaceMetadata
    const after = yield* AvaraClient.withResponse(update(id, { ...params, metadata })).pipe(
      Effect.mapError((failure) =>
        isMerged && failure._tag === "Validation" ? new Hinted({ failure, hint: countHint(before) }) : failure
      )
    )
    yield* show(after)
    yield* assertReplaced(metadata, after.value)
  }).pipe(Effect.provide(Client.layer()))

export const update = (id: string, changes: Changes): Task => {
  const params = changes.name === undefined ? {} : { expressCustomerName: changes.name }
  return changesMetadata(changes)
    ? updateMetadata(id, changes, params)
    : onCustomers(({ update }) => update(id, params))
}
