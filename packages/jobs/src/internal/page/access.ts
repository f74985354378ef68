import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto"
import type * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as ConfigError from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"

type Request = HttpServerRequest.HttpServerRequest

/** The access control of the page. @internal */
export interface Access {
  /** Whether requests need the token. Without a token, the `Host` of a request must be this machine. */
  readonly isClosed: boolean
  readonly allows: (request: Request) => boolean
  /** Returns a response with the cookie that makes the browser send the proof of the token with every later request. */
  readonly signIn: (request: Request) => HttpServerResponse.HttpServerResponse
}

const minLength = 16

/** A header can contain only visible ASCII characters without spaces. */
const isToken = (text: unknown): boolean =>
  typeof text === "string" && text.length >= minLength && /^[!-~]+$/.test(text)

/** @internal */
export const checkToken = (token: Redacted.Redacted): Effect.Effect<Redacted.Redacted, ConfigError.ConfigError> =>
  Redacted.isRedacted(token) && isToken(Redacted.value(token))
    ? Effect.succeed(token)
    : Effect.fail(
        ConfigError.InvalidData(
          ["token"],
          `expected at least ${minLength} visible ASCII characters without spaces, in a Redacted`
        )
      )

/** @internal */
export const newToken: Effect.Effect<Redacted.Redacted> = Effect.sync(() =>
  Redacted.make(randomBytes(32).toString("base64url"))
)

const hash = (text: string): Buffer => createHash("sha256").update(text).digest()

/** Compares in constant time. */
const isSame = (left: string, right: string): boolean => timingSafeEqual(hash(left), hash(right))

/** @internal */
export const open: Access = {
  isClosed: false,
  allows: () => true,
  signIn: () => HttpServerResponse.empty()
}

/** The cookie proves the token but does not contain it. Its name keeps the pages on one host apart, because cookies ignore the port. @internal */
export const closed = (token: Redacted.Redacted): Access => {
  const text = Redacted.value(token)
  const proof = createHmac("sha256", text).update("avara jobs page").digest("hex")
  const cookieName = `avara_jobs_${proof.slice(0, 8)}`
  const cookie = proof.slice(8)
  return {
    isClosed: true,
    allows: ({ cookies, headers }) =>
      isSame(headers["authorization"] ?? "", `Bearer ${text}`) || isSame(cookies[cookieName] ?? "", cookie),
    signIn: ({ headers }) =>
      HttpServerResponse.unsafeSetCookie(HttpServerResponse.empty(), cookieName, cookie, {
        httpOnly: true,
        path: "/",
        sameSite: "lax",
        secure: headers["x-forwarded-proto"] === "https"
      })
  }
}
