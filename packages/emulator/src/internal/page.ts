import { readFile } from "node:fs/promises"
import { extname } from "node:path"
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as HttpRouter from "@effect/platform/HttpRouter"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Effect from "effect/Effect"

/**
 * The folder of the page's files, which a browser runs unchanged: JavaScript with types in JSDoc. The package publishes `src` next to
 * `dist`, so this path works from the source, from `dist`, and from a bundle in a folder of the same depth.
 */
const folder = new URL("../../src/internal/page/", import.meta.url)

const names = [
  "api.js",
  "customer.js",
  "customers.js",
  "dom.js",
  "faults.js",
  "forms.js",
  "icon.svg",
  "main.js",
  "requests.js",
  "status.js",
  "style.css"
]

const types: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml"
}

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'"
].join("; ")

/** The headers of every response for a browser. */
export const headers = (contentSecurityPolicy: string): Readonly<Record<string, string>> => ({
  "cache-control": "no-cache",
  "content-security-policy": contentSecurityPolicy,
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff"
})

const serve = (name: string) =>
  Effect.map(
    Effect.tryPromise(() => readFile(new URL(name, folder))),
    (bytes) =>
      HttpServerResponse.uint8Array(bytes, {
        headers: headers(policy),
        contentType: types[extname(name)] ?? "application/octet-stream"
      })
  )

/** The files that the page loads. */
export const files = HttpRouter.fromIterable(
  names.map((name) => HttpRouter.makeRoute("GET", `/__emulator/page/${name}`, serve(name)))
)

/** The page at `/`. */
export const layer = HttpApiBuilder.Router.use((router) => router.get("/", serve("index.html")))
