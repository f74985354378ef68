import { describe, expect, it } from "@effect/vitest"
import * as Either from "effect/Either"
import * as fc from "effect/FastCheck"
import * as Option from "effect/Option"
import { makeTargets } from "../../src/internal/target.js"

/** Not by `URL.canParse`, which in Node 20 refuses some URLs beyond ASCII once it is hot. */
const parsed = Option.liftThrowable((url: string) => new URL(url))

const address = (url: string) => ({ url, urlParams: [], hash: Option.none() })

const origins = [
  "https://api.avarasoftware.com",
  "http://127.0.0.1:8080",
  "https://API.example.com:443",
  "http://[::1]:80",
  "foo:bar",
  "null"
]

/** What a URL changes, escapes, resolves or takes for something else, among what it leaves alone. */
const segments = [
  ..."/?#%.~-_=&+*'\"<>`{}|\\^@:;, \t\n\u0000aZ0é\uD800",
  "/v1/express",
  "cus_1234",
  "/../",
  "/./",
  "..",
  "%2e%2e",
  "//evil.example",
  "?limit=100&cursor=eyJvZmZzZXQiOjIwfQ%3D%3D",
  "@evil.example",
  ":1"
]

describe("makeTargets", () => {
  it("finds what a URL says, whatever came before", () => {
    const urls = fc
      .tuple(fc.constantFrom(...origins), fc.array(fc.constantFrom(...segments), { maxLength: 8 }))
      .map(([origin, parts]) => origin + parts.join(""))
    fc.assert(
      fc.property(fc.array(urls, { minLength: 1, maxLength: 4 }), (sent) => {
        const targetOf = makeTargets()
        // A known origin first, so that the rest may be found without parsing.
        for (const url of origins.slice(0, 1).concat(sent)) {
          const expected = Option.map(parsed(url), ({ origin, pathname, search }) => ({
            origin,
            path: pathname + search
          }))
          expect(Either.getRight(targetOf(address(url)))).toEqual(expected)
        }
      }),
      // What has no origin says "null" for it.
      { numRuns: 5000, examples: [[["foo:bar", "null/v1/express"]]] }
    )
  })

  it("keeps parameters and ignores the hash", () => {
    const targetOf = makeTargets()
    for (const url of ["https://api.avarasoftware.com/v1", "https://api.avarasoftware.com/v1/express"]) {
      const target = targetOf({ url, urlParams: [["a", "b c"]], hash: Option.some("top") })
      expect(Either.getOrThrow(target)).toEqual({
        origin: "https://api.avarasoftware.com",
        path: `${new URL(url).pathname}?a=b+c`
      })
    }
  })
})
