import { createHash } from "node:crypto"
import * as HttpApi from "@effect/platform/HttpApi"
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Page from "./page.js"

const hashOf = (html: string, tag: string): string => {
  const [, content = ""] = new RegExp(`<${tag}>(.*?)</${tag}>`, "s").exec(html) ?? []
  return `'sha256-${createHash("sha256").update(content).digest("base64")}'`
}

/** Returns a policy that allows Swagger's inline script and style by their hashes, and nothing else inline. */
const policyOf = (html: string): string =>
  [
    "default-src 'none'",
    `script-src ${hashOf(html, "script")}`,
    `style-src ${hashOf(html, "style")}`,
    "img-src data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'"
  ].join("; ")

// Loaded at the first request, because it is 2 MB and a test that uses the emulator never needs it.
const swagger = Effect.gen(function* () {
  const { layer } = yield* Effect.promise(() => import("@effect/platform/HttpApiSwagger"))
  const routes = yield* Layer.build(Layer.provideMerge(layer(), HttpApiBuilder.Router.Live))
  const { body } = yield* Effect.flatten(Effect.provide(HttpApiBuilder.Router.router, routes))
  const html = body._tag === "Uint8Array" ? new TextDecoder().decode(body.body) : ""
  return HttpServerResponse.text(html, {
    contentType: "text/html; charset=utf-8",
    headers: Page.headers(policyOf(html))
  })
})

/** Adds `/openapi.json` and `/docs`. */
export const layer = Layer.merge(
  HttpApiBuilder.middlewareOpenApi(),
  HttpApiBuilder.Router.use((router) =>
    Effect.flatMap(HttpApi.Api, (api) => router.get("/docs", Effect.provideService(swagger, HttpApi.Api, api)))
  )
)
