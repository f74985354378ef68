import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as FastCheck from "effect/FastCheck"
import { readTimestamp } from "../../src/internal/decode/timestamp.js"

/** Reads the same times step by step, with the engine's calendar. */
const slowly = (text: string): number | undefined => {
  const separator = text.search(/[Tt ]/)
  const date = separator === -1 ? text : text.slice(0, separator)
  if (!/^(\d{4}|[+-]\d{6})-\d\d-\d\d$/.test(date) || Number.isNaN(Date.parse(`${date}T00:00Z`))) return undefined
  if (new Date(`${date}T00:00Z`).getUTCDate() !== Number(date.slice(-2))) return undefined
  if (separator === -1) return Date.parse(`${date}T00:00Z`)
  const rest = text
    .slice(separator + 1)
    .replace(",", ".")
    .toUpperCase()
  const zone = rest.search(/[Z+-]/)
  const clock = zone === -1 ? rest : rest.slice(0, zone)
  const offset = zone === -1 ? "Z" : rest.slice(zone)
  if (!/^\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(clock) || !/^(Z|[+-]\d\d(:?\d\d)?)$/.test(offset)) return undefined
  const digits = offset.replace(":", "").padEnd(5, "0")
  const zoned = offset === "Z" ? "Z" : `${digits.slice(0, 3)}:${digits.slice(3)}`
  const [whole = "", fraction = ""] = (clock.length === 5 ? `${clock}:00` : clock).split(".")
  const read = (clock: string) => Date.parse(`${date}T${clock}.${fraction.padEnd(3, "0").slice(0, 3)}${zoned}`)
  const millis = whole.endsWith(":60") ? read(whole.replace(/60$/, "59")) + 1000 : read(whole)
  if (Number.isNaN(millis) || Number.isNaN(new Date(millis).getTime())) return undefined
  return whole.endsWith(":60") && !new Date(millis).toISOString().includes("T00:00:00.") ? undefined : millis
}

const digits = (from: number, to: number) =>
  FastCheck.integer({ min: from, max: to }).map((number) => String(number).padStart(2, "0"))

const years = FastCheck.oneof(
  FastCheck.integer({ min: 0, max: 9999 }).map((year) => String(year).padStart(4, "0")),
  FastCheck.integer({ min: 0, max: 280_000 }).map((year) => `+${String(year).padStart(6, "0")}`),
  FastCheck.integer({ min: 0, max: 280_000 }).map((year) => `-${String(year).padStart(6, "0")}`),
  FastCheck.constantFrom("1600", "1900", "1970", "2000", "2023", "2024", "024", "20244")
)

const clocks = FastCheck.oneof(
  FastCheck.tuple(digits(0, 24), digits(0, 60), digits(0, 61)).map((parts) => parts.join(":")),
  FastCheck.tuple(digits(0, 24), digits(0, 60)).map((parts) => parts.join(":")),
  FastCheck.constantFrom("24:00:00", "23:59:60", "15:59:60", "24:00:01", "9:00:00", "09", "")
)

const fractions = FastCheck.oneof(
  FastCheck.constant(""),
  FastCheck.tuple(FastCheck.constantFrom(".", ","), FastCheck.stringMatching(/^\d{0,12}$/)).map((parts) =>
    parts.join("")
  )
)

const offsets = FastCheck.oneof(
  FastCheck.constantFrom("Z", "z", "", "+00", "-00:00", "-08:00", "+0000", "UTC", "+1", "+01:0", " +00:00"),
  FastCheck.tuple(
    FastCheck.constantFrom("+", "-"),
    digits(0, 25),
    FastCheck.constantFrom("", ":"),
    FastCheck.oneof(FastCheck.constant(""), digits(0, 61))
  ).map((parts) => parts.join(""))
)

const dateTimes = FastCheck.tuple(
  years,
  digits(0, 13),
  digits(0, 32),
  FastCheck.oneof(
    { weight: 1, arbitrary: FastCheck.constant("") },
    {
      weight: 9,
      arbitrary: FastCheck.tuple(FastCheck.constantFrom("T", "t", " ", "_", ""), clocks, fractions, offsets).map(
        (parts) => parts.join("")
      )
    }
  )
).map(([year, month, day, rest]) => `${year}-${month}-${day}${rest}`)

describe("readTimestamp", () => {
  it("reads the same as a slow reader with the engine's calendar", () => {
    let read = 0
    FastCheck.assert(
      FastCheck.property(FastCheck.oneof({ weight: 19, arbitrary: dateTimes }, FastCheck.string()), (text) => {
        const time = readTimestamp(text)
        const millis = slowly(text)
        expect(time).toStrictEqual(millis === undefined ? undefined : DateTime.unsafeMake(millis))
        if (time !== undefined) read += 1
      }),
      { numRuns: 5000 }
    )
    expect(read).toBeGreaterThan(300)
  })
})
