import { readFile } from "node:fs/promises"
import { extname } from "node:path"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Effect from "effect/Effect"

/** A browser runs these files unchanged. The package publishes `src` and `dist`: the path is correct from both, and from a bundle at the same depth. */
const folder = new URL("../../src/internal/browser/", import.meta.url)

const names: ReadonlyArray<string> = [
  "api.js",
  "chart.js",
  "confirm.js",
  "dom.js",
  "icon.svg",
  "index.html",
  "job.js",
  "jobs.js",
  "main.js",
  "pager.js",
  "rejects.js",
  "shown.js",
  "status.js",
  "style.css",
  "summary.js"
]

const types: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml"
}

/** Reads the file of the page with this name, if there is one. @internal */
export const read = (name: string): Effect.Effect<HttpServerResponse.HttpServerResponse | undefined> =>
  names.includes(name)
    ? Effect.map(Effect.orDie(Effect.tryPromise(() => readFile(new URL(name, folder)))), (bytes) =>
        HttpServerResponse.uint8Array(bytes, { contentType: types[extname(name)] })
      )
    : Effect.succeed(undefined)
