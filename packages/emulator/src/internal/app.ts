import { randomUUID } from "node:crypto"
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import type * as HttpApp from "@effect/platform/HttpApp"
import * as HttpIncomingMessage from "@effect/platform/HttpIncomingMessage"
import * as HttpMiddleware from "@effect/platform/HttpMiddleware"
import * as HttpServer from "@effect/platform/HttpServer"
import * as HttpServerError from "@effect/platform/HttpServerError"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import { type InternalError, type InvalidRequest, invalidRequest, type NotFound } from "../ExpressApi.js"
import * as Browse from "./browse.js"
import * as Docs from "./docs.js"
import * as Handlers from "./handlers.js"
import * as Page from "./page.js"
import { Store, type StoreService } from "./store.js"

type Guard = <E, R>(app: HttpApp.Default<E, R>) => HttpApp.Default<E, R>

const notFound: NotFound = { error: { code: "not_found", message: "There is no such route." } }
const internalError: InternalError = { error: { code: "internal_error", message: "The emulator itself failed." } }
const unreadableBody: InvalidRequest = invalidRequest([{ path: [], message: "expected a body of well-formed JSON" }])

const nameOf = (failure: unknown): string => (failure instanceof Error ? failure.name : typeof failure)

const answerTo = (cause: Cause.Cause<unknown>): Effect.Effect<HttpServerResponse.HttpServerResponse> => {
  const failure = Cause.squash(cause)
  if (HttpServerError.isServerError(failure) && failure._tag === "RouteNotFound") {
    return HttpServerResponse.json(notFound, { status: 404 }).pipe(Effect.orDie)
  }
  if (HttpServerError.isServerError(failure) && failure._tag === "RequestError") {
    return HttpServerResponse.json(unreadableBody, { status: 400 }).pipe(Effect.orDie)
  }
  // Only its name: what the failure holds may be what the request held.
  return Effect.logError(`The emulator failed: ${nameOf(failure)}`).pipe(
    Effect.zipRight(HttpServerResponse.json(internalError, { status: 500 })),
    Effect.orDie
  )
}

const answering = <R>(app: HttpApp.Default<unknown, R>): HttpApp.Default<never, R> =>
  app.pipe(
    Effect.catchAllCause((cause) => (Cause.isInterruptedOnly(cause) ? Effect.interrupt : answerTo(cause))),
    Effect.map(HttpServerResponse.setHeader("x-request-id", `req_${randomUUID().replaceAll("-", "")}`))
  )

/** The API on a store as an app that answers everything, with nothing left to provide. */
export const make = Effect.fnUntraced(function* (
  store: StoreService,
  apiKey: Redacted.Redacted | undefined,
  guard: Guard = identity
) {
  const live = Layer.mergeAll(Handlers.layer(apiKey), HttpApiBuilder.Router.Live, HttpApiBuilder.Middleware.layer).pipe(
    Layer.provideMerge(Layer.merge(Layer.succeed(Store, store), HttpServer.layerContext))
  )
  // Built apart from the layers of the user's program, whose own router would get these routes otherwise.
  const routes = Layer.mergeAll(Docs.layer, Page.layer, Browse.layer)
  const context = yield* Layer.build(Layer.provideMerge(routes, live))
  const app = yield* Effect.provide(HttpApiBuilder.httpApp, context)
  const guarded = guard(app)
  return Effect.suspend(() => answering(guarded)).pipe(
    Effect.provide(context),
    HttpIncomingMessage.withMaxBodySize(Option.some(Handlers.maxBodySize))
  )
})

/** Neither spans nor logs of the server's side: they would hold headers and addresses of the client's requests. */
export const withoutTelemetry = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  effect.pipe(
    Effect.withTracerEnabled(false),
    HttpMiddleware.withTracerDisabledWhenEffect(() => true)
  )
