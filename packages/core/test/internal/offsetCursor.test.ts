import { describe, expect, it } from "@effect/vitest"
import * as fc from "effect/FastCheck"
import * as Option from "effect/Option"
import { encodeOffset, offsetOf } from "../../src/internal/list/offsetCursor.js"

describe("a cursor that is an offset", () => {
  it.prop("is read as the offset that it was created from", [fc.maxSafeNat()], ([offset]) => {
    expect(offsetOf(encodeOffset(offset))).toEqual(Option.some(offset))
  })

  it("has the API's form", () => expect(encodeOffset(20)).toBe("eyJvZmZzZXQiOjIwfQ=="))

  for (const [what, cursor] of [
    ["text", "page 2"],
    ["nothing", ""],
    ["JSON with another shape", btoa("[1]")],
    ["an offset with a sign", btoa('{"offset":-1}')],
    ["an offset with a fraction", btoa('{"offset":1.5}')],
    ["an offset with a leading zero", btoa('{"offset":01}')],
    ["an offset as text", btoa('{"offset":"1"}')],
    ["an offset beyond exact integers", btoa('{"offset":9007199254740993}')],
    ["an offset and something else", btoa('{"offset":1,"limit":2}')],
    ["an offset with white space", btoa('{"offset": 1}')],
    ["an offset after something", btoa(' {"offset":1}')],
    ["an offset without its padding", btoa('{"offset":1}x').slice(0, -1)],
    ["an offset in base64 with white space", ` ${btoa('{"offset":1}')}`]
  ] as const) {
    it(`is not ${what}`, () => expect(offsetOf(cursor)).toEqual(Option.none()))
  }
})
