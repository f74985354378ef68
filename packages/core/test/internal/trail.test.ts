import { describe, expect, it } from "@effect/vitest"
import { type EarlierTrail, makeTrail } from "../../src/internal/list/trail.js"

const pageOf = (...items: ReadonlyArray<string>) => ({ items, hasMore: true })

const trailOf = (earlier?: EarlierTrail) => makeTrail((item: string) => item, earlier)

describe("the trail of a walk", () => {
  it("is empty before the first item, and no page continues it", () => {
    const trail = trailOf()
    expect(trail.isEmpty()).toBe(true)
    expect(trail.isLast(undefined)).toBe(false)
    expect(trail.jointOf(pageOf("a", "b"))).toBe(-1)
    expect(trail.jointOf(pageOf())).toBe(-1)
    trail.extend(pageOf(), -1)
    expect(trail.isEmpty()).toBe(true)
  })

  it("ends with the last item of the added page, and keeps it after an empty page", () => {
    const trail = trailOf()
    expect(trail.extend(pageOf("a", "b"), -1)).toEqual(["a", "b"])
    trail.extend(pageOf(), -1)
    expect([trail.isEmpty(), trail.isLast("a"), trail.isLast("b")]).toEqual([false, false, true])
  })

  it("is continued by a page that begins with one of its items, or contains its last one", () => {
    const trail = trailOf()
    trail.extend(pageOf("a", "b", "c"), -1)
    expect(trail.jointOf(pageOf("b", "c", "d"))).toBe(0)
    expect(trail.jointOf(pageOf("x", "c", "d"))).toBe(1)
    expect(trail.jointOf(pageOf("x", "b", "d"))).toBe(-1)
  })

  it("returns the new items, and treats those before the joint as read", () => {
    const trail = trailOf()
    trail.extend(pageOf("a", "b", "c"), -1)
    expect(trail.extend(pageOf("x", "c", "b", "d"), 1)).toEqual(["d"])
    expect(trail.jointOf(pageOf("x"))).toBe(0)
    expect(trail.extend(pageOf("d", "x", "e", "e"), 0)).toEqual(["e"])
  })

  it("continues an earlier walk", () => {
    const trail = trailOf({ after: "c", seen: ["a", "b"] })
    expect([trail.isEmpty(), trail.isLast("c")]).toEqual([false, true])
    expect(["a", "b", "c", "d"].map((item) => trail.jointOf(pageOf(item)))).toEqual([0, 0, 0, -1])
    expect(trail.extend(pageOf("b", "c", "d"), 0)).toEqual(["d"])
    const alone = trailOf({ after: "c" })
    expect(["a", "c"].map((item) => alone.jointOf(pageOf(item)))).toEqual([-1, 0])
  })
})
