import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as HttpBody from "@effect/platform/HttpBody"
import * as HttpClient from "@effect/platform/HttpClient"
import type * as HttpClientError from "@effect/platform/HttpClientError"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import { hasProperty } from "effect/Predicate"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { runFork, withoutTraces } from "../platform/fiber.js"
import { newConnection } from "./deno.js"
import {
  bodyTooLarge,
  joinChunks,
  type Listener,
  type Method,
  maxSizeOf,
  TransportError,
  type TransportRequest,
  type TransportService
} from "./transport.js"

const toPlatform = ({ body, headers, method, origin, path }: TransportRequest): HttpClientRequest.HttpClientRequest =>
  HttpClientRequest.make(method)(origin + path, {
    headers,
    // Only a raw body gets no `content-length`: undici adds its own, and refuses a `fetch` with both.
    ...(body === undefined ? {} : { body: HttpBody.raw(body, { contentType: "application/json" }) })
  })

/** Reads the body, and fails as soon as it exceeds the limit. */
const readChunks = (
  response: HttpClientResponse.HttpClientResponse,
  limit: number
): Effect.Effect<Uint8Array, HttpClientError.ResponseError | TransportError> =>
  Effect.suspend(() => {
    const chunks: Array<Uint8Array> = []
    let size = 0
    const take = (chunk: Uint8Array) => {
      chunks.push(chunk)
      size += chunk.byteLength
      return size > limit ? Effect.fail(new TransportError({ cause: bodyTooLarge })) : Effect.void
    }
    return Stream.runForEach(response.stream, take).pipe(
      // Otherwise the stream logs its failure with the request's URL.
      Effect.withUnhandledErrorLogLevel(Option.none()),
      Effect.map(() => joinChunks(chunks, size))
    )
  })

/** Checks whether the connection limits the body to an allowed length. A compressed body can expand to any length. */
const isHeldTo = (limit: number, { headers }: HttpClientResponse.HttpClientResponse): boolean =>
  /^\d+$/.test(headers["content-length"] ?? "") &&
  Number(headers["content-length"]) <= limit &&
  headers["content-encoding"] === undefined

/** Releases the connection of a response: interrupting a body read does that. */
const releaseConnection = ({ arrayBuffer }: HttpClientResponse.HttpClientResponse): Effect.Effect<void> =>
  Effect.forkDaemon(Effect.interruptible(arrayBuffer)).pipe(
    Effect.zipLeft(Effect.yieldNow()),
    Effect.flatMap(Fiber.interrupt),
    Effect.asVoid
  )

const readBody = (
  response: HttpClientResponse.HttpClientResponse,
  limit: number
): Effect.Effect<Uint8Array, TransportError> => {
  const reading = isHeldTo(limit, response)
    ? Effect.map(response.arrayBuffer, (buffer) => new Uint8Array(buffer))
    : readChunks(response, limit)
  return reading.pipe(
    Effect.catchTag("ResponseError", ({ cause, reason }) =>
      reason === "EmptyBody" ? Effect.succeed(new Uint8Array()) : Effect.fail(new TransportError({ cause }))
    )
  )
}

/** Creates the error of a request. If the user's client follows redirects, the request that failed may be a second one. */
const failed = (
  { cause, request }: HttpClientError.HttpClientError,
  { url }: HttpClientRequest.HttpClientRequest,
  isResent: boolean
) => new TransportError({ cause: isResent || request.url !== url ? { cause, isRepeatable: true } : cause })

const receive = (http: HttpClient.HttpClient, request: TransportRequest, { onHead }: Listener, isResent: boolean) =>
  Effect.uninterruptibleMask((restore) => {
    const sent = toPlatform(request)
    return restore(http.execute(sent)).pipe(
      Effect.mapError((error) => failed(error, sent, isResent)),
      Effect.flatMap((response) => {
        const head = { status: response.status, headers: response.headers }
        onHead(head)
        return restore(readBody(response, maxSizeOf(request, head))).pipe(
          Effect.onInterrupt(() => releaseConnection(response)),
          Effect.map((body) => ({ head, body }))
        )
      })
    )
  })

/** Creates a transport over any `HttpClient`. It sends each request in a separate fiber. @internal */
export const makeHttpTransport: Effect.Effect<TransportService, never, HttpClient.HttpClient | Scope.Scope> =
  Effect.gen(function* () {
    const http = yield* HttpClient.HttpClient
    const requestInit = Option.getOrUndefined(yield* Effect.serviceOption(FetchHttpClient.RequestInit))
    const unshared = yield* newConnection
    const hasOwnClient = hasProperty(requestInit, "client") && requestInit.client !== undefined
    // On used connections, Deno and Bun may have sent the request before the attempt that failed.
    const isResent = (method: Method) =>
      hasOwnClient || ("Bun" in globalThis && (method === "PUT" || method === "DELETE"))
    // Sending a read twice does no harm.
    const optionsFor = ({ method }: TransportRequest): RequestInit => ({
      ...requestInit,
      ...(method === "GET" || hasOwnClient ? {} : unshared),
      redirect: "manual"
    })
    return {
      send: (request, runtime, listener) => {
        const receiving = withoutTraces(
          receive(http, request, listener, isResent(request.method)),
          request.secretHeaders
        )
        const fiber = runFork(
          runtime,
          Effect.provideService(receiving, FetchHttpClient.RequestInit, optionsFor(request))
        )
        fiber.addObserver(listener.onEnd)
        return Effect.asVoid(Fiber.interrupt(fiber))
      }
    }
  })
