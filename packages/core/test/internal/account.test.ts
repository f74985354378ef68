import * as Either from "effect/Either"
import * as Redacted from "effect/Redacted"
import { describe, expect, it } from "vitest"
import { makeAccounts } from "../../src/internal/settings/account.js"
import { resolve } from "../../src/internal/settings/options.js"
import { key } from "../support.js"

const accountsOf = () => makeAccounts(Either.getOrThrow(resolve({ apiKey: Redacted.make(key) })))

describe("makeAccounts", () => {
  it("finds one account for a key and a base URL, however they are written", () => {
    const accountOf = accountsOf()
    const north = { apiKey: Redacted.make("north"), baseUrl: "https://north.example.com" }
    expect(accountOf({ apiKey: Redacted.make("north"), baseUrl: "https://NORTH.example.com/" })).toBe(accountOf(north))
    expect(accountOf({ ...north, baseUrl: undefined })).not.toBe(accountOf(north))
    expect(accountOf({ ...north, apiKey: Redacted.make("south") })).not.toBe(accountOf(north))
    expect(accountOf({ apiKey: Redacted.make(key) })).toBe(accountOf({}))
  })

  it("keeps the 1,000 most recently used accounts, and that of the client", () => {
    const accountOf = accountsOf()
    const named = (name: string) => accountOf({ apiKey: Redacted.make(name) })
    const others = (count: number) => {
      for (let other = 0; other < count; other++) named(`other-${other}`)
    }
    const [own, north] = [accountOf({}), named("north")]
    others(999)
    expect(named("north")).toBe(north)
    others(1000)
    expect(named("north")).not.toBe(north)
    expect(accountOf({})).toBe(own)
  })
})
