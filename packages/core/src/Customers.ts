/**
 * The operations on customers.
 *
 * @since 0.1.0
 */
import * as Chunk from "effect/Chunk"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { AvaraClient, withOptions } from "./AvaraClient.js"
import {
  type CreateError,
  type CreateOnceError,
  Inactive,
  type ListError,
  type ReactivateError,
  type RetrieveActiveError,
  type RetrieveError,
  type StreamError,
  type UpdateError
} from "./AvaraError.js"
import {
  type CreateOnceParams,
  type CreateParams,
  type Customer,
  type CustomerPage,
  type ListParams,
  type StreamPage,
  StreamParams,
  type UpdateParams
} from "./Customer.js"
import type { Issue } from "./Issue.js"
import type { Execute } from "./internal/call/execute.js"
import type { Decode } from "./internal/decode/decoder.js"
import { makeOverlap } from "./internal/list/overlap.js"
import { walk } from "./internal/list/walk.js"
import { createOnce } from "./internal/operation/createOnce.js"
import { calling, operationOf } from "./internal/operation/endpoint.js"
import {
  createCustomer,
  deactivateCustomer,
  decodePage,
  listCustomers,
  reactivateCustomer,
  retrieveCustomer,
  updateCustomer
} from "./internal/operation/endpoints.js"
import { decodeInput, strictly } from "./internal/operation/input.js"
import { decodeItems, decodeReceivedPage, type ReceivedCustomer } from "./internal/operation/receivedPage.js"
import type * as Pagination from "./Pagination.js"

/**
 * The operations on customers.
 *
 * @since 0.1.0
 * @category models
 */
export interface CustomersService {
  /**
   * Creates a customer (`POST /v1/express`). It is sent again only after failures that prove that nothing was created;
   * after any other one it fails with `OutcomeUnknown`.
   */
  readonly create: (params: CreateParams) => Effect.Effect<Customer, CreateError>
  /**
   * Creates a customer that carries the caller's key in its metadata. Where the answer is lost, it looks through the whole list for the key
   * before it creates again, at most 3 times in all, and returns the customer that is there.
   *
   * A look reads the whole list. Two callers with one key at the same time, or a server that takes longer than `settle` to create, can
   * still create two.
   */
  readonly createOnce: (params: CreateOnceParams) => Effect.Effect<Customer, CreateOnceError>
  /** One page of customers (`GET /v1/express`), 20 unless `limit` says otherwise. */
  readonly list: (params?: ListParams) => Effect.Effect<CustomerPage, ListError>
  /** Streams the pages of the list to its end, 100 customers a page unless `limit` says otherwise; the promise is that of `stream`. */
  readonly pages: (params?: StreamParams) => Stream.Stream<StreamPage, StreamError>
  /**
   * Streams every customer once to the list's end, or fails: never silently short, never endless, never doubled, as long as the server
   * keeps the list's order and nothing is deleted while it is read.
   *
   * If cursors are offsets, a deletion behind the reader hides a customer, and page by page nothing can show that: pass
   * `verify: "overlap"` to detect it.
   */
  readonly stream: (params?: StreamParams) => Stream.Stream<Customer, StreamError>
  /** A customer by its id (`GET /v1/express/{expressCustomerId}`). */
  readonly retrieve: (expressCustomerId: string) => Effect.Effect<Customer, RetrieveError>
  /** A customer by its id, or `Inactive` if it is deactivated. */
  readonly retrieveActive: (expressCustomerId: string) => Effect.Effect<Customer, RetrieveActiveError>
  /**
   * Changes a customer (`PATCH /v1/express/{expressCustomerId}`): a missing field is left alone, `metadata: null` clears all metadata. The
   * API's documentation does not say whether `metadata` is merged or replaces what is there: read the customer and send all pairs.
   */
  readonly update: (expressCustomerId: string, params?: UpdateParams) => Effect.Effect<Customer, UpdateError>
  /** Bars a customer from new studies and user assignments (`POST /v1/express/{expressCustomerId}/deactivate`); its data stays. */
  readonly deactivate: (expressCustomerId: string) => Effect.Effect<Customer, UpdateError>
  /** Undoes `deactivate` (`POST /v1/express/{expressCustomerId}/reactivate`). */
  readonly reactivate: (expressCustomerId: string) => Effect.Effect<Customer, ReactivateError>
}

/**
 * The operations on customers.
 *
 * @example
 * ```ts
 * import { Customers } from "@effect-avara/core"
 * import * as Effect from "effect/Effect"
 *
 * const rename = (id: string) =>
 *   Effect.gen(function*() {
 *     const customers = yield* Customers
 *     return yield* customers.update(id, { expressCustomerName: "City Medical Center" })
 *   })
 * ```
 *
 * @since 0.1.0
 * @category tags
 */
export class Customers extends Context.Tag("@effect-avara/core/Customers")<Customers, CustomersService>() {}

const decodeStreamParams = strictly(
  StreamParams.pipe(
    Schema.filter(({ limit, verify }) =>
      verify === "overlap" && limit === 1
        ? { path: ["limit"], message: 'at least 2 with verify: "overlap", as pages share a customer' }
        : undefined
    )
  )
)

const toStreamPage = ({ items, ...page }: Pagination.StreamedPage<ReceivedCustomer>): StreamPage => ({
  ...page,
  expressCustomers: items.map(({ customer }) => customer),
  received: items.map(({ json }) => json)
})

const refusedCursor: Issue = {
  path: ["cursor"],
  message: "the server may no longer accept it: list again from the beginning, without a cursor"
}

/** The error was made for this call alone, so that it can be completed in place. */
const withCursorAdvice = (error: ListError): ListError =>
  error._tag === "Validation" && error.source === "server"
    ? Object.assign(error, { issues: [...error.issues, refusedCursor] })
    : error

const listCustomerPage = listCustomers(decodePage)

/** How many customers a page of a stream holds. */
const streamLimit = 100

/** Streams the list from its parameters, each page read in this way. */
const reading =
  (execute: Execute) =>
  <A, B>(
    decode: Decode<Pagination.Page<A>>,
    idOf: (item: A) => string,
    params: StreamParams | undefined,
    emit: (page: Pagination.StreamedPage<A>) => Chunk.Chunk<B>
  ) =>
    Stream.unwrapScoped(
      Effect.gen(function* () {
        const {
          after,
          distinct = true,
          limit = streamLimit,
          parallel = 1,
          verify = "none",
          ...options
        } = yield* decodeInput("customers.list", decodeStreamParams, params ?? {})
        const endpoint = listCustomers(decode)
        const fetch = (cursor: string | undefined) => execute(operationOf(endpoint, { cursor, limit }))
        const isRequired = verify === "overlap"
        const hasOverlap = isRequired || (parallel > 1 && limit > 1)
        const overlap = { ...options, after, limit, parallel, isRequired, idOf }
        return walk(
          hasOverlap ? makeOverlap(fetch, overlap, yield* Effect.scope) : fetch,
          { ...options, operation: "customers.list", idOf: distinct ? idOf : undefined },
          emit
        )
      })
    )

/**
 * The operations over the client in the context.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make: Effect.Effect<CustomersService, never, AvaraClient> = Effect.gen(function* () {
  const { execute } = yield* AvaraClient
  const call = calling(execute)
  const read = reading(execute)

  const create: CustomersService["create"] = (params) => call(createCustomer, params)

  const list: CustomersService["list"] = (params) =>
    params?.cursor === undefined
      ? call(listCustomerPage, params ?? {})
      : Effect.mapError(call(listCustomerPage, params), withCursorAdvice)

  const pages: CustomersService["pages"] = (params) =>
    read(
      decodeReceivedPage,
      ({ customer }) => customer.expressCustomerId,
      params,
      (page) => Chunk.of(toStreamPage(page))
    )

  const stream: CustomersService["stream"] = (params) =>
    read(
      decodeItems,
      ({ expressCustomerId }) => expressCustomerId,
      params,
      ({ items }) => Chunk.unsafeFromArray(items)
    )

  const retrieve: CustomersService["retrieve"] = (expressCustomerId) => call(retrieveCustomer, { expressCustomerId })

  const retrieveActive: CustomersService["retrieveActive"] = (expressCustomerId) =>
    Effect.filterOrFail(
      retrieve(expressCustomerId),
      (customer) => customer.isActive,
      ({ expressCustomerId: id }) => new Inactive({ operation: "customers.retrieveActive", id })
    )

  return {
    create,
    createOnce: createOnce({ create, all: withOptions({ validation: "strict" })(stream()) }),
    list,
    pages,
    stream,
    retrieve,
    retrieveActive,
    update: (expressCustomerId, params) => call(updateCustomer, { expressCustomerId, params: params ?? {} }),
    deactivate: (expressCustomerId) => call(deactivateCustomer, { expressCustomerId }),
    reactivate: (expressCustomerId) => call(reactivateCustomer, { expressCustomerId })
  }
})

/**
 * Provides the operations over the client in the context.
 *
 * Effect builds a layer once in a graph of layers. With several clients in one graph, use `Avara.layer`, or `Layer.fresh` around this layer.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<Customers, never, AvaraClient> = Layer.effect(Customers, make)
