import type * as Headers from "@effect/platform/Headers"
import type * as HttpApp from "@effect/platform/HttpApp"
import * as HttpMiddleware from "@effect/platform/HttpMiddleware"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import { isJson } from "./contentType.js"
import { newRequestId } from "./requestId.js"

export interface GuardOptions {
  /** The address to listen on, which a request may use as its host. */
  readonly host: string
  /** The origin whose pages may call the emulator. */
  readonly cors: string | undefined
}

interface Refusal {
  readonly status: number
  readonly code: string
  readonly message: string
}

const parse = (url: string): URL | undefined => (URL.canParse(url) ? new URL(url) : undefined)

/** Checks whether a value is the origin of a page, as a browser names it; `*` is not an origin. */
export const isOrigin = (value: unknown): value is string =>
  typeof value === "string" && /^https?:/.test(value) && parse(value)?.origin === value

/** Returns the host name without the port, normalized as in browsers: `[::1]`, `127.0.0.1`, `localhost`. */
const nameOf = (host: string): string | undefined => parse(`http://${host}`)?.hostname

const isLoopback = (name: string): boolean =>
  name === "localhost" || name.endsWith(".localhost") || name === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(name)

/** Checks whether other machines can connect to every address of this machine. */
export const listensEverywhere = (host: string): boolean => host === "0.0.0.0" || host === "::"

/** Refuses other host names: they lead here only through a foreign DNS entry, and a page of that host could then read and change everything. */
const isKnownHost = (header: string | undefined, host: string): boolean => {
  if (listensEverywhere(host)) return true
  const name = header === undefined ? undefined : nameOf(header)
  if (name === undefined) return false
  return isLoopback(name) || name === nameOf(host.includes(":") ? `[${host}]` : host)
}

const isSameOrigin = (origin: string, host: string | undefined): boolean =>
  host !== undefined && parse(origin)?.host === parse(`http://${host}`)?.host

/** Checks whether a page of another site sent the request. Programs send neither header. */
const isCrossSite = (headers: Headers.Headers, cors: string | undefined): boolean => {
  const { host, origin, "sec-fetch-site": site = "none" } = headers
  if (origin !== undefined) return origin !== cors && !isSameOrigin(origin, host)
  return site !== "same-origin" && site !== "none"
}

const reading: ReadonlyArray<string> = ["GET", "HEAD", "OPTIONS"]

type Check = (request: HttpServerRequest.HttpServerRequest, options: GuardOptions) => Refusal | undefined

const checkHost: Check = ({ headers }, { host }) =>
  isKnownHost(headers["host"], host)
    ? undefined
    : {
        status: 421,
        code: "host_not_allowed",
        message:
          "The Host header does not name this machine. Use http://127.0.0.1 or http://localhost, or start the emulator with --host and that name."
      }

const checkSite: Check = ({ headers, method, url }, { cors }) => {
  // The API requires a key, and a page of another site can send one only after a preflight.
  if (reading.includes(method) || url.startsWith("/v1/")) return undefined
  if (isCrossSite(headers, cors)) {
    return {
      status: 403,
      code: "cross_site",
      message:
        "A page of another site cannot change the emulator. To allow it, start the emulator with --cors and the page's origin."
    }
  }
  return isJson(headers["content-type"])
    ? undefined
    : {
        status: 415,
        code: "unsupported_media_type",
        message:
          "Expected a JSON body, with content-type application/json. curl needs -H 'content-type: application/json'."
      }
}

const refuseBy =
  (check: Check, options: GuardOptions) =>
  <E, R>(app: HttpApp.Default<E, R>): HttpApp.Default<E, R> =>
    Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) => {
      const refusal = check(request, options)
      if (refusal === undefined) return app
      const { status, ...error } = refusal
      return Effect.succeed(
        HttpServerResponse.unsafeJson({ error }, { status, headers: { "x-request-id": newRequestId() } })
      )
    })

/** The response headers that the client reads and a fault may set. */
const exposedHeaders = ["cf-ray", "request-id", "retry-after", "retry-after-ms", "x-request-id", "x-should-retry"]

/** Allows calls from pages of one origin, with any headers. */
const allowOrigin = (cors: string | undefined): (<E, R>(app: HttpApp.Default<E, R>) => HttpApp.Default<E, R>) =>
  cors === undefined
    ? identity
    : HttpMiddleware.cors({
        allowedOrigins: (origin) => origin === cors,
        allowedMethods: ["GET", "POST", "PUT", "PATCH", "DELETE"],
        exposedHeaders,
        maxAge: 600
      })

/** Refuses requests that a page of another site could send through the user's browser. */
export const guard =
  (options: GuardOptions) =>
  <E, R>(app: HttpApp.Default<E, R>): HttpApp.Default<E, R> =>
    app.pipe(refuseBy(checkSite, options), allowOrigin(options.cors), refuseBy(checkHost, options))
