/** A service with an API key for each tenant: one client per tenant, all over the same connections. */
import { Avara, Customers, RateLimiter } from "@effect-avara/core"
import { Emulator } from "@effect-avara/emulator"
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as LayerMap from "effect/LayerMap"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"

export class UnknownTenant extends Data.TaggedError("UnknownTenant")<{ readonly tenant: string }> {
  override get message(): string {
    return `there is no tenant ${this.tenant}`
  }
}

/** The store of the tenants' keys, such as a vault or a table. */
export class TenantKeys extends Context.Tag("app/TenantKeys")<
  TenantKeys,
  { readonly keyOf: (tenant: string) => Effect.Effect<Redacted.Redacted, UnknownTenant> }
>() {}

/** A client with its own limiter and retry budget, so that one tenant's trouble does not slow the others. */
const clientOf = (tenant: string) =>
  TenantKeys.pipe(
    Effect.flatMap(({ keyOf }) => keyOf(tenant)),
    Effect.map((apiKey) => Layer.provide(Avara.layer({ apiKey }), RateLimiter.layer({ concurrency: 4 }))),
    Layer.unwrapEffect
  )

/** Creates a tenant's client when it is first needed, and closes it after ten idle minutes. */
export class Tenants extends LayerMap.Service<Tenants>()("app/Tenants", {
  lookup: clientOf,
  idleTimeToLive: "10 minutes"
}) {}

/** The client of a tenant. A failure, such as a missing key, is not cached. */
const tenantLayer = (tenant: string) => Layer.tapErrorCause(Tenants.get(tenant), () => Tenants.invalidate(tenant))

/** Opens a clinic, and returns how many customers the tenant has now. */
export const openClinic = (tenant: string, expressCustomerName: string) =>
  Effect.gen(function* () {
    const customers = yield* Customers
    yield* customers.create({ expressCustomerName })
    return yield* Stream.runCount(customers.stream())
  }).pipe(Effect.provide(tenantLayer(tenant)))

const emulatedKeys = new Map([
  ["north", Redacted.make(`sk_live_${"a".repeat(32)}`)],
  ["south", Redacted.make(`sk_live_${"b".repeat(32)}`)]
])

/** Serves two tenants from an emulator in this process, which has one list of customers for all keys. */
export const program = Effect.gen(function* () {
  const north = yield* openClinic("north", "City Medical Center")
  const south = yield* openClinic("south", "Riverside Imaging")
  const west = yield* openClinic("west", "Harbor Clinic").pipe(
    Effect.catchTag("UnknownTenant", ({ message }) => Effect.succeed(message))
  )
  return { north, south, west }
}).pipe(
  Effect.provide(
    Tenants.Default.pipe(
      Layer.provide(
        Layer.succeed(TenantKeys, {
          keyOf: (tenant) =>
            Effect.mapError(Option.fromNullable(emulatedKeys.get(tenant)), () => new UnknownTenant({ tenant }))
        })
      ),
      Layer.provide(Emulator.layerHttpClient({}))
    )
  )
)
