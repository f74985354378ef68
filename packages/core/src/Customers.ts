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
   * Creates a customer.
   *
   * The request is sent again only after a failure that proves that nothing was created. After a failure that does not, the call fails with
   * `OutcomeUnknown`. API reference: Express, Create (`POST /v1/express`).
   */
  readonly create: (params: CreateParams) => Effect.Effect<Customer, CreateError>
  /**
   * Creates a customer with your key in its metadata, and returns the existing customer if an earlier attempt created it.
   *
   * If a response is lost, the call reads the whole list to look for the key before it creates again. It sends at most 3 creates in all. Two
   * callers that use the same key at the same time can still create two customers, and so can a server that takes longer than `settle` to
   * create one.
   *
   * Manual: https://github.com/effect-avara/effect-avara/blob/main/docs/creating-once.md
   */
  readonly createOnce: (params: CreateOnceParams) => Effect.Effect<Customer, CreateOnceError>
  /** Returns one page of customers, with 20 customers by default. API reference: Express, List (`GET /v1/express`). */
  readonly list: (params?: ListParams) => Effect.Effect<CustomerPage, ListError>
  /** Streams the pages of the list to its end, with 100 customers per page by default. The guarantees are those of `stream`. */
  readonly pages: (params?: StreamParams) => Stream.Stream<StreamPage, StreamError>
  /**
   * Streams every customer once, to the end of the list, or fails.
   *
   * The stream is never silently short, never endless, and never repeats a customer, as long as the server keeps the order of the list and
   * nothing is deleted while it is read. If cursors are offsets, deleting a customer that was already read hides another one, and no page
   * shows it. Pass `verify: "overlap"` to detect this.
   *
   * Manual: https://github.com/effect-avara/effect-avara/blob/main/docs/lists.md
   */
  readonly stream: (params?: StreamParams) => Stream.Stream<Customer, StreamError>
  /** Returns the customer with this id. API reference: Express, Retrieve (`GET /v1/express/{expressCustomerId}`). */
  readonly retrieve: (expressCustomerId: string) => Effect.Effect<Customer, RetrieveError>
  /** Returns the customer with this id, or fails with `Inactive` if it is deactivated. */
  readonly retrieveActive: (expressCustomerId: string) => Effect.Effect<Customer, RetrieveActiveError>
  /**
   * Updates a customer and returns it. A field that you omit stays unchanged, and `metadata: null` clears all metadata.
   *
   * The API's documentation does not say whether `metadata` is merged with the customer's pairs or replaces them. To be safe, retrieve the
   * customer and send all the pairs. API reference: Express, Update (`PATCH /v1/express/{expressCustomerId}`).
   */
  readonly update: (expressCustomerId: string, params?: UpdateParams) => Effect.Effect<Customer, UpdateError>
  /**
   * Deactivates a customer and returns it. It takes no new studies and no user assignments, its data stays, and it can be reactivated.
   *
   * API reference: Express, Deactivate (`POST /v1/express/{expressCustomerId}/deactivate`).
   */
  readonly deactivate: (expressCustomerId: string) => Effect.Effect<Customer, UpdateError>
  /**
   * Reactivates a deactivated customer and returns it. It takes new studies and user assignments again.
   *
   * API reference: Express, Reactivate (`POST /v1/express/{expressCustomerId}/reactivate`).
   */
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
        ? { path: ["limit"], message: 'at least 2 with verify: "overlap", because consecutive pages share a customer' }
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

/** Only this call has the error, so it can be changed in place. */
const withCursorAdvice = (error: ListError): ListError =>
  error._tag === "Validation" && error.source === "server"
    ? Object.assign(error, { issues: [...error.issues, refusedCursor] })
    : error

const listCustomerPage = listCustomers(decodePage)

/** The default number of customers on a page of a stream. */
const streamLimit = 100

/** Streams the list that the parameters select, and decodes each page with `decode`. */
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
 * Creates the operations on customers, with the `AvaraClient` in the context.
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
 * Provides the operations on customers, with the `AvaraClient` in the context.
 *
 * Effect builds a layer once per graph of layers. If one graph has several clients, use `Avara.layer`, or wrap this layer in `Layer.fresh`.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<Customers, never, AvaraClient> = Layer.effect(Customers, make)
