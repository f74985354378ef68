import * as HttpClient from "@effect/platform/HttpClient"
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import { Avara, type AvaraClient } from "@effect-avara/core"
import { Emulator } from "@effect-avara/emulator"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"

export const apiKey = Redacted.make("sk_live_0123456789abcdef0123456789abcdef")

/** The client over the emulator in this process. */
export const inProcess = (store: Emulator.StoreOptions, options: Partial<AvaraClient.Options> = {}) =>
  Avara.layer({ apiKey, ...options }).pipe(Layer.provideMerge(Emulator.layerHttpClient(store)))

/** Statuses that replace the emulator's responses, one per request, and every request that was sent. */
export const observed = (store: Emulator.StoreOptions, refusals: ReadonlyArray<number> = []) => {
  const requests: Array<HttpClientRequest.HttpClientRequest> = []
  const change = (client: HttpClient.HttpClient) =>
    HttpClient.transform(client, (answer, request) => {
      requests.push(request)
      const status = refusals[requests.length - 1]
      if (status === undefined) return answer
      return Effect.succeed(HttpClientResponse.fromWeb(request, new Response("", { status })))
    })
  const observing = Layer.effect(HttpClient.HttpClient, Effect.map(HttpClient.HttpClient, change))
  const layer = Avara.layer({ apiKey }).pipe(
    Layer.provide(observing),
    Layer.provideMerge(Emulator.layerHttpClient(store))
  )
  return { layer, requests }
}
