import { describe, expect, it } from "@effect/vitest"
import * as Either from "effect/Either"
import { nextTick } from "../../src/internal/store/cron.js"

const ticks = (cron: string, zone: string, from: string, count: number): ReadonlyArray<string> => {
  const found: Array<string> = []
  for (let at = Date.parse(from); found.length < count; ) {
    at = Either.getOrThrow(nextTick(cron, zone, at))
    found.push(new Date(at).toISOString().slice(0, 16))
  }
  return found
}

describe("ticks", () => {
  for (const [what, cron, zone, from, ...expected] of [
    ["a night in summer and one in winter", "0 2 * * *", "UTC", "2026-03-07", "2026-03-07T02:00", "2026-03-08T02:00"],
    ["an offset", "0 2 * * *", "+02:00", "2026-03-07", "2026-03-08T00:00", "2026-03-09T00:00"],
    ["a day of the week", "0 2 * * MON", "UTC", "2026-03-07", "2026-03-09T02:00", "2026-03-16T02:00"],
    [
      "an hour that daylight saving time skips",
      "30 2 * * *",
      "America/New_York",
      "2026-03-07T12:00Z",
      "2026-03-08T07:30",
      "2026-03-09T06:30"
    ],
    [
      "an hour that occurs twice",
      "30 1 * * *",
      "America/New_York",
      "2026-10-31T12:00Z",
      "2026-11-01T05:30",
      "2026-11-02T06:30"
    ],
    [
      "from within the second occurrence of an hour",
      "*/30 * * * *",
      "America/New_York",
      "2026-11-01T06:15Z",
      "2026-11-01T07:00",
      "2026-11-01T07:30"
    ]
  ] as const) {
    it(what, () => expect(ticks(cron, zone, from, expected.length)).toEqual(expected))
  }

  for (const [cron, zone, problem] of [
    ["0 2 * *", "UTC", /^cron: expected the 5 fields minute, hour, .* "0 2 \* \* \*"/],
    ["", "UTC", /^cron: expected the 5 fields/],
    ["@daily", "UTC", /^cron: expected the 5 fields/],
    ["0 25 * * *", "UTC", /^cron, hour: expected a value between 0 and 23$/],
    ["0 0 25 * * *", "UTC", /^cron, hour: /],
    ["*/0 * * * *", "UTC", /^cron, minute: expected step value/],
    ["0 2 * * XYZ", "UTC", /^cron, day of the week: /],
    ["0 2 31 2 *", "UTC", /^cron: expected an expression that matches a date/],
    [`0 2 * * ${"1,".repeat(200)}1`, "UTC", /^cron: expected at most 200 characters/],
    ["0 2 * * *", "Europe/Nowhere", /^zone: expected .*"Europe\/Berlin"/],
    ["0 2 * * *", "", /^zone: /]
  ] as const) {
    it(`${cron.slice(0, 20)} in ${zone}`, () =>
      expect(Either.flip(nextTick(cron, zone, 0))).toEqual(Either.right(expect.stringMatching(problem))))
  }
})
