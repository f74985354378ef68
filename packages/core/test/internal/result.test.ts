import { afterEach, describe, expect, it, vi } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { decodeWith } from "../../src/internal/decode/decoder.js"
import { brokenFailure, type Failure, timedOut } from "../../src/internal/response/failure.js"
import { resultOf } from "../../src/internal/response/result.js"
import { bodyTooLarge } from "../../src/internal/transport/transport.js"
import { type AnyOperation, prepared } from "./prepared.js"

type Headers = Readonly<Record<string, string>>

interface Given {
  readonly status?: number
  readonly headers?: Headers
  readonly operation?: Partial<AnyOperation>
}

const bytesOf = (body: string | ReadonlyArray<number>): Uint8Array =>
  typeof body === "string" ? new TextEncoder().encode(body) : Uint8Array.from(body)

const resultFor = (body: string | ReadonlyArray<number>, { headers = {}, operation = {}, status = 200 }: Given = {}) =>
  resultOf(prepared(operation), 2, { head: { status, headers }, body: bytesOf(body) }, 0, undefined)

const failureOf = (body: string | ReadonlyArray<number>, given?: Given): Failure =>
  Either.getOrThrow(Either.flip(resultFor(body, given)))

const withoutValue = decodeWith(Schema.Undefined)

const text = { readsText: true, decode: decodeWith(Schema.String) } as const

const cutShort = "the body ends before its JSON is complete"

describe("the value of a success", () => {
  for (const [what, body, given, expected] of [
    ["an object", '{"id":"a"}', {}, { id: "a" }],
    ["an object whose text has quotes and brackets", '{"id":"\\\\\\"}]["}', {}, { id: '\\"}][' }],
    ["an empty body if nothing is expected", "", { operation: { decode: withoutValue } }, undefined],
    ["a text", "a,b\n", { operation: text, headers: { "content-type": "text/csv" } }, "a,b\n"],
    ["text without a type", '"a"', { operation: text }, '"a"'],
    ["JSON if text is also accepted", '"a"', { operation: text, headers: { "content-type": "application/json" } }, "a"],
    [
      "JSON with another JSON type",
      '"a"',
      { operation: text, headers: { "content-type": "Application/Problem+JSON ; charset=utf-8" } },
      "a"
    ],
    [
      "text that consists of JSON lines",
      '"a"',
      { operation: text, headers: { "content-type": "application/jsonl" } },
      '"a"'
    ],
    [
      "text whose type parameter names JSON",
      '"a"',
      { operation: text, headers: { "content-type": "a/b;c=/json" } },
      '"a"'
    ],
    [
      "a value, without the texts that were sent",
      '{"id":"a"}',
      { operation: { query: { name: "Jane Roe" }, clean: (_: unknown, redact) => redact("Jane Roe is here") } },
      "<redacted> is here"
    ]
  ] as ReadonlyArray<readonly [string, string, Given, unknown]>) {
    it(`is read from ${what}`, () => expect(resultFor(body, given)).toEqual(Either.right(expected)))
  }
})

describe("a success without a value", () => {
  for (const [what, body, given, reason, message] of [
    ["nothing", "", {}, "notJson", "expected JSON, not an empty body"],
    ["HTML", "<html>", {}, "notJson", "expected JSON"],
    ["an object that is truncated in a string", '{"id":"b', {}, "notJson", cutShort],
    ["an object that is truncated after a bracket in a string", '{"id":"}', {}, "notJson", cutShort],
    ["a truncated array", "[true, null,\t-1.5E+7\r\n, [false]", {}, "notJson", cutShort],
    ["a string that is truncated after a quote", '"a\\"', {}, "notJson", cutShort],
    ["a string with a word after it", '"a\\\\" h', {}, "notJson", "expected JSON"],
    ["an object that is truncated in a word", '{"id": hello', {}, "notJson", "expected JSON"],
    ["one bracket too many", '{"id":"a"}}', {}, "notJson", "expected JSON"],
    ["a number with two points", "1..2", {}, "notJson", "expected JSON"],
    ["a string that is truncated in a character", [0x22, 0xc3], {}, "notJson", cutShort],
    ["a character that is truncated outside a string", [0x31, 0xc3], {}, "notJson", "expected UTF-8 text"],
    ["a truncated object in Latin-1", [0x7b, 0x22, 0xe9, 0x22], {}, "notJson", "expected UTF-8 text"],
    ["text in Latin-1", [0xe9, 0x20], { operation: text }, "notJson", "expected UTF-8 text"]
  ] as ReadonlyArray<readonly [string, string | ReadonlyArray<number>, Given, string, string]>) {
    it(`is ${what}`, () => {
      const { error } = failureOf(body, given)
      expect(error).toMatchObject({ _tag: "InvalidResponse", reason, issues: [{ path: [], message }] })
    })
  }

  for (const [codings, isPacked] of [
    ["zstd", true],
    ["gzip, zstd", true],
    ["zstd, gzip", true],
    ["gzip", false],
    ["X-GZIP , identity,, deflate , br", false],
    ["gzip, gzip, gzip, gzip, gzip", false],
    ["gzip, gzip, gzip, gzip, gzip, gzip", true],
    ["identity", false],
    ["", false]
  ] as const) {
    it(`is compressed with "${codings}": ${isPacked}`, () => {
      const { error } = failureOf("(/", { headers: { "content-encoding": codings } })
      expect(error).toMatchObject(
        isPacked
          ? {
              reason: "encoding",
              snippet: "",
              issues: [
                {
                  path: [],
                  message: "expected a body compressed with gzip, deflate or br, at most 5 times, or not at all"
                }
              ]
            }
          : { reason: "notJson" }
      )
    })
  }

  it("is read as JSON if its type is JSON, even if the schema accepts text", () => {
    const headers = { "content-type": "application/json" }
    expect(failureOf("a", { operation: text, headers }).error).toMatchObject({ reason: "notJson" })
  })

  it("may be empty only if the operation returns nothing", () => {
    expect(failureOf("{}", { operation: { decode: withoutValue } }).error).toMatchObject({ reason: "shape" })
  })

  it("says where its shape is wrong, without texts that were sent and without metadata keys", () => {
    const body = { id: "a", metadata: { "Jane Roe": 1 }, list: [0, "x"] }
    expect(failureOf(JSON.stringify(body)).error).toMatchObject({
      reason: "shape",
      issues: [
        { path: ["metadata", "…"], message: "expected a string" },
        { path: ["list", 1], message: "expected a number" }
      ],
      snippet: expect.stringContaining("metadata")
    })
  })

  it("reports at most 20 issues", () => {
    const body = JSON.stringify({ id: "a", list: Array.from({ length: 30 }, String) })
    expect(failureOf(body).error).toMatchObject({ issues: { length: 20 } })
  })

  it("may have the right shape", () => {
    const issues = [{ path: ["secret-value"], message: "expected another" }]
    const check = () => issues
    expect(failureOf('{"id":"a"}', { operation: { check, query: { name: "secret-value" } } }).error).toMatchObject({
      reason: "shape",
      issues: [{ path: ["<redacted>"], message: "expected another" }]
    })
    expect(resultFor('{"id":"a"}', { operation: { check: () => [] } })).toEqual(Either.right({ id: "a" }))
  })
})

describe("a redirect", () => {
  for (const [status, message] of [
    [0, "things.retrieve: the server redirected the request, and the client does not follow redirects (2 attempts)"],
    [302, "things.retrieve: unexpected status 302; the client does not follow redirects (2 attempts)"],
    [304, "things.retrieve: unexpected status 304 (2 attempts)"]
  ] as const) {
    it(`with status ${status}, which is 0 if a browser hides it, says that it is not followed`, () => {
      const { error } = failureOf("", { status })
      expect([error._tag, error.message]).toEqual(["UnexpectedStatus", message])
    })
  }
})

describe("a failure", () => {
  for (const [status, tag] of [
    [199, "UnexpectedStatus"],
    [200, "InvalidResponse"],
    [299, "InvalidResponse"],
    [300, "UnexpectedStatus"],
    [404, "NotFound"]
  ] as const) {
    it(`with status ${status} is ${tag}`, () => {
      const failure = failureOf("gone", { status })
      expect(failure).toMatchObject({
        error: { _tag: tag, operation: "things.retrieve", attempts: 2 },
        status: Option.some(status),
        retryAfter: Option.none(),
        shouldRetry: Option.none()
      })
      expect(failure.error).not.toHaveProperty("requestId")
    })
  }

  it("repeats the words of a refusal", () => {
    expect(failureOf('{"message":"Nothing is there."}', { status: 404 }).error).toMatchObject({
      detail: "Nothing is there."
    })
  })

  for (const status of [200, 429]) {
    it(`with status ${status} has the server's wait`, () => {
      const { retryAfter } = failureOf("", { status, headers: { "retry-after": "7" } })
      expect(retryAfter).toEqual(Option.some(Duration.seconds(7)))
    })
  }

  it("with a refusal has the wait, too", () => {
    const { error } = failureOf("", { status: 429, headers: { "retry-after": "7" } })
    expect(error).toMatchObject({ retryAfter: Duration.seconds(7) })
  })

  for (const [word, expected] of [
    ["true", Option.some(true)],
    ["false", Option.some(false)],
    ["yes", Option.none()],
    ["", Option.none()]
  ] as const) {
    it(`with x-should-retry "${word}" has shouldRetry ${String(Option.getOrNull(expected))}`, () => {
      expect(failureOf("", { status: 500, headers: { "x-should-retry": word } }).shouldRetry).toEqual(expected)
    })
  }

  for (const [headers, requestId] of [
    [{ "x-request-id": "one", "request-id": "two", "cf-ray": "three" }, "one"],
    [{ "request-id": "two", "cf-ray": "three" }, "two"],
    [{ "cf-ray": "three" }, "three"],
    [{ "x-request-id": "" }, undefined],
    [{}, undefined]
  ] as ReadonlyArray<readonly [Headers, string | undefined]>) {
    it(`with the headers ${JSON.stringify(headers)} names the request ${requestId}`, () => {
      expect(failureOf("", { status: 500, headers }).error).toStrictEqual(
        failureOf("", { status: 500, headers: requestId === undefined ? {} : { "x-request-id": requestId } }).error
      )
      expect(Object.hasOwn(failureOf("", { status: 500, headers }).error, "requestId")).toBe(requestId !== undefined)
      expect(failureOf("", { status: 500, headers }).error).toMatchObject(requestId === undefined ? {} : { requestId })
    })
  }

  it("with a timeout says which limit was reached", () => {
    expect(timedOut("things.retrieve", 3, "call", Duration.seconds(5))).toEqual({
      error: expect.objectContaining({
        _tag: "TimedOut",
        operation: "things.retrieve",
        attempts: 3,
        scope: "call",
        limit: Duration.seconds(5)
      }),
      status: Option.none(),
      retryAfter: Option.none(),
      shouldRetry: Option.none()
    })
  })
})

describe("a request from the page of a browser", () => {
  afterEach(() => {
    vi.unstubAllGlobals()
  })

  const errorOf = (
    pageOrigin: unknown,
    cause: unknown,
    head?: { readonly status: number; readonly headers: Headers }
  ) => {
    vi.stubGlobal("location", pageOrigin === undefined ? undefined : { origin: pageOrigin })
    return brokenFailure(prepared(), 1, { cause, head }, 0).error
  }

  const refused = new TypeError("Failed to fetch")

  // Chromium, Firefox and Safari.
  for (const words of ["Failed to fetch", "NetworkError when attempting to fetch resource.", "Load failed"]) {
    it(`to another origin that fails with "${words}" may have been refused because of CORS`, () => {
      const error = errorOf("http://localhost:3000", new TypeError(words))
      expect(error).toMatchObject({ reason: "other", sent: "maybe", pageOrigin: "http://localhost:3000" })
      expect(error.message).toBe(
        "things.retrieve: no response was received from http://localhost:1; the server may not allow requests from pages of http://localhost:3000 (CORS)"
      )
    })
  }

  it("that has no origin of its own may have been refused because of CORS", () => {
    expect(errorOf("null", refused)).toMatchObject({ pageOrigin: "null" })
  })

  for (const [what, error] of [
    ["to its own origin", () => errorOf("http://localhost:1", refused)],
    ["that breaks during a response", () => errorOf("http://a.example", refused, { status: 200, headers: {} })],
    [
      "that fails for a reason that Node knows",
      () => errorOf("http://a.example", new TypeError("fetch failed", { cause: { code: "ECONNREFUSED" } }))
    ],
    [
      "that fails for a reason that Bun knows",
      () => errorOf("http://a.example", Object.assign(new TypeError("Unable to connect."), { code: "ECONNREFUSED" }))
    ],
    [
      "that fails while the browser is offline",
      () => {
        vi.stubGlobal("navigator", { onLine: false })
        return errorOf("http://a.example", refused)
      }
    ],
    ["that fails with another error", () => errorOf("http://a.example", new Error("Failed to fetch"))],
    ["that fails with no error", () => errorOf("http://a.example", undefined)],
    ["without an origin", () => errorOf(undefined, refused)],
    ["whose origin is not text", () => errorOf(1, refused)]
  ] as const) {
    it(`${what} does not mention CORS`, () => {
      expect(error()).not.toHaveProperty("pageOrigin")
      expect(error().message).not.toContain("CORS")
    })
  }
})

describe("a connection that breaks", () => {
  const head = { status: 200, headers: { "x-request-id": "one", "x-should-retry": "true" } }

  const code = (code: string) => ({ code })

  it("before a response is a failure without a status", () => {
    expect(brokenFailure(prepared(), 2, { cause: code("ECONNREFUSED"), head: undefined }, 0)).toMatchObject({
      error: {
        _tag: "ConnectionFailed",
        operation: "things.retrieve",
        attempts: 2,
        origin: "http://localhost:1",
        reason: "refused",
        sent: "no",
        code: "ECONNREFUSED"
      },
      status: Option.none(),
      shouldRetry: Option.none()
    })
  })

  it("during a response leaves open whether the request was processed", () => {
    expect(brokenFailure(prepared(), 2, { cause: code("ECONNREFUSED"), head }, 0)).toMatchObject({
      error: { _tag: "ConnectionFailed", reason: "refused", sent: "maybe" },
      status: Option.none()
    })
  })

  const raise = "expected a body of at most 100 bytes: raise maxBodySize"

  for (const [name, cause, reason, message] of [
    ["things.retrieve", bodyTooLarge, "tooLarge", raise],
    ["things.retrieve", code("UND_ERR_RES_EXCEEDED_MAX_SIZE"), "tooLarge", raise],
    ["customers.list", bodyTooLarge, "tooLarge", `${raise}, or request fewer customers per page (limit)`],
    ["things.retrieve", code("Z_BUF_ERROR"), "notJson", "the body ends before its compressed data is complete"],
    ["things.retrieve", code("Z_DATA_ERROR"), "notJson", "expected a body compressed as its content-encoding says"]
  ] as const) {
    it(`by ${cause.code} during a response of ${name} is an InvalidResponse`, () => {
      expect(brokenFailure(prepared({ name }, { maxBodySize: 100 }), 2, { cause, head }, 0)).toMatchObject({
        error: {
          _tag: "InvalidResponse",
          operation: name,
          attempts: 2,
          requestId: "one",
          status: 200,
          reason,
          issues: [{ path: [], message }],
          snippet: ""
        },
        status: Option.some(200),
        shouldRetry: Option.some(true)
      })
    })
  }
})
