import { createHash } from "node:crypto"
import { describe, expect, it } from "@effect/vitest"
import { Customer, type CustomerEncoded, MetadataParams } from "@effect-avara/core/Customer"
import * as Schema from "effect/Schema"
import * as Generator from "../src/Generator.js"

const generated = Array.from({ length: 2000 }, (_, index) => Generator.generate(1, index))

describe("Generator", () => {
  it("generates the same customers for the same seed in every version", () => {
    expect(Array.from({ length: 2000 }, (_, index) => Generator.generate(1, index))).toEqual(generated)
    const hash = createHash("sha256")
      .update(JSON.stringify(generated.slice(0, 100)))
      .digest("hex")
    expect(hash).toBe("74e0c9fb60ad3eb78773a7be5fc3b83848f36241b3c16c14d0bef671c4e8a2a9")
  })

  it("generates different customers for different seeds", () => {
    const seeds = [0, 1, 2, 2 ** 31, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER]
    expect(new Set(seeds.map((seed) => Generator.customerId(seed, 5))).size).toBe(seeds.length)
  })

  it("generates valid, consistent and varied customers", () => {
    const customers = generated.map(({ customer }) => customer)
    const decode = Schema.decodeUnknownSync(Customer)
    const isMetadata = Schema.is(MetadataParams)
    for (const { customer, userIds } of generated) {
      decode(customer)
      expect(customer.expressCustomerId).toMatch(/^cus_[0-9a-f]{32}$/)
      expect(customer.createdAt).not.toBeNull()
      expect(new Set(userIds).size).toBe(customer.userCount)
      expect(customer.metadata === undefined || isMetadata(customer.metadata)).toBe(true)
    }
    expect(new Set(customers.map((customer) => customer.expressCustomerId)).size).toBe(customers.length)
    const share = (predicate: (customer: CustomerEncoded) => boolean) =>
      customers.filter(predicate).length / customers.length
    expect(share((customer) => !customer.isActive)).toBeCloseTo(1 / 7, 1)
    expect(share((customer) => customer.createdByUserId === null)).toBeGreaterThan(0.3)
    expect(share((customer) => typeof customer.createdByUserId === "string")).toBeGreaterThan(0.1)
    expect(share((customer) => !("createdByUserId" in customer))).toBeGreaterThan(0.05)
    expect(share((customer) => customer.metadata === undefined)).toBeGreaterThan(0.2)
    expect(share((customer) => customer.updatedAt === null)).toBeGreaterThan(0.01)
    expect(share((customer) => customer.userCount > 0)).toBeGreaterThan(0.3)
  })

  it("repeats no id in 300,000 customers", () => {
    const ids = new Set<string>()
    for (let index = 0; index < 300_000; index++) ids.add(Generator.customerId(1, index))
    expect(ids.size).toBe(300_000)
  })
})
