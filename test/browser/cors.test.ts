/** The client in a browser's page: refused and allowed cross-origin requests, and redirects. */
import * as http from "node:http"
import { fileURLToPath } from "node:url"
import { expect, layer, type Vitest } from "@effect/vitest"
import { Emulator } from "@effect-avara/emulator"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { build } from "esbuild"
import { listen } from "../support/listen.js"
import { Chromium } from "./chromium.js"
import { show, withChromium } from "./support.js"

const bundled = Effect.promise(async () => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("programs/calls.ts", import.meta.url))],
    bundle: true,
    format: "iife",
    platform: "browser",
    conditions: ["@effect-avara/source"],
    write: false
  })
  return outputFiles[0]?.text ?? ""
})

/** Serves the page with the program, and redirects the API's requests. */
const pageServer = (program: string) =>
  listen(
    http.createServer(({ url }, response) => {
      if (url?.startsWith("/v1/") === true) response.writeHead(302, { location: "/elsewhere" }).end()
      else response.setHeader("content-type", "text/html").end(`<!doctype html><script>${program}</script>`)
    })
  )

const emulator = (options: Emulator.Options = {}) =>
  Effect.map(Layer.build(Emulator.layer({ customers: 3, ...options })), (context) =>
    Context.get(context, Emulator.Emulator)
  )

const tests = (it: Vitest.MethodsNonLive<Chromium, true>) => {
  it.scoped(
    "reports that CORS may be the cause and that redirects are not followed, and calls an API that allows it",
    () =>
      Effect.gen(function* () {
        const origin = yield* pageServer(yield* bundled)
        const faults: Emulator.Options["faults"] = [
          { type: "status", status: 429, headers: { "retry-after": "7" }, operation: "customers.retrieve" }
        ]
        const [closed, open] = yield* Effect.all([emulator(), emulator({ cors: origin, faults })])
        const { page } = yield* show(origin)
        const call = (name: "create" | "list" | "retrieve", baseUrl: string) =>
          Effect.promise(() => page.evaluate(([name, baseUrl]) => window.call(name, baseUrl), [name, baseUrl] as const))

        const mayBeCors = `the server may not allow requests from pages of ${origin} (CORS)`
        expect(yield* call("list", closed.url)).toEqual({
          _tag: "ConnectionFailed",
          sent: "maybe",
          message: `customers.list: no response was received from ${closed.url}; ${mayBeCors}`
        })
        expect(yield* call("create", closed.url)).toMatchObject({
          _tag: "OutcomeUnknown",
          message: expect.stringContaining(mayBeCors)
        })
        const redirected = "the server redirected the request, and the client does not follow redirects"
        expect(yield* call("list", origin)).toEqual({
          _tag: "UnexpectedStatus",
          message: `customers.list: ${redirected}`
        })
        expect(yield* call("create", origin)).toMatchObject({
          _tag: "OutcomeUnknown",
          message: expect.stringContaining(redirected)
        })
        expect(yield* call("list", open.url)).toEqual({ customers: 3 })
        expect(yield* call("create", open.url)).toEqual({ customers: 1 })
        expect(yield* call("retrieve", open.url)).toMatchObject({
          _tag: "RateLimited",
          requestId: expect.any(String),
          retryAfterMillis: 7000
        })
      })
  )
}

withChromium("a page of another origin", (name) => layer(Chromium.layer, { excludeTestServices: true })(name, tests))
