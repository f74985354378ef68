/**
 * The operations on customers.
 *
 * @since 0.1.0
 */
import * as Chunk from "effect/Chunk"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as ParseResult from "effect/ParseResult"
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
  CreateParams,
  Customer,
  CustomerId,
  CustomerPage,
  ListParams,
  type StreamPage,
  StreamParams,
  UpdateParams
} from "./Customer.js"
import type { Issue } from "./Issue.js"
import { type Decode, decodeWith } from "./internal/decode/decoder.js"
import { depthOf, maxDepth } from "./internal/decode/depth.js"
import { decodeAnswer } from "./internal/decode/drift.js"
import { makeOverlap } from "./internal/list/overlap.js"
import { walk } from "./internal/list/walk.js"
import { createOnce } from "./internal/operation/createOnce.js"
import { decodeInput, strictly } from "./internal/operation/input.js"
import type { Refusal } from "./internal/request/operation.js"
import { makeTemplate, type Template } from "./internal/request/path.js"
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

const collection = { template: makeTemplate("/v1/express"), params: {} }

const customerPath = makeTemplate("/v1/express/{expressCustomerId}")

const deactivatePath = makeTemplate("/v1/express/{expressCustomerId}/deactivate")

const reactivatePath = makeTemplate("/v1/express/{expressCustomerId}/reactivate")

const decodeId = decodeWith(Schema.Struct({ expressCustomerId: CustomerId }))

const decodeUpdate = strictly(Schema.Struct({ expressCustomerId: CustomerId, params: UpdateParams }))

const decodeCreateParams = strictly(CreateParams)

const decodeListParams = strictly(ListParams)

const decodeStreamParams = strictly(
  StreamParams.pipe(
    Schema.filter(({ limit, verify }) =>
      verify === "overlap" && limit === 1
        ? { path: ["limit"], message: 'at least 2 with verify: "overlap", as pages share a customer' }
        : undefined
    )
  )
)

const decodeCustomer = decodeAnswer(Customer)

const decodePage = decodeAnswer(CustomerPage)

const decodeItems: Decode<Pagination.Page<Customer>> = (json, onDrift) =>
  Either.map(decodePage(json, onDrift), ({ expressCustomers, ...page }) => ({ items: expressCustomers, ...page }))

/** A customer beside the JSON that it was read from. */
interface Received {
  readonly customer: Customer
  readonly json: unknown
}

/** JSON of a customer that was decoded. */
type Sent = Readonly<Record<string, unknown>>

const tooDeep = (index: number, name: string, depth: number) => {
  const description = `a row of at most ${maxDepth} levels of objects and arrays, not ${depth}`
  const { ast } = Schema.Unknown.annotations({ description })
  const issue = new ParseResult.Type(ast, undefined)
  return new ParseResult.ParseError({
    issue: new ParseResult.Pointer(["expressCustomers", index, name], undefined, issue)
  })
}

/** A row may not nest deeper than it can be written. Metadata do not nest where they are as documented. */
const checkDepth = (rows: ReadonlyArray<Sent>, isLenient: boolean): Either.Either<void, ParseResult.ParseError> => {
  for (const [index, row] of rows.entries()) {
    for (const name in row) {
      if (typeof row[name] !== "object" || row[name] === null || (name === "metadata" && !isLenient)) continue
      const depth = 1 + depthOf(row[name])
      if (depth > maxDepth) return Either.left(tooDeep(index, name, depth))
    }
  }
  return Either.void
}

/** Reads a page so that what the server sent, fields that no schema names included, stays beside what it means. */
const decodeReceivedPage: Decode<Pagination.Page<Received>> = (json, onDrift) =>
  Either.flatMap(decodePage(json, onDrift), ({ cursor, expressCustomers, hasMore }) => {
    const sent = (json as { readonly expressCustomers: ReadonlyArray<Sent> }).expressCustomers
    return Either.map(checkDepth(sent, onDrift !== undefined), () => ({
      items: expressCustomers.map((customer, index) => ({ customer, json: sent[index] })),
      hasMore,
      ...(cursor === undefined ? {} : { cursor })
    }))
  })

const toStreamPage = ({ items, ...page }: Pagination.StreamedPage<Received>): StreamPage => ({
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

const maxLimit = 100

const isOfAnother: ReadonlyArray<Issue> = [{ path: ["expressCustomerId"], message: "is the id of another customer" }]

/** An operation on one customer that answers the customer. */
const onCustomer = <R extends Refusal>(
  name: string,
  method: "GET" | "POST" | "PATCH",
  template: Template,
  id: CustomerId,
  refusals: ReadonlyArray<R>
) =>
  ({
    name,
    method,
    path: { template, params: { expressCustomerId: id } },
    decode: decodeCustomer,
    check: ({ expressCustomerId }: Customer) => (expressCustomerId === id ? [] : isOfAnother),
    replay: "safe",
    refusals,
    subject: { resource: "customer", id }
  }) as const

/**
 * The operations over the client in the context.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make: Effect.Effect<CustomersService, never, AvaraClient> = Effect.gen(function* () {
  const { execute } = yield* AvaraClient

  const create: CustomersService["create"] = (params) =>
    Effect.flatMap(decodeInput("customers.create", decodeCreateParams, params), (body) =>
      execute({
        name: "customers.create",
        method: "POST",
        path: collection,
        body,
        decode: decodeCustomer,
        replay: "unsafe",
        refusals: ["Conflict"]
      })
    )

  const fetchPage = <A>(decode: Decode<A>, { cursor, limit }: ListParams) =>
    execute({
      name: "customers.list",
      method: "GET",
      path: collection,
      query: {
        ...(cursor === undefined ? {} : { cursor }),
        ...(limit === undefined ? {} : { limit: String(limit) })
      },
      decode,
      replay: "safe",
      refusals: []
    })

  const list: CustomersService["list"] = (params) =>
    Effect.flatMap(decodeInput("customers.list", decodeListParams, params ?? {}), (input) =>
      input.cursor === undefined
        ? fetchPage(decodePage, input)
        : Effect.mapError(fetchPage(decodePage, input), withCursorAdvice)
    )

  const read = <A, B>(
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
          limit = maxLimit,
          parallel = 1,
          verify = "none",
          ...options
        } = yield* decodeInput("customers.list", decodeStreamParams, params ?? {})
        const fetch = (cursor: string | undefined) => fetchPage(decode, { cursor, limit })
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

  const retrieve: CustomersService["retrieve"] = (expressCustomerId) =>
    Effect.flatMap(decodeInput("customers.retrieve", decodeId, { expressCustomerId }), (input) =>
      execute(onCustomer("customers.retrieve", "GET", customerPath, input.expressCustomerId, ["NotFound"]))
    )

  const retrieveActive: CustomersService["retrieveActive"] = (expressCustomerId) =>
    Effect.filterOrFail(
      retrieve(expressCustomerId),
      (customer) => customer.isActive,
      ({ expressCustomerId: id }) => new Inactive({ operation: "customers.retrieveActive", id })
    )

  const update: CustomersService["update"] = (expressCustomerId, params) =>
    Effect.flatMap(
      decodeInput("customers.update", decodeUpdate, { expressCustomerId, params: params ?? {} }),
      (input) =>
        execute({
          ...onCustomer("customers.update", "PATCH", customerPath, input.expressCustomerId, [
            "NotFound",
            "Conflict",
            "Inactive"
          ]),
          body: input.params
        })
    )

  const deactivate: CustomersService["deactivate"] = (expressCustomerId) =>
    Effect.flatMap(decodeInput("customers.deactivate", decodeId, { expressCustomerId }), (input) =>
      execute(
        onCustomer("customers.deactivate", "POST", deactivatePath, input.expressCustomerId, [
          "NotFound",
          "Conflict",
          "Inactive"
        ])
      )
    )

  const reactivate: CustomersService["reactivate"] = (expressCustomerId) =>
    Effect.flatMap(decodeInput("customers.reactivate", decodeId, { expressCustomerId }), (input) =>
      execute(
        onCustomer("customers.reactivate", "POST", reactivatePath, input.expressCustomerId, ["NotFound", "Conflict"])
      )
    )

  return {
    create,
    createOnce: createOnce({ create, all: withOptions({ validation: "strict" })(stream()) }),
    list,
    pages,
    stream,
    retrieve,
    retrieveActive,
    update,
    deactivate,
    reactivate
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
