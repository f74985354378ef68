import { hasProperty } from "effect/Predicate"

/** Where the page or worker of a browser comes from; other runtimes have none. */
const originOfPage = (): unknown => {
  const location: unknown = Reflect.get(globalThis, "location")
  return hasProperty(location, "origin") ? location.origin : undefined
}

/** What `fetch` of a browser rejects with: a page learns nothing of a server that refuses it. */
const isBare = (cause: unknown): boolean =>
  hasProperty(cause, "name") && cause.name === "TypeError" && !hasProperty(cause, "cause")

/** The page's origin if it is another one than the server's, which may be why a browser kept the response from it. @internal */
export const refusedPage = (cause: unknown, origin: string): { readonly pageOrigin?: string } => {
  const pageOrigin = originOfPage()
  return typeof pageOrigin === "string" && pageOrigin !== origin && isBare(cause) ? { pageOrigin } : {}
}
