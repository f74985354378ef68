import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { describe, expect, it } from "@effect/vitest"
import { Pagination } from "@effect-avara/core"
import * as Effect from "effect/Effect"
import * as fc from "effect/FastCheck"
import * as Stream from "effect/Stream"
import { makeTextSet } from "../../src/internal/list/textSet.js"

setFlagsFromString("--expose-gc")

const collectGarbage: () => void = runInNewContext("gc")

describe("the set of texts", () => {
  it.prop("behaves like a Set", { texts: fc.array(fc.string({ maxLength: 4 }), { maxLength: 100 }) }, ({ texts }) => {
    const set = makeTextSet()
    const expected = new Set<string>()
    for (const text of texts) {
      expect(set.add(text)).toBe(!expected.has(text))
      expected.add(text)
    }
  })

  it("distinguishes 300,000 cursors that differ in a few characters", () => {
    const set = makeTextSet()
    for (let offset = 0; offset < 300_000; offset++) {
      const cursor = btoa(JSON.stringify({ offset }))
      if (!set.add(cursor)) expect.fail(`${cursor} was never added`)
    }
  })
})

describe("a list with long cursors", () => {
  it.effect("does not keep them", () =>
    Effect.gen(function* () {
      const pages = 500
      const cursorAt = (page: number) => Buffer.from(`${page} `.padEnd(100_000, "x")).toString()
      const fetch = (cursor: string | undefined) =>
        Effect.sync(() => {
          const page = cursor === undefined ? 0 : Number(cursor.split(" ", 1).join())
          return page === pages
            ? { items: [page], hasMore: false }
            : { items: [page], hasMore: true, cursor: cursorAt(page + 1) }
        })
      collectGarbage()
      const before = process.memoryUsage().heapUsed
      let held = 0
      yield* Stream.runForEach(Pagination.pages(fetch, { operation: "test" }), ({ items }) =>
        Effect.sync(() => {
          if (items[0] !== pages) return
          collectGarbage()
          held = process.memoryUsage().heapUsed - before
        })
      )
      // All of them would take 50 MB.
      expect(held).toBeLessThan(10_000_000)
    })
  )
})
