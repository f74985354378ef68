import * as HttpClient from "@effect/platform/HttpClient"
import { describe, expect, it } from "@effect/vitest"
import { Emulator } from "@effect-avara/emulator"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import { openClinic, program, TenantKeys, Tenants, UnknownTenant } from "../src/Tenants.js"

/** Tenants over the emulator, with the tenants whose key was read and the key of each request. */
const observedTenants = () => {
  const keys = new Map([
    ["north", `sk_live_${"a".repeat(32)}`],
    ["south", `sk_live_${"b".repeat(32)}`]
  ])
  const asked: Array<string> = []
  const sent: Array<string | undefined> = []
  const keyOf = (tenant: string) =>
    Effect.suspend(() => {
      asked.push(tenant)
      const key = keys.get(tenant)
      return key === undefined ? Effect.fail(new UnknownTenant({ tenant })) : Effect.succeed(Redacted.make(key))
    })
  const observing = Layer.effect(
    HttpClient.HttpClient,
    Effect.map(
      HttpClient.HttpClient,
      HttpClient.mapRequest((request) => {
        sent.push(request.headers["authorization"]?.slice("Bearer sk_live_".length, "Bearer sk_live_".length + 1))
        return request
      })
    )
  )
  const layer = Tenants.Default.pipe(
    Layer.provide(Layer.succeed(TenantKeys, { keyOf })),
    Layer.provide(observing),
    Layer.provide(Emulator.layerHttpClient({}))
  )
  return { asked, keys, layer, sent }
}

describe("tenants", () => {
  it.effect("opens clinics with their tenant's key, which it reads once while it is in use", () => {
    const { asked, layer, sent } = observedTenants()
    return Effect.gen(function* () {
      expect(yield* openClinic("north", "City Medical Center")).toBe(1)
      expect(yield* openClinic("south", "Riverside Imaging")).toBe(2)
      expect(yield* openClinic("north", "Harbor Clinic")).toBe(3)
      expect(sent).toEqual(["a", "a", "b", "b", "a", "a"])
      expect(asked).toEqual(["north", "south"])
      yield* TestClock.adjust("11 minutes")
      yield* openClinic("north", "Lakeside Clinic")
      expect(asked).toEqual(["north", "south", "north"])
    }).pipe(Effect.provide(layer))
  })

  it.effect("fails for a tenant without a key until it has one", () => {
    const { keys, layer, sent } = observedTenants()
    return Effect.gen(function* () {
      expect(yield* Effect.flip(openClinic("west", "Harbor Clinic"))).toEqual(new UnknownTenant({ tenant: "west" }))
      expect(sent).toEqual([])
      keys.set("west", `sk_live_${"c".repeat(32)}`)
      expect(yield* openClinic("west", "Harbor Clinic")).toBe(1)
    }).pipe(Effect.provide(layer))
  })

  it.effect("runs as an example", () =>
    Effect.map(program, (result) => expect(result).toEqual({ north: 1, south: 2, west: "there is no tenant west" }))
  )
})
