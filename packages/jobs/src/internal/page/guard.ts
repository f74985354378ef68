import type * as Headers from "@effect/platform/Headers"
import type * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import type * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import type { Access } from "./access.js"
import { refuse } from "./respond.js"

type Request = HttpServerRequest.HttpServerRequest

type Refusal = HttpServerResponse.HttpServerResponse | undefined

const parse = (url: string): URL | undefined => (URL.canParse(url) ? new URL(url) : undefined)

/** Whether only this machine can reach the name or the address. @internal */
export const isLoopback = (name: string): boolean =>
  name === "localhost" ||
  name.endsWith(".localhost") ||
  name === "::1" ||
  name === "[::1]" ||
  /^127\.\d+\.\d+\.\d+$/.test(name)

/** Any other name leads here only through a foreign DNS entry, and a page of that name could read and cancel the jobs. @internal */
export const checkHost = ({ headers }: Request, { isClosed }: Access): Refusal => {
  const name = parse(`http://${headers["host"] ?? ""}`)?.hostname
  if (isClosed || (name !== undefined && isLoopback(name))) return undefined
  return refuse(
    421,
    "host_not_allowed",
    "The Host header does not name this machine. Use http://127.0.0.1 or http://localhost, or start the page with a token."
  )
}

/** A browser sends the site that a request is from. An older browser, or one without TLS, sends the origin. */
const isCrossSite = ({ host, origin, "sec-fetch-site": site }: Headers.Headers): boolean => {
  if (site !== undefined) return site !== "same-origin" && site !== "none"
  return origin !== undefined && parse(origin)?.host !== parse(`http://${host ?? ""}`)?.host
}

const reading: ReadonlyArray<string> = ["GET", "HEAD"]

/** A page of another site cannot send this header without a preflight request. */
const ownHeader = "x-avara-jobs"

/** Refuses a request that may not read the jobs or change one. @internal */
export const checkCall = (request: Request, access: Access): Refusal => {
  const { headers, method } = request
  if (isCrossSite(headers)) return refuse(403, "cross_site", "Pages of other sites cannot use this page.")
  if (!access.allows(request))
    return refuse(401, "unauthorized", "The token is missing or wrong.", { "www-authenticate": "Bearer" })
  if (reading.includes(method) || headers[ownHeader] !== undefined) return undefined
  return refuse(403, "header_missing", `A request that changes something needs the header ${ownHeader}: 1.`)
}
