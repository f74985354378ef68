import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import { Avara, type AvaraClient } from "@effect-avara/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Redacted from "effect/Redacted"
import { apiKey } from "../../faults/support/calls.js"

export type Mode = NonNullable<AvaraClient.Options["validation"]>

/** A client in this process that receives this body for every request. */
export const layerAnswering = (body: unknown, validation: Mode) => {
  const text = JSON.stringify(body)
  const http = HttpClient.make((request) =>
    Effect.sync(() => HttpClientResponse.fromWeb(request, new Response(text, { status: 200 })))
  )
  return Avara.layer({ apiKey: Redacted.make(apiKey), validation }).pipe(
    Layer.provide(Layer.succeed(HttpClient.HttpClient, http)),
    Layer.orDie,
    // Other tests cover the warnings.
    Layer.merge(Logger.minimumLogLevel(LogLevel.None))
  )
}
