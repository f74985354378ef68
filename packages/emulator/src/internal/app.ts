import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import type * as HttpApp from "@effect/platform/HttpApp"
import * as HttpIncomingMessage from "@effect/platform/HttpIncomingMessage"
import * as HttpMiddleware from "@effect/platform/HttpMiddleware"
import * as HttpServer from "@effect/platform/HttpServer"
import * as HttpServerError from "@effect/platform/HttpServerError"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { type InternalError, type InvalidRequest, invalidRequest, type NotFound } from "../ExpressApi.js"
import { bodyless } from "./bodyless.js"
import * as Control from "./control.js"
import * as Docs from "./docs.js"
import { faulty, isLost, shownFault } from "./faulty.js"
import * as Handlers from "./handlers.js"
import { pathOf, routeOf } from "./operation.js"
import * as Page from "./page.js"
import type { Parts } from "./parts.js"
import { newRequestId } from "./requestId.js"
import type { RecordedRequest } from "./requests.js"
import { Store } from "./store.js"

const notFound: NotFound = { error: { code: "not_found", message: "There is no such route." } }
const internalError: InternalError = { error: { code: "internal_error", message: "The emulator itself failed." } }
const unreadableBody: InvalidRequest = invalidRequest([{ path: [], message: "expected a body of well-formed JSON" }])

const nameOf = (failure: unknown): string => (failure instanceof Error ? failure.name : typeof failure)

const responseTo = (cause: Cause.Cause<unknown>): Effect.Effect<HttpServerResponse.HttpServerResponse> => {
  const failure = Cause.squash(cause)
  if (HttpServerError.isServerError(failure) && failure._tag === "RouteNotFound") {
    return HttpServerResponse.json(notFound, { status: 404 }).pipe(Effect.orDie)
  }
  if (HttpServerError.isServerError(failure) && failure._tag === "RequestError") {
    return HttpServerResponse.json(unreadableBody, { status: 400 }).pipe(Effect.orDie)
  }
  // Only its name, because the failure may contain data of the request.
  return Effect.logError(`The emulator failed: ${nameOf(failure)}`).pipe(
    Effect.zipRight(HttpServerResponse.json(internalError, { status: 500 })),
    Effect.orDie
  )
}

const responding = <R>(app: HttpApp.Default<unknown, R>): HttpApp.Default<never, R> =>
  Effect.catchAllCause(app, (cause) => (Cause.isInterruptedOnly(cause) ? Effect.interrupt : responseTo(cause)))

const recordedLength = 10_000

/** Reads the text of a body, unless it is too large: reading a larger body closes the connection. */
const textOf = (request: HttpServerRequest.HttpServerRequest): Effect.Effect<Option.Option<string>> =>
  Number(request.headers["content-length"] ?? 0) > Handlers.maxBodySize
    ? Effect.succeedNone
    : Effect.interruptible(Effect.option(request.text))

const sizeOf = (request: HttpServerRequest.HttpServerRequest, text: Option.Option<string>): number | null => {
  const length = request.headers["content-length"]
  return Option.match(text, {
    onNone: () => (length === undefined ? null : Number(length)),
    onSome: (read) => Buffer.byteLength(read)
  })
}

const recordedBody = (text: Option.Option<string>): Pick<RecordedRequest, "body"> =>
  Option.match(text, {
    onNone: () => ({}),
    onSome: (read) => (read === "" ? {} : { body: read.slice(0, recordedLength) })
  })

/** The paths for people and tools, which are not requests of the API. */
const pages: ReadonlyArray<string> = ["/", "/docs", "/openapi.json", "/favicon.ico"]

const identified =
  (requestId: string) =>
  (response: HttpServerResponse.HttpServerResponse): HttpServerResponse.HttpServerResponse =>
    "x-request-id" in response.headers ? response : HttpServerResponse.setHeader(response, "x-request-id", requestId)

const observed = <R>(app: HttpApp.Default<never, R>, parts: Parts) =>
  Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest
    const identify = identified(newRequestId())
    const { method, url } = request
    const path = pathOf(url)
    if (Control.isControl(path) || pages.includes(path)) return yield* Effect.map(app, identify)
    const time = yield* Clock.currentTimeMillis
    const route = routeOf(method, url)
    const met = route === undefined ? [] : parts.script.meet(route.operation, time)
    // Read first: a fault may end the connection.
    const recorded = parts.recordBodies ? yield* textOf(request) : Option.none<string>()
    const record = Effect.fnUntraced(function* (response: HttpServerResponse.HttpServerResponse | undefined) {
      // If the API has not read the body, its size stays unknown: a client may still be sending it.
      const isRead = request.headers["content-length"] === undefined && response !== undefined && response.status < 400
      const text = isRead ? yield* textOf(request) : recorded
      yield* parts.recorder.record({
        time: new Date(time).toISOString(),
        operation: route?.operation ?? null,
        method,
        route: route?.route ?? null,
        path: url,
        status: response?.status ?? null,
        durationMillis: (yield* Clock.currentTimeMillis) - time,
        requestId: response?.headers["x-request-id"] ?? null,
        bodySize: sizeOf(request, text),
        ...recordedBody(recorded),
        fault: shownFault(met)
      })
    })
    const response = yield* faulty(app, parts, met).pipe(
      Effect.map(identify),
      Effect.onInterrupt(() => record(undefined))
    )
    yield* record(isLost(met) ? undefined : response)
    return response
  })

/** Creates an app of the API on a store, which responds to every request and needs no services. */
export const make = Effect.fnUntraced(function* (parts: Parts) {
  const live = Layer.mergeAll(
    Handlers.layer(parts.apiKey),
    HttpApiBuilder.Router.Live,
    HttpApiBuilder.Middleware.layer
  ).pipe(Layer.provideMerge(Layer.merge(Layer.succeed(Store, parts.store), HttpServer.layerContext)))
  // Built separately from the layers of the user's program, whose own router would otherwise get these routes.
  const context = yield* Layer.build(Layer.provideMerge(Layer.merge(Docs.layer, Page.layer), live))
  const api = yield* Effect.provide(HttpApiBuilder.httpApp, context)
  const control = Control.make(parts)
  const routed = Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) => {
    const path = pathOf(request.url)
    if (Control.isControl(path)) return control
    // The router also accepts other spellings of a path, which no fault would affect.
    const isKnown = pages.includes(path) || routeOf(request.method, request.url) !== undefined
    return isKnown ? bodyless(api) : new HttpServerError.RouteNotFound({ request })
  })
  return observed(responding(routed), parts).pipe(
    Effect.provide(context),
    HttpIncomingMessage.withMaxBodySize(Option.some(Handlers.maxBodySize))
  )
})

/** Disables the server's spans and logs, which would contain headers and addresses of the client's requests. */
export const withoutTelemetry = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  effect.pipe(
    Effect.withTracerEnabled(false),
    HttpMiddleware.withTracerDisabledWhenEffect(() => true)
  )
