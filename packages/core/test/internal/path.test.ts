import { describe, expect, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { expandPath, makeTemplate, pathIssues } from "../../src/internal/request/path.js"

const trickyCharacters = FastCheck.constantFrom(
  "/",
  "\\",
  ".",
  "%",
  "2",
  "e",
  "E",
  "f",
  "?",
  "#",
  ";",
  "@",
  ":",
  "\t",
  "\n",
  " ",
  "{",
  "}",
  "$",
  "&",
  "é",
  "\uD800",
  "😀"
)

const anyText = FastCheck.oneof(
  FastCheck.array(trickyCharacters, { maxLength: 8 }).map((characters) => characters.join("")),
  FastCheck.string({ unit: "binary" }),
  FastCheck.array(FastCheck.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  FastCheck.constantFrom(
    "",
    ".",
    "..",
    "%2e",
    "%2e%2e",
    ".%2E",
    "../..",
    "..%2f..",
    "//evil.example",
    "{id}",
    "$&",
    "$1",
    "__proto__"
  )
)

const template = makeTemplate("/v1/express/{id}/users")

describe("a path", () => {
  it.prop("keeps its shape with any parameter, or is rejected", [anyText], ([id]) => {
    const path = { template, params: { id } }
    if (pathIssues(path).length > 0) {
      expect(["", ".", ".."]).toContain(id)
      return
    }
    const url = new URL(`https://api.example/base${expandPath(path)}`)
    const segments = url.pathname.split("/")
    expect([url.origin, url.search, url.hash]).toEqual(["https://api.example", "", ""])
    expect([segments.length, ...segments.slice(0, 4), segments[5]]).toEqual([6, "", "base", "v1", "express", "users"])
    expect(decodeURIComponent(segments[4] ?? "")).toBe(new TextDecoder().decode(new TextEncoder().encode(id)))
  })

  it.prop("keeps its shape with two adjacent parameters, or is rejected", [anyText, anyText], ([a, b]) => {
    const path = { template: makeTemplate("/v1/{a}{b}/end"), params: { a, b } }
    if (pathIssues(path).length > 0) return
    expect(new URL(`https://api.example${expandPath(path)}`).pathname.split("/").length).toBe(4)
  })

  for (const [what, path, expected] of [
    ["a missing parameter", { template, params: {} }, [{ path: ["params", "id"], message: "is required" }]],
    [
      "a missing parameter with the name of an inherited property",
      { template: makeTemplate("/v1/{constructor}"), params: {} },
      [{ path: ["params", "constructor"], message: "is required" }]
    ],
    [
      "an empty parameter",
      { template, params: { id: "" } },
      [{ path: ["params", "id"], message: "expected text that is neither empty nor a dot segment" }]
    ],
    [
      "dot segments",
      { template: makeTemplate("/{a}/{b}"), params: { a: ".", b: ".." } },
      [
        { path: ["params", "a"], message: "expected text that is neither empty nor a dot segment" },
        { path: ["params", "b"], message: "expected text that is neither empty nor a dot segment" }
      ]
    ],
    [
      "a template that does not start at the root",
      { template: makeTemplate("v1/x"), params: {} },
      [{ path: ["path"], message: 'expected text that starts with "/"' }]
    ]
  ] as const) {
    it(`is rejected for ${what}`, () => expect(pathIssues(path)).toEqual(expected))
  }
})
