import { describe, expect, it } from "@effect/vitest"
import { connectionOf } from "../../src/internal/transport/connection.js"

const coded = (code: string) => Object.assign(new Error("secret"), { code })

const circular = () => {
  const error: { code?: string; cause?: unknown } = {}
  error.cause = error
  return error
}

describe("a transport's error", () => {
  for (const [codes, reason, sent] of [
    [["ENOTFOUND", "EAI_AGAIN", "EAI_FAIL", "EAI_NODATA"], "dns", "no"],
    [["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL"], "refused", "no"],
    [["UND_ERR_CONNECT_TIMEOUT"], "other", "no"],
    [["ECONNRESET", "EPIPE"], "reset", "maybe"],
    [["UND_ERR_SOCKET", "HPE_INVALID_EOF_STATE"], "closed", "maybe"],
    [
      [
        "HPE_INVALID_CONSTANT",
        "HPE_HEADER_OVERFLOW",
        "UND_ERR_HEADERS_OVERFLOW",
        "UND_ERR_RES_CONTENT_LENGTH_MISMATCH"
      ],
      "malformed",
      "maybe"
    ],
    [["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT", "ETIMEDOUT", "EMFILE", "SOMETHING_NEW"], "other", "maybe"],
    [
      [
        "CERT_HAS_EXPIRED",
        "CERT_NOT_YET_VALID",
        "DEPTH_ZERO_SELF_SIGNED_CERT",
        "SELF_SIGNED_CERT_IN_CHAIN",
        "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
        "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
        "ERR_TLS_CERT_ALTNAME_INVALID",
        "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION",
        "HOSTNAME_MISMATCH",
        "INVALID_CA"
      ],
      "tls",
      "no"
    ]
  ] as const) {
    for (const code of codes) {
      it(`${code} means ${reason}, sent: ${sent}`, () => {
        expect(connectionOf(coded(code))).toEqual({ reason, sent, code })
      })
    }
  }

  // A TLS connection can break after the request was sent.
  for (const code of [
    "ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC",
    "ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC",
    "ERR_SSL_UNEXPECTED_EOF_WHILE_READING",
    // Plain text from a proxy after the request has the same code as a server without TLS.
    "ERR_SSL_WRONG_VERSION_NUMBER"
  ]) {
    it(`${code} does not prove that nothing was sent`, () => {
      expect(connectionOf(coded(code))).toEqual({ reason: "tls", sent: "maybe", code })
    })
  }

  for (const [what, cause, expected] of [
    [
      "inside other causes",
      new Error("a", { cause: new Error("b", { cause: coded("ECONNREFUSED") }) }),
      { reason: "refused", sent: "no", code: "ECONNREFUSED" }
    ],
    [
      "among several",
      new AggregateError([new Error("a"), coded("ECONNREFUSED")]),
      { reason: "refused", sent: "no", code: "ECONNREFUSED" }
    ],
    [
      "after an error without a code",
      Object.assign(coded("UND_ERR"), { cause: coded("ECONNRESET") }),
      { reason: "reset", sent: "maybe", code: "ECONNRESET" }
    ],
    [
      "of TLS before others",
      new AggregateError([coded("ECONNREFUSED"), coded("CERT_HAS_EXPIRED")]),
      { reason: "tls", sent: "no", code: "CERT_HAS_EXPIRED" }
    ],
    ["that is not a code", coded("sk_live_secret, with words"), { reason: "other", sent: "maybe" }],
    ["that is a number", { code: 42 }, { reason: "other", sent: "maybe" }],
    ["of a circular cause", circular(), { reason: "other", sent: "maybe" }],
    ["of nothing", undefined, { reason: "other", sent: "maybe" }],
    ["of text", "ECONNREFUSED", { reason: "other", sent: "maybe" }]
  ] as const) {
    it(`is classified by the code ${what}`, () => expect(connectionOf(cause)).toEqual(expected))
  }

  // A route that is lost for good while a response is expected ends the connection with the code of a failed connect.
  for (const syscall of ["read", "write"]) {
    for (const code of ["EHOSTUNREACH", "ENETUNREACH", "ECONNREFUSED", "EADDRNOTAVAIL"]) {
      it(`${syscall} ${code} does not prove that nothing was sent`, () => {
        const cause = Object.assign(coded(code), { syscall })
        const expected = { reason: "other", sent: "maybe", code }
        expect(connectionOf(new TypeError("fetch failed", { cause }))).toEqual(expected)
        expect(connectionOf({ cause, requestSent: true })).toEqual(expected)
      })
    }
  }

  it("connect EHOSTUNREACH proves that nothing was sent", () => {
    const error = Object.assign(coded("EHOSTUNREACH"), { syscall: "connect" })
    expect(connectionOf(error)).toEqual({ reason: "refused", sent: "no", code: "EHOSTUNREACH" })
  })

  it("proves nothing if the request may have been sent before", () => {
    expect(connectionOf({ cause: coded("ECONNREFUSED"), isRepeatable: true })).toMatchObject({ sent: "maybe" })
  })

  const fromDeno = (detail: string, url = "https://api.avarasoftware.com/v1/express") =>
    new TypeError("fetch failed", { cause: new Error(`error sending request for url (${url}): ${detail}`) })

  for (const [detail, reason] of [
    ["dns error: failed to lookup address information: Name or service not known", "dns"],
    ["tcp connect error: Connection refused (os error 111)", "refused"],
    ["tcp connect error: Connection refused (os error 61)", "refused"],
    ["tcp connect error: No connection could be made. (os error 10061)", "refused"],
    ["tcp connect error: No route to host (os error 113): No route to host (os error 113)", "refused"],
    ["tcp connect error: Connection reset by peer (os error 104)", "other"],
    ["invalid peer certificate: UnknownIssuer", "tls"],
    ["received corrupt message of type InvalidContentType", "tls"],
    ["something new", "other"]
  ] as const) {
    it(`on Deno, ${detail}, means ${reason}, sent: no`, () => {
      expect(connectionOf(fromDeno(`client error (Connect): ${detail}`))).toEqual({ reason, sent: "no" })
    })
  }

  it("is recognized without a wrapping error, as on Deno 2.2", () => {
    const { cause } = fromDeno("client error (Connect): dns error: failed to lookup address information")
    expect(connectionOf(cause)).toEqual({ reason: "dns", sent: "no" })
  })

  it("of Deno proves nothing if the runtime may have sent the request before", () => {
    const cause = fromDeno("client error (Connect): tcp connect error: Connection refused (os error 111)")
    expect(connectionOf({ cause, isRepeatable: true })).toEqual({ reason: "refused", sent: "maybe" })
  })

  for (const error of [
    fromDeno("client error (SendRequest): connection closed before message completed"),
    fromDeno("client error (SendRequest): connection error: client error (Connect): dns error: none"),
    fromDeno("dns error: none", "https://a/client%20error%20(Connect):"),
    new Error("client error (Connect): dns error: none"),
    new Error("Connection reset by peer (os error 104)")
  ]) {
    it(`does not prove that nothing was sent: ${error.cause ?? error}`, () => {
      expect(connectionOf(error)).toEqual({ reason: "other", sent: "maybe" })
    })
  }

  // Before 1.4, Bun also uses this code for the second attempt of a request that it sent again on its own.
  it("on Bun before 1.4 does not prove that nothing was sent", () => {
    expect(connectionOf(coded("ConnectionRefused"))).toEqual({ reason: "other", sent: "maybe" })
  })

  it("on Bun has Node's codes", () => {
    const error = Object.assign(new TypeError("ECONNREFUSED: Unable to connect."), {
      code: "ECONNREFUSED",
      path: "https://api.avarasoftware.com/v1/express",
      errno: 0
    })
    expect(connectionOf(error)).toEqual({ reason: "refused", sent: "no", code: "ECONNREFUSED" })
  })

  it("never means unsent if one of several attempts may have been sent", () => {
    expect(connectionOf(new AggregateError([coded("ECONNREFUSED"), coded("ECONNRESET")])).sent).toBe("maybe")
  })
})
