/** A backend service on `HttpApi` that uses the client and maps the API's failures to its own responses. */

import { createServer } from "node:http"
import * as HttpApi from "@effect/platform/HttpApi"
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiError from "@effect/platform/HttpApiError"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as HttpServer from "@effect/platform/HttpServer"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Customers, type RetrieveActiveError } from "@effect-avara/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"

export const Clinic = Schema.Struct({ id: Schema.String, name: Schema.String, users: Schema.Int })

export const Api = HttpApi.make("clinics").add(
  HttpApiGroup.make("clinics").add(
    HttpApiEndpoint.get("byId", "/clinics/:id")
      .setPath(Schema.Struct({ id: Schema.String }))
      .addSuccess(Clinic)
      .addError(HttpApiError.NotFound)
      .addError(HttpApiError.BadRequest)
      .addError(HttpApiError.ServiceUnavailable)
  )
)

/** Problems with the key, the network or the API are not shown to the service's own clients. */
const toResponse = (
  error: RetrieveActiveError
): Effect.Effect<never, HttpApiError.NotFound | HttpApiError.BadRequest | HttpApiError.ServiceUnavailable> => {
  switch (error._tag) {
    case "NotFound":
    case "Inactive":
      return Effect.fail(new HttpApiError.NotFound())
    case "Validation":
      return Effect.fail(new HttpApiError.BadRequest())
    default:
      return Effect.zipRight(Effect.logError(error.message), Effect.fail(new HttpApiError.ServiceUnavailable()))
  }
}

const Clinics = HttpApiBuilder.group(Api, "clinics", (handlers) =>
  Effect.gen(function* () {
    const customers = yield* Customers
    return handlers.handle("byId", ({ path }) =>
      customers.retrieveActive(path.id).pipe(
        Effect.map((customer) => ({
          id: customer.expressCustomerId,
          name: customer.expressCustomerName,
          users: customer.userCount
        })),
        Effect.catchAll(toResponse)
      )
    )
  })
)

export const ApiLive = HttpApiBuilder.api(Api).pipe(Layer.provide(Clinics))

/** Serves until it is interrupted. */
export const program = HttpApiBuilder.serve().pipe(
  HttpServer.withLogAddress,
  Layer.provide(ApiLive),
  Layer.provide(NodeHttpServer.layer(createServer, { port: 0, host: "127.0.0.1" })),
  Layer.launch
)
