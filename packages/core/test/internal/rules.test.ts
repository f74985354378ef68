import { describe, expect, it } from "@effect/vitest"
import { type AvaraError, Forbidden, ServerError, UnexpectedStatus, Validation } from "@effect-avara/core"
import * as fc from "effect/FastCheck"
import type { FetchedPage } from "../../src/internal/list/page.js"
import {
  breachOf,
  broken,
  failureAt,
  firstPlace,
  nextPlace,
  type Place,
  type WalkLimits,
  withoutRepeated
} from "../../src/internal/list/rules.js"

const items = fc.array(fc.string(), { maxLength: 3 })

const cursor = fc.string({ minLength: 1 })

const place: fc.Arbitrary<Place> = fc.record({
  cursor: fc.option(cursor, { nil: undefined }),
  page: fc.integer({ min: 1, max: 1000 }),
  seen: fc.nat(),
  emptyPages: fc.nat(100)
})

const page: fc.Arbitrary<FetchedPage<string>> = fc.record(
  {
    items,
    hasMore: fc.boolean(),
    cursor: fc.string({ maxLength: 1 }),
    overlap: fc.constantFrom("proven" as const, "shiftedList" as const, "unverifiable" as const)
  },
  { requiredKeys: ["items", "hasMore"] }
)

const breach = (
  change: Partial<FetchedPage<string>> = {},
  at: Partial<Place> = {},
  limits: WalkLimits = {},
  isRepeated = false
) =>
  breachOf(
    { items: ["a"], hasMore: true, cursor: "2", ...change },
    { ...firstPlace(undefined), ...at },
    isRepeated,
    limits
  )

describe("the place in a list", () => {
  it("is the first page, with nothing before it", () =>
    expect(firstPlace("c")).toEqual({ cursor: "c", page: 1, seen: 0, emptyPages: 0 }))

  it.prop("moves to the cursor of a page that has more", [place, items, cursor], ([place, items, cursor]) => {
    const next = nextPlace(place, { items, hasMore: true, cursor })
    expect(next).toEqual({
      cursor,
      page: place.page + 1,
      seen: place.seen + items.length,
      emptyPages: items.length > 0 ? 0 : place.emptyPages + 1
    })
  })

  it.prop("has no next place after the last page, with or without a cursor", [place, page], ([place, page]) => {
    expect(nextPlace(place, { ...page, hasMore: false })).toBeUndefined()
  })
})

describe("a repeated item", () => {
  it.prop("is dropped and counted, and nothing else changes", [page, fc.func(fc.boolean())], ([page, answer]) => {
    const isNew = (item: string) => answer(item)
    const { duplicates, ...rest } = withoutRepeated(page, isNew)
    expect(rest).toEqual({ ...page, items: page.items.filter(isNew) })
    expect(duplicates).toBe(page.items.length - rest.items.length)
  })
})

describe("a breach", () => {
  it.prop(
    "is the result of the overlap, before anything else",
    [page, place, fc.boolean(), fc.constantFrom("shiftedList" as const, "unverifiable" as const)],
    ([page, place, isRepeated, overlap]) => {
      expect(breachOf({ ...page, overlap }, place, isRepeated, { maxPages: 1, maxEmptyPages: 0 })).toBe(overlap)
    }
  )

  it.prop("is never caused by the last page", [page, place, fc.boolean()], ([page, place, isRepeated]) => {
    const last: FetchedPage<string> = { ...page, hasMore: false, overlap: "proven" }
    expect(breachOf(last, place, isRepeated, { maxPages: 1, maxEmptyPages: 0 })).toBeUndefined()
  })

  for (const [what, found, reason] of [
    ["is none on a page with items and a new cursor", breach(), undefined],
    ["is a missing cursor", breachOf({ items: [], hasMore: true }, firstPlace("a"), true, {}), "missingCursor"],
    ["is an empty cursor, even if it is repeated", breach({ cursor: "" }, {}, {}, true), "missingCursor"],
    ["is a repeated cursor", breach({}, { page: 9 }, { maxPages: 9 }, true), "repeatedCursor"],
    ["is not a repeated cursor if the overlap is proven", breach({ overlap: "proven" }, {}, {}, true), undefined],
    [
      "is a further page after the allowed number of pages",
      breach({ items: [] }, { page: 3 }, { maxPages: 3 }),
      "pageLimit"
    ],
    ["is none before that number of pages", breach({}, { page: 2 }, { maxPages: 3 }), undefined],
    ["is none after a million pages", breach({}, { page: 1_000_000 }), undefined],
    ["is one empty page too many", breach({ items: [] }, { emptyPages: 2 }, { maxEmptyPages: 2 }), "tooManyEmptyPages"],
    ["is not an empty page before that", breach({ items: [] }, { emptyPages: 1 }, { maxEmptyPages: 2 }), undefined],
    [
      "is not a page with items after that number of empty pages",
      breach({}, { emptyPages: 2 }, { maxEmptyPages: 2 }),
      undefined
    ],
    ["is one empty page more than 100", breach({ items: [] }, { emptyPages: 100 }), "tooManyEmptyPages"],
    ["is none of 100 empty pages", breach({ items: [] }, { emptyPages: 99 }), undefined]
  ] as const) {
    it(what, () => expect(found).toBe(reason))
  }

  it("says where the list broke, and where to resume it", () => {
    const at = { cursor: "1", page: 2, seen: 7, emptyPages: 0 }
    const where = { operation: "list", cursor: "2", page: 2, seen: 7 }
    const last = { items: [], hasMore: true, cursor: "2" }
    expect({ ...broken("list", "pageLimit", last, at) }).toMatchObject({
      ...where,
      reason: "pageLimit",
      resumeCursor: "1"
    })
    // The deleted items are already missing before this page.
    expect({ ...broken("list", "shiftedList", last, at) }).not.toHaveProperty("resumeCursor")
    const first = { ...broken("list", "missingCursor", { items: [], hasMore: true }, firstPlace(undefined)) }
    expect(Object.keys(first)).not.toContain("cursor")
    expect(Object.keys(first)).not.toContain("resumeCursor")
  })
})

describe("a failure", () => {
  const unexpected = (status: number) => new UnexpectedStatus({ operation: "list", status, attempts: 2 })

  const refused = (status: number) =>
    new Validation({
      operation: "list",
      source: "server",
      status,
      issues: [{ path: ["cursor"], message: "expired" }],
      requestId: "req-1"
    })

  const second: Place = { cursor: "1", page: 2, seen: 7, emptyPages: 0 }

  it.prop("carries the cursor of its page", [cursor, fc.constantFrom(1, 2)], ([cursor, page]) => {
    for (const error of [
      new ServerError({ operation: "list", status: 400 }),
      new Forbidden({ operation: "list" }),
      unexpected(409),
      new Validation({ operation: "list", source: "client", issues: [] })
    ]) {
      expect(failureAt({ ...second, cursor, page })(error)).toBe(error)
      expect(error).toMatchObject({ resumeCursor: cursor })
    }
  })

  it.prop("of a page without a cursor is unchanged", [fc.integer({ min: 100, max: 599 })], ([status]) => {
    for (const error of [unexpected(status), refused(status)]) {
      expect(failureAt(firstPlace(undefined))(error)).toBe(error)
      expect(Object.keys(error)).not.toContain("resumeCursor")
    }
  })

  it.prop(
    "is a refused cursor if the status says so",
    [fc.oneof(fc.constantFrom(400, 404, 410, 422), fc.integer({ min: 100, max: 599 })), fc.constantFrom(1, 2)],
    ([status, page]) => {
      const refuses = [400, 410, 422].includes(status) || (status === 404 && page === 2)
      for (const error of [unexpected(status), refused(status)]) {
        const failure: AvaraError = failureAt({ ...second, page })<AvaraError>(error)
        if (refuses) expect(failure).toMatchObject({ reason: "refusedCursor", cursor: "1", status, page, seen: 7 })
        else expect(failure).toBe(error)
      }
    }
  )

  it("of a refused cursor keeps the server's words", () => {
    expect({ ...failureAt(second)(refused(400)) }).toMatchObject({ detail: "cursor: expired", requestId: "req-1" })
    expect({ ...failureAt(second)(unexpected(410)) }).toMatchObject({ operation: "list", attempts: 2 })
    for (const name of ["detail", "requestId", "resumeCursor"])
      expect(Object.keys(failureAt(second)(unexpected(410)))).not.toContain(name)
    const detailed = new UnexpectedStatus({ operation: "list", status: 410, detail: "gone" })
    expect({ ...failureAt(second)(detailed) }).toMatchObject({ detail: "gone" })
  })
})
