import { describe, expect, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { type Detail, detailOf as readDetail } from "../../src/internal/response/detail.js"
import { makeRedactor } from "../../src/internal/secrets/redaction.js"

const detailOf = (body: string, sent: ReadonlyArray<string>) =>
  readDetail(
    body,
    makeRedactor("", () => sent)
  )

const nothing: Detail = { issues: [], saysInactive: false, saysUser: false }

const nested = (depth: number) => `${'{"error":'.repeat(depth)}"x"${"}".repeat(depth)}`

describe("the detail of a refusal", () => {
  for (const [what, body, expected] of [
    ["a message", { message: "No." }, { message: "No." }],
    ["an error that is text", { error: "No." }, { message: "No." }],
    ["an error object", { error: { message: "No.", code: "no" } }, { message: "No." }],
    ["an error object before a message", { message: "outer", error: { message: "inner" } }, { message: "inner" }],
    [
      "a problem document",
      { type: "about:blank", title: "Title", detail: "Detail", status: 400 },
      { message: "Detail" }
    ],
    ["only a title", { type: "about:blank", title: "Title" }, { message: "Title" }],
    ["JSON text", "No.", { message: "No." }],
    ["a message and a code, each separately", { message: "It is in", code: "active" }, { message: "It is in" }],
    ["only a code", { code: "customer_inactive" }, { saysInactive: true }],
    ["an error with only a code", { error: { code: "CUSTOMER_NOT_ACTIVE" } }, { saysInactive: true }],
    [
      "a message that says deactivated",
      { message: "This customer is deactivated" },
      { message: "This customer is deactivated", saysInactive: true }
    ],
    [
      "a message that says not active",
      { message: "is not  active" },
      { message: "is not  active", saysInactive: true }
    ],
    [
      "a code that mentions a user",
      { error: { code: "membership_not_found", message: "No." } },
      { message: "No.", saysUser: true, membership: "missing" }
    ],
    [
      "an errors array of texts",
      { errors: ["a", "b"] },
      {
        issues: [
          { path: [], message: "a" },
          { path: [], message: "b" }
        ]
      }
    ],
    [
      "an errors array of objects",
      { errors: [{ field: "expressCustomerName", message: "too short" }] },
      {
        issues: [{ path: ["expressCustomerName"], message: "too short" }]
      }
    ],
    [
      "issues with paths",
      { error: { issues: [{ path: ["metadata", "a", 0, null], message: "too long" }] } },
      {
        issues: [{ path: ["metadata", "a", 0], message: "too long" }]
      }
    ],
    [
      "details with locations",
      { details: [{ loc: ["body", "name"], msg: "field required" }] },
      {
        issues: [{ path: ["body", "name"], message: "field required" }]
      }
    ],
    [
      "issues with the name of a parameter, or a pointer to it",
      {
        errors: [
          { param: "limit", message: "too large" },
          { pointer: "/name", detail: "too short" }
        ]
      },
      {
        issues: [
          { path: ["limit"], message: "too large" },
          { path: ["/name"], message: "too short" }
        ]
      }
    ],
    [
      "issues whose numbers are not indexes",
      { errors: [{ path: [0, 999, 1000, -1, 1.5, "7"], message: "bad" }] },
      { issues: [{ path: [0, 999, "1000", "-1", "1.5", "7"], message: "bad" }] }
    ],
    [
      "the first 10 parts of a path",
      { errors: [{ path: "abcdefghijkl".split(""), message: "bad" }] },
      { issues: [{ path: "abcdefghij".split(""), message: "bad" }] }
    ],
    [
      "issues with some that are unreadable",
      { issues: [null, 1, {}, [], { message: 5 }, { code: "bad" }] },
      { issues: [{ path: [], message: "bad" }] }
    ],
    ["errors that are not an array", { errors: { name: "bad" } }, {}],
    [
      "an issue that says inactive",
      { errors: [{ message: "customer is inactive" }] },
      {
        issues: [{ path: [], message: "customer is inactive" }],
        saysInactive: true
      }
    ],
    ["an empty object", {}, {}],
    ["an empty message", { message: "" }, {}],
    ["a message that is not text", { message: { a: 1 }, error: 5 }, {}],
    ["a list", ["a"], {}],
    ["null", null, {}],
    ["a number", 5, {}],
    ["inherited names", { constructor: { message: "x" } }, {}]
  ] as ReadonlyArray<readonly [string, unknown, Partial<Detail>]>) {
    it(`is read from ${what}`, () =>
      expect(detailOf(JSON.stringify(body), [])).toStrictEqual({ ...nothing, ...expected }))
  }

  for (const [what, body, expected] of [
    ["nothing", "", {}],
    ["white space", " \n ", {}],
    ["text", "The customer is deactivated.\n", { message: "The customer is deactivated.", saysInactive: true }],
    ["text with markup and quotes", "See <docs> [1]", { message: "See <docs> [1]" }],
    ["HTML after white space", " \n<html>403</html>", {}],
    ["HTML", "<html><body><h1>403 Forbidden</h1> inactive user</body></html>", {}],
    ["truncated JSON", '{"message":"The customer is inact', {}],
    ["a truncated list", '[{"message":"The customer', {}],
    ["deeply nested JSON", nested(20_000), {}]
  ] as ReadonlyArray<readonly [string, string, Partial<Detail>]>) {
    it(`is read from a body that is ${what}`, () => expect(detailOf(body, [])).toEqual({ ...nothing, ...expected }))
  }

  it("removes texts that were sent from the message, the issues and their paths", () => {
    const body = {
      message: "Jane Roe is taken",
      errors: [{ path: ["metadata", "secret-key"], message: '"secret-value" is bad' }]
    }
    expect(detailOf(JSON.stringify(body), ["Jane Roe", "secret-key", "secret-value"])).toEqual({
      ...nothing,
      message: "<redacted> is taken",
      issues: [{ path: ["metadata", "<redacted>"], message: '"<redacted>" is bad' }]
    })
  })

  it("does not read the request if the body has no words", () => {
    expect(readDetail("{}", () => expect.fail("made a redactor"))).toStrictEqual(nothing)
  })

  it("has at most 50 issues", () => {
    expect(detailOf(JSON.stringify({ errors: Array.from({ length: 1000 }, String) }), []).issues).toHaveLength(50)
  })

  it.prop("can be read from any JSON", [FastCheck.jsonValue()], ([json]) => {
    expect(detailOf(JSON.stringify(json), []).issues.length).toBeLessThanOrEqual(50)
  })
})
