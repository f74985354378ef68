import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { MakePeer } from "../peer.js"
import { apiKey, pageSize } from "../wire.js"

const Customer = Schema.Struct({
  expressCustomerId: Schema.String.pipe(Schema.pattern(/^cus_[A-Za-z0-9_-]+$/), Schema.brand("CustomerId")),
  expressCustomerName: Schema.NonEmptyString,
  isActive: Schema.Boolean,
  userCount: Schema.NonNegativeInt,
  createdAt: Schema.NullOr(Schema.DateTimeUtc),
  updatedAt: Schema.NullOr(Schema.DateTimeUtc),
  createdByApiKeyId: Schema.optional(Schema.String),
  createdByUserId: Schema.optional(Schema.NullOr(Schema.String.pipe(Schema.pattern(/^usr_[A-Za-z0-9_-]+$/)))),
  metadata: Schema.optional(Schema.Record({ key: Schema.String, value: Schema.String }))
})

const CustomerPage = Schema.Struct({
  expressCustomers: Schema.Array(Customer),
  hasMore: Schema.Boolean,
  cursor: Schema.optional(Schema.String)
})

const clientOf = (baseUrl: string) =>
  Effect.map(
    HttpClient.HttpClient,
    HttpClient.mapRequest((request) =>
      request.pipe(
        HttpClientRequest.prependUrl(baseUrl),
        HttpClientRequest.bearerToken(apiKey),
        HttpClientRequest.acceptJson
      )
    )
  ).pipe(Effect.map(HttpClient.filterStatusOk), Effect.map(HttpClient.retryTransient({ times: 2 })))

/** What an Effect user writes by hand: `HttpClient` and `Schema`, everything checked. */
export const make: MakePeer = (baseUrl) => {
  const runtime = ManagedRuntime.make(NodeHttpClient.layerUndici)
  const list = (client: HttpClient.HttpClient, cursor: string | undefined) =>
    client
      .get("/v1/express", { urlParams: { limit: pageSize, cursor } })
      .pipe(Effect.flatMap(HttpClientResponse.schemaBodyJson(CustomerPage)))
  const customers = Stream.unwrap(
    Effect.map(clientOf(baseUrl), (client) =>
      Stream.paginateChunkEffect(undefined as string | undefined, (cursor) =>
        Effect.map(
          list(client, cursor),
          (page) =>
            [
              Chunk.unsafeFromArray(page.expressCustomers),
              page.hasMore
                ? Option.map(Option.fromNullable(page.cursor), (next): string | undefined => next)
                : Option.none()
            ] as const
        )
      )
    )
  )
  const retrieve = (client: HttpClient.HttpClient, id: string) =>
    Effect.flatMap(client.get(`/v1/express/${id}`), HttpClientResponse.schemaBodyJson(Customer))
  return {
    eachCustomer: (use) => runtime.runPromise(Stream.runDrain(Stream.map(customers, use))),
    runForEach: (use) =>
      runtime.runPromise(Stream.runForEach(customers, (customer) => Effect.sync(() => use(customer)))),
    eachPage: (use) =>
      runtime.runPromise(
        Stream.runForEachChunk(customers, (chunk) =>
          Effect.suspend(() => {
            const used = use(Chunk.toReadonlyArray(chunk))
            return used === undefined ? Effect.void : Effect.promise(() => used)
          })
        )
      ),
    retrieve: (ids, concurrency, use) =>
      runtime.runPromise(
        Effect.flatMap(clientOf(baseUrl), (client) =>
          Effect.forEach(ids, (id) => Effect.map(retrieve(client, id), use), { concurrency, discard: true })
        )
      ),
    close: () => runtime.dispose()
  }
}
