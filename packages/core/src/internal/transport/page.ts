import { hasProperty } from "effect/Predicate"

/** The origin of a browser's page or worker; `undefined` on other runtimes. */
const originOfPage = (): unknown => {
  const location: unknown = Reflect.get(globalThis, "location")
  return hasProperty(location, "origin") ? location.origin : undefined
}

/** Checks for the error of a browser's `fetch`, which reveals nothing about the reason. */
const isBare = (cause: unknown): boolean =>
  hasProperty(cause, "name") && cause.name === "TypeError" && !hasProperty(cause, "cause")

/** Returns the page's origin if it differs from the server's, which may be why the browser withheld the response. @internal */
export const refusedPage = (cause: unknown, origin: string): { readonly pageOrigin?: string } => {
  const pageOrigin = originOfPage()
  return typeof pageOrigin === "string" && pageOrigin !== origin && isBare(cause) ? { pageOrigin } : {}
}
