import type { ConnectionFailed } from "../../AvaraError.js"
import { reasonOf } from "./deno.js"
import { bodyTooLarge } from "./transport.js"

/** @internal */
export type Connection = Pick<ConnectionFailed, "reason" | "sent"> & { readonly code?: string }

const byCode = new Map<string, Pick<ConnectionFailed, "reason" | "sent">>(
  Object.entries({
    ENOTFOUND: { reason: "dns", sent: "no" },
    EAI_AGAIN: { reason: "dns", sent: "no" },
    EAI_FAIL: { reason: "dns", sent: "no" },
    EAI_NODATA: { reason: "dns", sent: "no" },
    ECONNREFUSED: { reason: "refused", sent: "no" },
    EHOSTUNREACH: { reason: "refused", sent: "no" },
    ENETUNREACH: { reason: "refused", sent: "no" },
    EADDRNOTAVAIL: { reason: "refused", sent: "no" },
    UND_ERR_CONNECT_TIMEOUT: { reason: "other", sent: "no" },
    ECONNRESET: { reason: "reset", sent: "maybe" },
    EPIPE: { reason: "reset", sent: "maybe" },
    UND_ERR_SOCKET: { reason: "closed", sent: "maybe" },
    HPE_INVALID_EOF_STATE: { reason: "closed", sent: "maybe" },
    UND_ERR_HEADERS_OVERFLOW: { reason: "malformed", sent: "maybe" },
    UND_ERR_RES_CONTENT_LENGTH_MISMATCH: { reason: "malformed", sent: "maybe" }
  })
)

const isTlsCode = (code: string) =>
  /^ERR_(?:TLS|SSL)_|^CERT_|_CERT$|_CERT_|_SIGNATURE$|^UNABLE_TO_|^HOSTNAME_MISMATCH$|^INVALID_(?:CA|PURPOSE)$|^EPROTO$/.test(
    code
  )

/** Only a failed handshake proves that nothing was sent: a TLS connection can also break later, even with a wrong version. */
const isHandshake = (code: string) =>
  !/^ERR_SSL_|^EPROTO$/.test(code) || /PROTOCOL|HANDSHAKE|CERTIFICATE|UNKNOWN_CA/.test(code)

const maxDepth = 5

/** Returns the error followed by the errors that caused it. */
const errorsOf = (cause: unknown, depth = 0): ReadonlyArray<object> => {
  if (typeof cause !== "object" || cause === null || depth === maxDepth) return []
  const inner = "cause" in cause ? errorsOf(cause.cause, depth + 1) : []
  const several =
    "errors" in cause && Array.isArray(cause.errors) ? cause.errors.flatMap((error) => errorsOf(error, depth + 1)) : []
  return [cause, ...inner, ...several]
}

const codesOf = (cause: unknown): ReadonlyArray<string> =>
  errorsOf(cause).flatMap((error) => ("code" in error && typeof error.code === "string" ? [error.code] : []))

/** undici's messages for a 101 or a 100 that was not requested. */
const badResponses: ReadonlySet<unknown> = new Set(["bad upgrade", "bad response"])

/** Checks whether the server sent something other than HTTP. Parsers have either no error code or a different one for each mistake. */
const isMalformed = (cause: unknown): boolean =>
  errorsOf(cause).some(
    (error) =>
      ("name" in error && error.name === "HTTPParserError") || ("message" in error && badResponses.has(error.message))
  ) || codesOf(cause).some((code) => code.startsWith("HPE_") && !byCode.has(code))

/** Checks whether the transport reports that it wrote nothing. */
const saysNotSent = (cause: unknown): boolean =>
  typeof cause === "object" && cause !== null && "requestSent" in cause && cause.requestSent === false

/** Returns why no connection was made, on a runtime whose errors have no codes. */
const unmadeReason = (cause: unknown): Connection["reason"] | undefined => {
  if (codesOf(cause).length > 0) return undefined
  const reasons = errorsOf(cause).map((error) =>
    "message" in error && typeof error.message === "string" ? reasonOf(error.message) : undefined
  )
  return reasons.find((reason) => reason !== undefined)
}

/** Checks whether an established connection broke. If its route is lost, the code is the same as for a connection that was never made. */
const wasConnected = (cause: unknown): boolean =>
  errorsOf(cause).some((error) => "syscall" in error && (error.syscall === "read" || error.syscall === "write"))

/** Checks whether the request may have been sent before the attempt that the error is about. */
const isRepeatable = (cause: unknown): boolean =>
  typeof cause === "object" && cause !== null && "isRepeatable" in cause && cause.isRepeatable === true

/** Classifies a transport's error without exposing its message or fields, which may hold the request. @internal */
export const connectionOf = (cause: unknown): Connection => {
  const unmade = unmadeReason(cause)
  const connection: Connection = unmade === undefined ? connectionByCode(cause) : { reason: unmade, sent: "no" }
  if (saysNotSent(cause)) return { ...connection, sent: "no" }
  return isRepeatable(cause) ? { ...connection, sent: "maybe" } : connection
}

const unknown = { reason: "other", sent: "maybe" } as const

const connectionByCode = (cause: unknown): Connection => {
  const codes = codesOf(cause)
  const tls = codes.find(isTlsCode)
  if (tls !== undefined) return { reason: "tls", sent: isHandshake(tls) ? "no" : "maybe", code: tls }
  const known = codes.find((code) => byCode.get(code)?.sent === "maybe") ?? codes.find((code) => byCode.has(code))
  const code = known ?? codes.find((code) => /^[A-Z][A-Z0-9_]{0,63}$/.test(code))
  if (isMalformed(cause)) return { reason: "malformed", sent: "maybe", ...(code === undefined ? {} : { code }) }
  const meaning = byCode.get(known ?? "") ?? unknown
  const isLost = meaning.sent === "no" && wasConnected(cause)
  return { ...(isLost ? unknown : meaning), ...(code === undefined ? {} : { code }) }
}

/** Checks whether a transport stopped reading a body because of its size. @internal */
export const isTooLargeError = (cause: unknown): boolean =>
  codesOf(cause).some((code) => code === "UND_ERR_RES_EXCEEDED_MAX_SIZE" || code === bodyTooLarge.code)

/** Checks whether the compressed data of a body is truncated. @internal */
export const isCutShortError = (cause: unknown): boolean => codesOf(cause).some((code) => code === "Z_BUF_ERROR")

/** Checks whether a body arrived but is not compressed as its headers say. @internal */
export const isDecompressionError = (cause: unknown): boolean =>
  codesOf(cause).some(
    (code) => code.startsWith("Z_") || code.startsWith("ERR__ERROR_FORMAT") || code.startsWith("ERR_PADDING")
  )
