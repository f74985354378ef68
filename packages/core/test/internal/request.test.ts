import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as fc from "effect/FastCheck"
import * as Redacted from "effect/Redacted"
import { callIssues } from "../../src/internal/request/issues.js"
import { makeTemplate } from "../../src/internal/request/path.js"
import type { CallOptions, Options } from "../../src/internal/settings/clientOptions.js"
import { key } from "../support.js"
import { type AnyOperation, clientOf, operationOf, prepared, prepareWith } from "./prepared.js"

const span = Effect.runSync(Effect.makeSpan("call"))

const nested = (depth: number): unknown => JSON.parse("[".repeat(depth) + "]".repeat(depth))

describe("a request", () => {
  for (const [what, own, options, call, url] of [
    ["its parameters", {}, {}, {}, "/v1/things/a%20b"],
    ["a query", { query: { limit: "5", name: "a&b" } }, {}, {}, "/v1/things/a%20b?limit=5&name=a%26b"],
    ["what repeats", { query: { "a b": ["1", "2"] } }, {}, {}, "/v1/things/a%20b?a%20b=1&a%20b=2"],
    ["no absent parameters", { query: { a: undefined, b: null, c: [] } }, {}, {}, "/v1/things/a%20b"],
    [
      "its own query, which overrides that of the call, which overrides that of the client",
      { query: { c: "3" } },
      { query: { a: "1", b: "1", c: "1" } },
      { query: { b: "2", c: "2" } },
      "/v1/things/a%20b?a=1&b=2&c=3"
    ],
    ["no parameters that the call removes", {}, { query: { a: "1" } }, { query: { a: null } }, "/v1/things/a%20b"]
  ] as ReadonlyArray<readonly [string, Partial<AnyOperation>, Partial<Options>, CallOptions, string]>) {
    it(`has a URL with ${what}`, () => {
      const { origin, path } = prepared(own, options, call).request
      expect([origin, path]).toEqual(["http://localhost:1", `/base${url}`])
    })
  }

  it.prop(
    "has the path of the parsed URL, for any parameters and query",
    [
      fc.constantFrom(
        "/v1/things/{id}",
        "/v1/~a_b-c/{id}/users",
        "/v1/a.b/../{id}",
        '/v1/a b"é/{id}',
        "//x/{id}",
        "/{id}.",
        "/v1/{a/{id}}"
      ),
      fc.string({ unit: "binary", minLength: 1 }).filter((id) => id !== "." && id !== ".."),
      fc.dictionary(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), { maxKeys: 3, noNullPrototype: true })
    ],
    ([text, id, query]) => {
      const { path } = prepared({ path: { template: makeTemplate(text), params: { id } }, query }).request
      const { pathname, search } = new URL(`http://localhost:1${path}`)
      // A URL escapes an apostrophe in a query, which has the same meaning.
      expect(pathname + search).toBe(path.replace(/\?.*$/, (search) => search.replaceAll("'", "%27")))
    }
  )

  const userAgent = expect.stringMatching(/^effect-avara\//)

  for (const [what, own, options, call, headers] of [
    ["its own headers", {}, {}, {}, {}],
    ["the type of its body", { method: "POST", body: {} }, {}, {}, { "content-type": "application/json" }],
    [
      "the client's headers",
      {},
      { headers: { "X-A": "1", "User-Agent": "mine" } },
      {},
      { "x-a": "1", "user-agent": "mine" }
    ],
    [
      "the call's headers, which override them",
      {},
      { headers: { "x-a": "1", "x-b": "1" } },
      { headers: { "X-A": "2" } },
      { "x-a": "2", "x-b": "1" }
    ],
    [
      "no headers that the call removes",
      {},
      { headers: { "x-a": "1", "x-b": "1" } },
      { headers: { "X-A": null } },
      { "x-b": "1" }
    ],
    ["no idempotency key if it can be sent twice", {}, { idempotencyHeader: "idempotency-key" }, {}, {}],
    ["no idempotency key if no header is named", { replay: "unsafe" }, {}, {}, {}],
    [
      "an idempotency key if it cannot be sent twice",
      { replay: "unsafe" },
      { idempotencyHeader: "Idempotency-Key" },
      {},
      { "idempotency-key": expect.stringMatching(/^[0-9a-f-]{36}$/) }
    ]
  ] as ReadonlyArray<readonly [string, Partial<AnyOperation>, Partial<Options>, CallOptions, object]>) {
    it(`has ${what}`, () => {
      expect(prepared(own, options, call).request.headers).toEqual({
        accept: "application/json",
        "user-agent": userAgent,
        authorization: `Bearer ${key}`,
        ...headers
      })
    })
  }

  it("has a different idempotency key from the next one", () => {
    const header = () => prepared({ replay: "unsafe" }, { idempotencyHeader: "x-key" }).request.headers["x-key"]
    expect(header()).not.toBe(header())
  })

  it("sends its span only if the client propagates traces, and there is a span", () => {
    const names = (tracePropagation: boolean, given: typeof span | undefined) =>
      Object.keys(prepared({}, { tracePropagation }, {}, given).request.headers)
    expect(names(true, span)).toEqual(expect.arrayContaining(["traceparent", "b3"]))
    expect(names(false, span)).not.toContain("traceparent")
    expect(names(true, undefined)).not.toContain("traceparent")
  })

  it("has the names of the call's headers, the origin, and the largest body", () => {
    const { request } = prepared(
      {},
      { headers: { "x-a": "1" }, maxBodySize: 77 },
      { headers: { "X-B": "2" }, baseUrl: "https://example.com/deep" }
    )
    expect(request).toMatchObject({
      method: "GET",
      origin: "https://example.com",
      body: undefined,
      secretHeaders: ["x-b"],
      maxBodySize: 77
    })
  })

  for (const [replay, idempotencyHeader, expected] of [
    ["safe", undefined, true],
    ["unsafe", undefined, false],
    ["unsafe", "x-key", true]
  ] as const) {
    it(`that is ${replay}, with the idempotency header ${idempotencyHeader}, can be sent again: ${expected}`, () => {
      expect(prepared({ replay }, { idempotencyHeader }).isReplayable).toBe(expected)
    })
  }

  for (const [what, body, extra, expected] of [
    ["its own", { a: 1 }, undefined, '{"a":1}'],
    ["its own fields and those of the call", { a: 1 }, { b: 2 }, '{"a":1,"b":2}'],
    ["only the fields of the call", undefined, { b: 2 }, '{"b":2}'],
    ["the fields of the call in place of a value that is not an object", [1], { b: 2 }, '{"b":2}'],
    ["the result of `toJSON`", { a: { toJSON: () => "b" } }, undefined, '{"a":"b"}'],
    ["the allowed number of levels", nested(1000), undefined, "[".repeat(1000) + "]".repeat(1000)],
    ["a long text", "a".repeat(3000), undefined, `"${"a".repeat(3000)}"`]
  ] as const) {
    it(`has a body: ${what}`, () => expect(prepared({ body }, {}, { body: extra }).request.body).toBe(expected))
  }

  for (const [what, body] of [
    ["a function", () => 1],
    ["an integer of any size", { a: 1n }],
    ["more levels than allowed", nested(1001)]
  ] as const) {
    it(`is not created from ${what}`, () => {
      expect(Either.flip(prepareWith({ body }))).toMatchObject(
        Either.right({
          _tag: "Validation",
          operation: "things.retrieve",
          attempts: 0,
          source: "client",
          issues: [
            {
              path: ["body"],
              message: "expected a value that JSON can hold, of at most 1000 levels of objects and arrays"
            }
          ]
        })
      )
    })
  }

  it("removes all its texts from the server's words, except the page limit", () => {
    const { redactor } = prepared(
      { query: { limit: "tremendous", name: "alexander" }, body: { a: { toJSON: () => "margaret" } } },
      { headers: { "x-a": Redacted.make("florence") }, query: { more: ["josephine", "theodore"] } },
      { headers: { "x-b": "katherine" } }
    )
    const words = redactor().words(
      "tremendous alexander, margaret, florence, josephine, theodore, katherine, and nobody"
    )
    expect(words).toBe("tremendous <redacted>, and nobody")
  })
})

describe("the issues of a call", () => {
  const issuesOf = (own: Partial<AnyOperation>, options: CallOptions) =>
    callIssues(clientOf(), operationOf(own), options).map(({ message, path }) => `${path.join(".")}: ${message}`)

  const noObject = "body: the request has no JSON object to extend: use query, or leave out body"

  const add = (method: AnyOperation["method"], body: unknown, extra: CallOptions["body"]) =>
    issuesOf({ method, body }, { body: extra })

  it("are empty if everything is valid", () => {
    expect(issuesOf({ method: "POST", body: { a: 1 }, query: { b: null } }, { body: { c: 1 } })).toEqual([])
  })

  it("are those of its path, its query, its options and its extra body fields, in this order", () => {
    const path = { ...operationOf().path, params: { id: ".." } }
    const issues = issuesOf({ path, query: Object({ a: 1 }) }, { validation: Object("no"), body: { a: 1 } })
    expect(issues.map((issue) => issue.split(":")[0])).toEqual(["params.id", "query.a", "validation", "body"])
  })

  for (const method of ["GET", "DELETE"] as const) {
    it(`include extra body fields of a ${method}, unless it has a body`, () => {
      expect(add(method, undefined, { a: 1 })).toEqual([noObject])
      expect(add(method, { b: 1 }, { a: 1 })).toEqual([])
    })
  }

  for (const method of ["POST", "PUT", "PATCH"] as const) {
    it(`include extra body fields of a ${method} if its body is not an object`, () => {
      expect(add(method, undefined, { a: 1 })).toEqual([])
      expect(add(method, [1], { a: 1 })).toEqual([noObject])
    })
  }

  it("include extra body fields that are not an object", () => {
    expect(add("POST", {}, Object([]))).toEqual(["body: expected an object of names and values"])
  })

  it("include a field that the call sets itself, but not one that it leaves undefined", () => {
    expect(add("POST", { a: 1, b: undefined }, { a: 2, b: 2, toString: 1 })).toEqual([
      "body.a: is set by the call itself: pass it to the call instead"
    ])
  })

  it("include a name or a value that would change the whole body", () => {
    expect(add("POST", undefined, { ...JSON.parse('{"__proto__":1}'), toJSON: () => 1 })).toEqual([
      "body.__proto__: is not allowed as a name",
      "body.toJSON: expected a value that JSON can hold"
    ])
  })
})
