import * as Either from "effect/Either"
import type { Checked } from "../platform/durations.js"
import { checkRedacted } from "./checks.js"

const isLoopback = (hostname: string) =>
  hostname === "localhost" ||
  hostname.endsWith(".localhost") ||
  hostname === "[::1]" ||
  /^127(?:\.\d{1,3}){3}$/.test(hostname)

/** @internal */
export const checkBaseUrl = (text: string, allowInsecure: boolean): Checked<URL> => {
  if (typeof text !== "string" || !URL.canParse(text)) {
    return Either.left("expected an absolute URL such as https://api.avarasoftware.com")
  }
  const url = new URL(text)
  if (url.protocol !== "https:" && url.protocol !== "http:")
    return Either.left("expected a URL that starts with https:// or http://")
  if (url.username !== "" || url.password !== "") return Either.left("expected a URL without a user name and password")
  if (url.search !== "" || url.hash !== "") return Either.left("expected a URL without a query and a fragment")
  if (url.port === "0") return Either.left("expected a port from 1 to 65535")
  if (url.protocol === "http:" && !allowInsecure && !isLoopback(url.hostname)) {
    return Either.left(
      "expected https://, because http:// sends the API key unprotected; http:// is allowed for loopback addresses, and elsewhere with the option allowInsecure"
    )
  }
  return Either.right(url)
}

/** Checks that text can be used in an Authorization header unchanged. @internal */
export const checkKeyText = (key: string): Checked<string> => {
  if (key.trim() === "") return Either.left("expected an API key, not blank text")
  const bad = Array.from(key).findIndex((character) => !/^[\x21-\x7e]$/.test(character))
  return bad === -1
    ? Either.right(key)
    : Either.left(
        `expected an API key of visible ASCII characters; character ${bad + 1} is white space, a line break, or not ASCII`
      )
}

/** @internal */
export const checkApiKey = (input: unknown): Checked<string> => Either.flatMap(checkRedacted(input), checkKeyText)
