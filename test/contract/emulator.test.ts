import { describe, expect, it } from "@effect/vitest"
import { Avara, type AvaraError, Customers, CustomerUsers } from "@effect-avara/core"
import { Emulator } from "@effect-avara/emulator"
import { NodeAvara } from "@effect-avara/node"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { collect, key, userId } from "../../packages/core/test/support.js"

const apiKey = Redacted.make(key)

type Transport = (
  options: Emulator.StoreOptions,
  key?: Redacted.Redacted
) => Layer.Layer<Avara.Services | Emulator.Emulator>

const overSocket: Transport = (options, key = apiKey) =>
  Layer.unwrapEffect(Effect.map(Emulator.Emulator, ({ url }) => NodeAvara.layer({ apiKey: key, baseUrl: url }))).pipe(
    Layer.provideMerge(Emulator.layer(options)),
    Layer.orDie
  )

const inProcess: Transport = (options, key = apiKey) =>
  Avara.layer({ apiKey: key }).pipe(Layer.provideMerge(Emulator.layerHttpClient(options)), Layer.orDie)

const missing = `cus_${"f".repeat(32)}`

for (const [name, transport] of [
  ["over a socket", overSocket],
  ["in-process", inProcess]
] as const) {
  describe(`the emulator ${name}`, () => {
    it.live("runs a customer through its full life cycle", () =>
      Effect.gen(function* () {
        const emulator = yield* Emulator.Emulator
        const customers = yield* Customers
        const users = yield* CustomerUsers

        const created = yield* customers.create({
          expressCustomerName: "City Medical Center",
          metadata: { region: "northeast", __proto__x: "y" }
        })
        const id = created.expressCustomerId
        expect(created).toMatchObject({
          expressCustomerName: "City Medical Center",
          isActive: true,
          userCount: 0,
          createdByUserId: null,
          metadata: { region: "northeast", __proto__x: "y" }
        })
        expect(DateTime.isDateTime(created.createdAt)).toBe(true)
        expect(yield* customers.retrieve(id)).toEqual(created)
        expect(yield* customers.retrieveActive(id)).toEqual(created)

        const renamed = yield* customers.update(id, { expressCustomerName: "東京中央" })
        expect([renamed.expressCustomerName, renamed.metadata]).toEqual(["東京中央", created.metadata])
        const cleared = yield* customers.update(id, { metadata: null })
        expect([cleared.expressCustomerName, cleared.metadata]).toEqual(["東京中央", undefined])

        expect((yield* users.add(id, userId)).success).toBe(true)
        expect((yield* customers.retrieve(id)).userCount).toBe(1)
        expect(yield* Effect.flip(users.add(id, userId))).toMatchObject({ _tag: "Conflict", operation: "users.add" })
        expect((yield* users.remove(id, userId)).success).toBe(true)
        expect(yield* Effect.flip(users.remove(id, userId))).toMatchObject({
          _tag: "NotFound",
          resource: "user",
          id: userId
        })

        expect((yield* customers.deactivate(id)).isActive).toBe(false)
        expect(yield* Effect.flip(users.add(id, userId))).toMatchObject({ _tag: "Inactive", id })
        expect(yield* Effect.flip(customers.retrieveActive(id))).toMatchObject({ _tag: "Inactive", id })
        expect((yield* customers.reactivate(id)).isActive).toBe(true)
        expect((yield* users.add(id, userId)).success).toBe(true)

        expect(yield* emulator.customers).toEqual([yield* customers.retrieve(id)])
      }).pipe(Effect.provide(transport({})))
    )

    it.live("does not find a customer with an unknown id, in any operation", () =>
      Effect.gen(function* () {
        const customers = yield* Customers
        const users = yield* CustomerUsers
        const calls: ReadonlyArray<Effect.Effect<unknown, AvaraError>> = [
          customers.retrieve(missing),
          customers.update(missing, {}),
          customers.deactivate(missing),
          customers.reactivate(missing),
          users.add(missing, userId),
          users.remove(missing, userId)
        ]
        for (const call of calls) {
          expect(yield* Effect.flip(call)).toMatchObject({ _tag: "NotFound", resource: "customer", id: missing })
        }
      }).pipe(Effect.provide(transport({})))
    )

    it.live("lists its customers page by page, and a stream continues from a page's cursor", () =>
      Effect.gen(function* () {
        const emulator = yield* Emulator.Emulator
        const customers = yield* Customers
        const all = yield* emulator.customers
        const first = yield* customers.list()
        const second = yield* customers.list({ cursor: first.cursor, limit: 3 })
        expect([first.expressCustomers.length, first.hasMore, second.expressCustomers.length, second.hasMore]).toEqual([
          20,
          true,
          3,
          true
        ])
        expect([...first.expressCustomers, ...second.expressCustomers]).toEqual(all.slice(0, 23))
        expect(yield* collect(customers.stream({ cursor: second.cursor, limit: 7 }))).toEqual(all.slice(23))
        const sizes = yield* collect(Stream.map(customers.pages({ limit: 20 }), (page) => page.expressCustomers.length))
        expect(sizes).toEqual([20, 20, 10])
      }).pipe(Effect.provide(transport({ customers: 50 })))
    )

    it.live("refuses another key", () =>
      Effect.gen(function* () {
        const customers = yield* Customers
        expect(yield* Effect.flip(customers.list())).toMatchObject({
          _tag: "Unauthorized",
          operation: "customers.list"
        })
      }).pipe(Effect.provide(transport({ apiKey: Redacted.make("another") })))
    )

    it.live("lists nothing while it is empty", () =>
      Effect.gen(function* () {
        const customers = yield* Customers
        expect(yield* collect(customers.stream())).toEqual([])
      }).pipe(Effect.provide(transport({})))
    )
  })
}

describe("an export over a socket", () => {
  it.live("of 10,000 customers equals the emulator's table, id for id", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator.Emulator
      const customers = yield* Customers
      const exported = yield* collect(Stream.map(customers.stream(), ({ expressCustomerId }) => expressCustomerId))
      const stored = (yield* emulator.customers).map(({ expressCustomerId }) => expressCustomerId)
      expect(stored).toHaveLength(10_000)
      expect(exported).toEqual(stored)
    }).pipe(Effect.provide(overSocket({ customers: 10_000 })))
  )
})
