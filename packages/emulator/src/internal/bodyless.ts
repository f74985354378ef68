import type * as HttpApp from "@effect/platform/HttpApp"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Effect from "effect/Effect"
import { routeOf } from "./operation.js"

type Request = HttpServerRequest.HttpServerRequest

const hasNoBody = ({ headers, text }: Request): Effect.Effect<boolean> =>
  Number(headers["content-length"] ?? 0) > 0 || headers["transfer-encoding"] !== undefined
    ? Effect.succeed(false)
    : Effect.orElseSucceed(
        Effect.map(text, (read) => read === ""),
        () => false
      )

const instead = (request: Request, url: string, init: RequestInit): Request =>
  HttpServerRequest.fromWeb(
    new Request(new URL(url, "http://emulator"), {
      headers: { ...request.headers, "content-type": "application/json" },
      ...init
    })
  )

const nobodyRemoved = HttpServerResponse.unsafeJson({
  success: false,
  message: "The request has no body that names a user, so nobody was removed."
})

/** Accepts two requests without a body, as the API's reference prints them. Neither changes anything. */
export const bodyless = <E, R>(app: HttpApp.Default<E, R>): HttpApp.Default<E, R | Request> =>
  Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest
    const operation = routeOf(request.method, request.url)?.operation
    const isConcerned = operation === "customers.update" || operation === "users.remove"
    if (!isConcerned || !(yield* hasNoBody(request))) return yield* app
    const sent = (url: string, init: RequestInit) =>
      Effect.provideService(app, HttpServerRequest.HttpServerRequest, instead(request, url, init))
    if (operation === "customers.update") return yield* sent(request.url, { method: "PATCH", body: "{}" })
    const customer = yield* sent(request.url.replace(/\/users(?=$|\?)/, ""), { method: "GET" })
    return customer.status === 200 ? nobodyRemoved : customer
  })
