import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

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

/** A client of this server for this key. */
export const clientOf = (baseUrl: string, apiKey: string) =>
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

/** One page of customers. */
export const list = (client: HttpClient.HttpClient, limit: number, cursor: string | undefined) =>
  client
    .get("/v1/express", { urlParams: { limit, cursor } })
    .pipe(Effect.flatMap(HttpClientResponse.schemaBodyJson(CustomerPage)))

/** One customer. */
export const retrieve = (client: HttpClient.HttpClient, id: string) =>
  Effect.flatMap(client.get(`/v1/express/${id}`), HttpClientResponse.schemaBodyJson(Customer))
