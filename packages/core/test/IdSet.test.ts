import { setImmediate as nextTurn } from "node:timers/promises"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { describe, expect, it } from "@effect/vitest"
import * as fc from "effect/FastCheck"
import { makeIdSet } from "../src/internal/list/idSet.js"

setFlagsFromString("--expose-gc")

const collectGarbage: () => void = runInNewContext("gc")

/** Buffers are freed concurrently after a collection, and only the next collection counts them as freed. */
const memoryInUse = async () => {
  for (let round = 0; round < 5; round++) {
    collectGarbage()
    await nextTurn()
  }
  return process.memoryUsage()
}

const hex = (value: number, length: number) => value.toString(16).padStart(length, "0").slice(-length)

/** Ids that differ in only one word, so that they collide in the table. */
const documentedId = fc
  .tuple(fc.constantFrom(0, 1, 2, 3), fc.constantFrom(0, 1, 1024, 0x7fffffff, 0x80000000, 0xffffffff))
  .map(([word, value]) => `cus_${[0, 1, 2, 3].map((at) => hex(at === word ? value : 0, 8)).join("")}`)

const zeroId = `cus_${"0".repeat(32)}`

const anyDocumentedId = fc.stringMatching(/^cus_[0-9a-f]{32}$/)

const otherId = fc.oneof(
  fc.constantFrom(zeroId, "", "cus_", "__proto__", "constructor", `usr_${"1".repeat(32)}`, `cus_${"1".repeat(31)}`),
  fc.stringMatching(/^cus_[0-9A-F]{32}$/),
  fc.stringMatching(/^cus_[0-9a-f]{30,34}$/),
  fc.stringMatching(/^cus_[0-9a-f]{31}[g-zG-Z_:@`/-]$/),
  fc.string()
)

const ids = fc.array(fc.oneof(documentedId, anyDocumentedId, otherId), { maxLength: 300 })

/** Returns the expected result of `add` for each id in turn. */
const answersOfSet = (all: ReadonlyArray<string>): ReadonlyArray<boolean> => {
  const set = new Set<string>()
  return all.map((id) => {
    const isNew = !set.has(id)
    set.add(id)
    return isNew
  })
}

const answers = (all: ReadonlyArray<string>): ReadonlyArray<boolean> => {
  const set = makeIdSet()
  return all.map((id) => set.add(id))
}

/** Ids that differ in neither the low nor the high digits alone. */
const idAt = (index: number) => {
  const words = [hex(index, 8), hex(index * 2654435761, 8), "00000000", "ffffffff"]
  const turn = index % 4
  return `cus_${[...words.slice(turn), ...words.slice(0, turn)].join("")}`
}

describe("the set of ids", () => {
  it.prop(
    "behaves like a Set",
    { ids },
    ({ ids }) => {
      const twice = [...ids, ...ids]
      expect(answers(twice)).toEqual(answersOfSet(twice))
    },
    { fastCheck: { numRuns: 500 } }
  )

  it("behaves like a Set while it grows beyond 100,000 ids", () => {
    const all = Array.from({ length: 120_000 }, (_, index) => idAt(index))
    const twice = [...all, ...all]
    expect(answers(twice)).toEqual(answersOfSet(twice))
  })

  it("grows with ids that count up, which are equal in most of their digits", () => {
    const all = Array.from({ length: 100_000 }, (_, index) => `cus_${hex(index + 1, 32)}`)
    expect(answers([...all, ...all.slice(0, 100)])).toEqual(answersOfSet([...all, ...all.slice(0, 100)]))
  })

  it("stores the id of all zeros, which marks a free cell internally", () => {
    expect(answers([zeroId, zeroId, `cus_${hex(1, 32)}`, zeroId])).toEqual([true, false, true, false])
  })

  it("stores at most 50 bytes for an id in the documented format, and not its text", async () => {
    const count = 50_000
    const before = await memoryInUse()
    const set = makeIdSet()
    for (let index = 0; index < count; index++) set.add(idAt(index))
    const after = await memoryInUse()
    expect((after.heapUsed - before.heapUsed) / count).toBeLessThan(20)
    expect((after.arrayBuffers - before.arrayBuffers) / count).toBeLessThan(50)
    expect(set.has(idAt(0))).toBe(true)
  })
})
