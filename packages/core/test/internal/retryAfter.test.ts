import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import { retryAfter } from "../../src/internal/response/retryAfter.js"

const now = Date.UTC(2026, 10, 6, 8, 49, 37)

const millis = (headers: Record<string, string>) =>
  Option.getOrNull(Option.map(retryAfter(headers, now), Duration.toMillis))

describe("the wait that a response asks for", () => {
  for (const [headers, expected] of [
    [{ "retry-after": "7" }, 7000],
    [{ "retry-after": "1.5" }, 1500],
    [{ "retry-after": "0.0001" }, 1],
    [{ "retry-after": "86400" }, 86_400_000],
    [{ "retry-after": "9".repeat(40) }, Number.MAX_SAFE_INTEGER],
    [{ "retry-after": "9".repeat(400) }, Number.MAX_SAFE_INTEGER],
    [{ "retry-after": "Fri, 06 Nov 2026 08:50:37 GMT" }, 60_000],
    [{ "retry-after": "Friday, 06-Nov-26 08:50:37 GMT" }, 60_000],
    [{ "retry-after": "Fri Nov  6 08:50:37 2026" }, 60_000],
    [{ "retry-after-ms": "250" }, 250],
    [{ "retry-after-ms": "250.2" }, 251],
    [{ "retry-after-ms": "250", "retry-after": "7" }, 250],
    [{ "retry-after-ms": "soon", "retry-after": "7" }, 7000],
    [{ "retry-after-ms": "0", "retry-after": "7" }, 7000],
    [{ "retry-after": " 7 " }, 7000],
    [{ "retry-after": "\t7\t" }, 7000],
    [{ "retry-after": " Fri, 06 Nov 2026 08:50:37 GMT " }, 60_000],
    [{ "retry-after-ms": " 250 ", "retry-after": "7" }, 250],
    [{ "retry-after": " " }, null],
    [{ "retry-after": "1 2" }, null],
    [{}, null],
    [{ "retry-after": "" }, null],
    [{ "retry-after": "0" }, null],
    [{ "retry-after": "0.0" }, null],
    [{ "retry-after": "-5" }, null],
    [{ "retry-after": "soon" }, null],
    [{ "retry-after": "5s" }, null],
    [{ "retry-after": "1e3" }, null],
    [{ "retry-after": "0x10" }, null],
    [{ "retry-after": "NaN" }, null],
    [{ "retry-after": "Infinity" }, null],
    [{ "retry-after": "5, 10" }, null],
    [{ "retry-after": "2026-11-06T08:50:37Z" }, null],
    [{ "retry-after": "Fri, 06 Nov 2026 08:49:37 GMT" }, null],
    [{ "retry-after": "Fri, 06 Nov 2020 08:49:37 GMT" }, null],
    [{ "retry-after": "Fri, 99 Nov 2026 08:50:37 GMT" }, null],
    [{ "retry-after": "on Fri, 06 Nov 2026 08:50:37 GMT" }, null],
    [{ "retry-after": "Fri, 06 Nov 2026 8:50:37 GMT" }, null],
    [{ "retry-after": "Fri, 06 Nov 2026 08:50:3 GMT" }, null],
    [{ "retry-after-ms": "-250" }, null]
  ] as ReadonlyArray<readonly [Record<string, string>, number | null]>) {
    it(`of ${JSON.stringify(headers).slice(0, 80)} is ${expected === null ? "none" : `${expected} ms`}`, () => {
      expect(millis(headers)).toBe(expected)
    })
  }

  it("is counted in GMT if a date has no time zone, on a machine in any time zone", () => {
    const before = process.env["TZ"]
    process.env["TZ"] = "America/New_York"
    try {
      expect(millis({ "retry-after": "Fri Nov  6 08:50:37 2026" })).toBe(60_000)
      expect(millis({ "retry-after": "Fri, 06 Nov 2026 08:50:37 GMT" })).toBe(60_000)
    } finally {
      if (before === undefined) delete process.env["TZ"]
      else process.env["TZ"] = before
    }
  })
})
