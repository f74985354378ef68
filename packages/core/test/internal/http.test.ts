import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Runtime from "effect/Runtime"
import { makeHttpTransport } from "../../src/internal/transport/http.js"
import { request } from "./transportRequest.js"

describe("a transport over an HttpClient", () => {
  it.effect("lets go of a response that is given up as soon as its head is there", () =>
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
})
