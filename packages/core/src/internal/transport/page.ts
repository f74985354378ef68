import { hasProperty } from "effect/Predicate"

/** The origin of a browser's page or worker; `undefined` on other runtimes. */
const originOfPage = (): unknown => {
  const location: unknown = Reflect.get(globalThis, "location")
  return hasProperty(location, "origin") ? location.origin : undefined
}

/** Checks for the error of a browser's `fetch`, which reveals nothing about the reason. Bun's errors have a code. */
const isBare = (cause: unknown): boolean =>
  hasProperty(cause, "name") &&
  cause.name === "TypeError" &&
  !hasProperty(cause, "cause") &&
  !hasProperty(cause, "code")

/** Checks whether the browser knows that it has no network, which explains a failure without CORS. */
const isOffline = (): boolean => {
  const navigator: unknown = Reflect.get(globalThis, "navigator")
  return hasProperty(navigator, "onLine") && navigator.onLine === false
}

/** Returns the page's origin if it differs from the server's, which may be why the browser withheld the response. @internal */
export const refusedPage = (cause: unknown, origin: string): { readonly pageOrigin?: string } => {
  const pageOrigin = originOfPage()
  if (typeof pageOrigin !== "string" || pageOrigin === origin) return {}
  return isBare(cause) && !isOffline() ? { pageOrigin } : {}
}

/** Returns the status of a response or an error, if it is known: a browser hides the status of a redirect and reports 0. @internal */
export const knownStatus = (status: number | undefined): number | undefined => (status === 0 ? undefined : status)
