import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientError from "@effect/platform/HttpClientError"
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import { describe, expect, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Runtime from "effect/Runtime"
import * as Scope from "effect/Scope"
import { makeHttpTransport } from "../../src/internal/transport/http.js"
import type { TransportError, TransportRequest } from "../../src/internal/transport/transport.js"
import { request } from "./transportRequest.js"

describe("a transport over an HttpClient", () => {
  it.scoped("releases a response that is interrupted as soon as its head arrives", () =>
    Effect.gen(function* () {
      let letGo = false
      const client = HttpClient.make((request, _, signal) =>
        Effect.sync(() => {
          signal.addEventListener("abort", () => {
            letGo = true
          })
          return HttpClientResponse.fromWeb(request, new Response(new ReadableStream()))
        }).pipe(Effect.zipLeft(Effect.yieldNow()))
      )
      const transport = yield* Effect.provideService(makeHttpTransport, HttpClient.HttpClient, client)
      const ended = yield* Effect.async<boolean>((resume) => {
        const abort = transport.send(request, () => Runtime.defaultRuntime, {
          onHead: () => Runtime.runFork(Runtime.defaultRuntime)(abort),
          onEnd: (end) => resume(Effect.succeed(Exit.isInterrupted(end)))
        })
      })
      expect([ended, letGo]).toEqual([true, true])
    })
  )

  it.scoped("leaves the length of a body to the connection, as undici refuses to add a second one", () =>
    Effect.gen(function* () {
      const sent = yield* Deferred.make<HttpClientRequest.HttpClientRequest>()
      const client = HttpClient.make((request) => Effect.zipRight(Deferred.succeed(sent, request), Effect.never))
      const transport = yield* Effect.provideService(makeHttpTransport, HttpClient.HttpClient, client)
      const body = '{"expressCustomerName":"Praxis Süd"}'
      const abort = transport.send({ ...request, method: "POST", body }, () => Runtime.defaultRuntime, {
        onHead: () => {},
        onEnd: () => {}
      })
      expect(yield* Deferred.await(sent)).toMatchObject({
        headers: { "content-type": "application/json" },
        body: { body, contentType: "application/json" }
      })
      expect((yield* Deferred.await(sent)).headers).not.toHaveProperty("content-length")
      yield* abort
    })
  )

  it.scoped.each<RequestInit & { readonly client?: undefined }>([{}, { client: undefined }])(
    "on Deno, sends writes on a new connection, with the options %o",
    (init) =>
      Effect.gen(function* () {
        const open = new Set<object>()
        const createHttpClient = (options: object) => {
          const client = { ...options, close: () => open.delete(client) }
          open.add(client)
          return client
        }
        yield* Effect.acquireRelease(
          Effect.sync(() => Object.assign(globalThis, { Deno: { createHttpClient } })),
          () => Effect.sync(() => Reflect.deleteProperty(globalThis, "Deno"))
        )
        const given: Array<object> = []
        const fetch: typeof globalThis.fetch = async (_, init) => {
          given.push({ ...init })
          return new Response()
        }
        const context = Context.merge(
          yield* Layer.build(FetchHttpClient.layer),
          Context.make(FetchHttpClient.Fetch, fetch).pipe(Context.add(FetchHttpClient.RequestInit, init))
        )
        const runtime = yield* Effect.provide(Effect.runtime(), context)
        const scope = yield* Scope.make()
        const transport = yield* Scope.extend(Effect.provide(makeHttpTransport, context), scope)
        const send = (method: TransportRequest["method"]) =>
          Effect.async<void>((resume) =>
            transport.send({ ...request, method }, () => runtime, {
              onHead: () => {},
              onEnd: () => resume(Effect.void)
            })
          )
        yield* Effect.forEach(["GET", "POST", "PATCH", "DELETE"] as const, send)
        const unshared = { redirect: "manual", client: { poolMaxIdlePerHost: 0 } }
        expect(given).toMatchObject([{ redirect: "manual" }, unshared, unshared, unshared])
        expect(Reflect.get({ ...given[0] }, "client")).toBeUndefined()
        yield* Scope.close(scope, Exit.void)
        expect(open.size).toBe(0)
      })
  )

  it.scoped("marks the failure of a request over a client of the user, as Deno may have sent it before", () =>
    Effect.gen(function* () {
      const http = HttpClient.make((request) =>
        Effect.fail(new HttpClientError.RequestError({ request, reason: "Transport", cause: "broken" }))
      )
      const causeWith = Effect.fnUntraced(function* (init: RequestInit & { readonly client?: object }) {
        const transport = yield* Effect.provide(
          makeHttpTransport,
          Context.make(HttpClient.HttpClient, http).pipe(Context.add(FetchHttpClient.RequestInit, init))
        )
        return yield* Effect.flip(
          Effect.async<unknown, TransportError>((resume) =>
            transport.send(request, () => Runtime.defaultRuntime, { onHead: () => {}, onEnd: resume })
          )
        )
      })
      expect(yield* causeWith({})).toMatchObject({ cause: "broken" })
      expect(yield* causeWith({ client: {} })).toMatchObject({ cause: { cause: "broken", isRepeatable: true } })
    })
  )

  it.scoped("on Bun, marks the failure of methods that Bun sends again over a used connection", () =>
    Effect.gen(function* () {
      yield* Effect.acquireRelease(
        Effect.sync(() => Object.assign(globalThis, { Bun: {} })),
        () => Effect.sync(() => Reflect.deleteProperty(globalThis, "Bun"))
      )
      const http = HttpClient.make((request) =>
        Effect.fail(new HttpClientError.RequestError({ request, reason: "Transport", cause: "refused" }))
      )
      const transport = yield* Effect.provideService(makeHttpTransport, HttpClient.HttpClient, http)
      const causeOf = (method: TransportRequest["method"]) =>
        Effect.async<unknown, TransportError>((resume) =>
          transport.send({ ...request, method }, () => Runtime.defaultRuntime, { onHead: () => {}, onEnd: resume })
        ).pipe(
          Effect.flip,
          Effect.map(({ cause }) => cause)
        )
      expect(yield* Effect.forEach(["POST", "PATCH"] as const, causeOf)).toEqual(["refused", "refused"])
      const marked = { cause: "refused", isRepeatable: true }
      expect(yield* Effect.forEach(["PUT", "DELETE"] as const, causeOf)).toEqual([marked, marked])
    })
  )

  it.scoped("marks the failure of a redirect that a client of the user follows: the first server has the request", () =>
    Effect.gen(function* () {
      const redirecting = HttpClient.make((request) =>
        request.url === "https://elsewhere.example/"
          ? Effect.fail(new HttpClientError.RequestError({ request, reason: "Transport", cause: "refused" }))
          : Effect.succeed(
              HttpClientResponse.fromWeb(
                request,
                new Response(null, { status: 307, headers: { location: "https://elsewhere.example/" } })
              )
            )
      )
      const http = HttpClient.followRedirects(redirecting)
      const transport = yield* Effect.provideService(makeHttpTransport, HttpClient.HttpClient, http)
      const error = yield* Effect.flip(
        Effect.async<unknown, TransportError>((resume) =>
          transport.send(request, () => Runtime.defaultRuntime, { onHead: () => {}, onEnd: resume })
        )
      )
      expect(error).toMatchObject({ cause: { cause: "refused", isRepeatable: true } })
    })
  )
})
