import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientError from "@effect/platform/HttpClientError"
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import { Avara, type AvaraClient } from "@effect-avara/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"

/** A response, or the cause of the transport's failure. */
export type Reply = Effect.Effect<Response, unknown>

export const json = (body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Reply =>
  Effect.sync(
    () => new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", ...headers } })
  )

export const refused = (status: number, headers: Readonly<Record<string, string>> = {}): Reply =>
  Effect.sync(() => new Response("{}", { status, headers: { ...headers } }))

export const broken = (code: string): Reply =>
  Effect.fail(new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) }))

export const text = (body: string): Reply => Effect.sync(() => new Response(body))

/** The first half of a body, without the rest. */
export const halfBody: Reply = Effect.sync(
  () =>
    new Response(
      new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode('{"expressCustomers":['))
      })
    )
)

export const withoutContent: Reply = Effect.sync(() => new Response(null, { status: 204 }))

export const customerOf = (id: string, metadata?: Readonly<Record<string, string>>) => ({
  createdAt: null,
  expressCustomerId: id,
  expressCustomerName: "City Medical Center",
  isActive: true,
  updatedAt: null,
  userCount: 0,
  ...(metadata === undefined ? {} : { metadata })
})

/** The services over a server in memory. */
export const layerOver = (
  answer: (request: HttpClientRequest.HttpClientRequest, url: URL) => Reply,
  options: Partial<AvaraClient.Options> = {}
): Layer.Layer<Avara.Services> =>
  Avara.layer({ apiKey: Redacted.make("sk_live_0123456789abcdef0123456789abcdef"), ...options }).pipe(
    Layer.provide(
      Layer.succeed(
        HttpClient.HttpClient,
        HttpClient.make((request, url) =>
          Effect.suspend(() => answer(request, url)).pipe(
            Effect.mapBoth({
              onFailure: (cause) => new HttpClientError.RequestError({ request, reason: "Transport", cause }),
              onSuccess: (response) => HttpClientResponse.fromWeb(request, response)
            })
          )
        )
      )
    ),
    Layer.orDie
  )
