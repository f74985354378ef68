import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as UrlParams from "@effect/platform/UrlParams"
import * as Either from "effect/Either"
import * as Option from "effect/Option"

/** Where a request goes: the host, and what stands in its first line. @internal */
export interface Target {
  readonly origin: string
  readonly path: string
}

/** @internal */
export const targetOf = ({ origin, pathname, search }: URL): Target => ({ origin, path: pathname + search })

/** What a URL would not change: no dot segment, nothing to escape. */
const plainPath = /^(?:\/[\w~-]+)+(?:\?[\w=&%.~*+-]+)?$/

type Address = Pick<HttpClientRequest.HttpClientRequest, "url" | "urlParams" | "hash">

/** Finds where requests go; parses no URL that continues the last origin with a plain path. @internal */
export const makeTargets = () => {
  let origin = ""
  return ({ hash, url, urlParams }: Address): Either.Either<Target, Error> => {
    if (origin !== "" && url.startsWith(origin) && urlParams.length === 0 && Option.isNone(hash)) {
      const path = url.slice(origin.length)
      if (plainPath.test(path)) return Either.right({ origin, path })
    }
    return Either.map(UrlParams.makeUrl(url, urlParams, hash), (parsed) => {
      // "null" stands for no origin.
      origin = parsed.origin === "null" ? "" : parsed.origin
      return targetOf(parsed)
    })
  }
}
