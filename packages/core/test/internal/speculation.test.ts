import { describe, expect, it } from "@effect/vitest"
import { type AvaraError, Pagination } from "@effect-avara/core"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Stream from "effect/Stream"
import { speculate } from "../../src/internal/speculation.js"

const cursorOf = (offset: number) => Buffer.from(JSON.stringify({ offset })).toString("base64")

const offsetOf = (cursor: string | undefined): number =>
  cursor === undefined ? 0 : JSON.parse(Buffer.from(cursor, "base64").toString()).offset

interface Insertion {
  /** The number of the request before whose answer the item is inserted. */
  readonly request: number
  /** Where, as a share of the list. */
  readonly place: number
}

interface Scenario {
  readonly size: number
  readonly limit: number
  readonly parallel: number
  readonly insertions: ReadonlyArray<Insertion>
  /** How many turns of the scheduler each answer takes, over and over. */
  readonly turns: ReadonlyArray<number>
}

/** A list with offset cursors that grows at any place while it is read, and whose answers come in any order. */
const makeServer = ({ insertions, limit, size, turns }: Scenario) => {
  const list = Array.from({ length: size }, (_, index) => `old ${index}`)
  let requests = 0
  let open = 0
  let most = 0
  const answer = (offset: number): Pagination.Page<string> => {
    const items = list.slice(offset, offset + limit)
    const hasMore = offset + limit < list.length
    return { items, hasMore, ...(hasMore ? { cursor: cursorOf(offset + items.length) } : {}) }
  }
  const fetch = (cursor: string | undefined): Effect.Effect<Pagination.Page<string>, AvaraError> =>
    Effect.gen(function* () {
      const number = requests++
      most = Math.max(most, ++open)
      yield* Effect.yieldNow().pipe(Effect.repeatN(turns[number % turns.length] ?? 0))
      for (const { place } of insertions.filter(({ request }) => request === number)) {
        list.splice(Math.floor(place * (list.length + 1)), 0, `new ${list.length}`)
      }
      open--
      return answer(offsetOf(cursor))
    })
  return { fetch, list, most: () => most }
}

const read = (scenario: Scenario, server: ReturnType<typeof makeServer>) =>
  Effect.gen(function* () {
    const options = { parallel: scenario.parallel, limit: scenario.limit, idOf: (item: string) => item }
    const fetch = speculate(server.fetch, options, yield* Effect.scope)
    const pages = Pagination.pages(fetch, { operation: "test", idOf: options.idOf })
    return Array.from(yield* Stream.runCollect(pages)).flatMap(({ items }) => items)
  }).pipe(Effect.scoped)

const scenarios = (insertions: FastCheck.Arbitrary<ReadonlyArray<Insertion>>): FastCheck.Arbitrary<Scenario> =>
  FastCheck.record({
    size: FastCheck.nat(60),
    limit: FastCheck.integer({ min: 2, max: 9 }),
    parallel: FastCheck.integer({ min: 2, max: 6 }),
    insertions,
    turns: FastCheck.array(FastCheck.nat(6), { minLength: 1, maxLength: 8 })
  })

const anyInsertions = FastCheck.array(
  FastCheck.record({ request: FastCheck.nat(25), place: FastCheck.double({ min: 0, max: 0.999, noNaN: true }) }),
  { maxLength: 6 }
)

const isOld = (item: string) => item.startsWith("old")

describe("a speculative walk", () => {
  it("reads a list that stands still exactly, whatever the order of the answers", () =>
    FastCheck.assert(
      FastCheck.asyncProperty(scenarios(FastCheck.constant([])), async (scenario) => {
        const server = makeServer(scenario)
        expect(await Effect.runPromise(read(scenario, server))).toEqual(server.list)
      }),
      { numRuns: 300 }
    ))

  it("misses and doubles no item of a list that grows at any place while it is read", () =>
    FastCheck.assert(
      FastCheck.asyncProperty(scenarios(anyInsertions), async (scenario) => {
        const server = makeServer(scenario)
        const items = await Effect.runPromise(read(scenario, server))
        expect(items.filter(isOld)).toEqual(server.list.filter(isOld))
        expect(new Set(items).size).toBe(items.length)
        expect(server.list).toEqual(expect.arrayContaining(items))
      }),
      { numRuns: 1000 }
    ))

  it("asks for as many pages at a time as it may, and for no more", async () => {
    const scenario = { size: 100, limit: 5, parallel: 4, insertions: [], turns: [3] }
    const server = makeServer(scenario)
    await Effect.runPromise(read(scenario, server))
    expect(server.most()).toBe(4)
  })

  it("walks page by page where cursors are no offsets", async () => {
    const scenario = { size: 40, limit: 5, parallel: 4, insertions: [], turns: [3] }
    const server = makeServer(scenario)
    const opaque = (cursor: string | undefined) =>
      Effect.map(server.fetch(cursor === undefined ? cursor : cursor.slice(1)), (page) => ({
        ...page,
        ...(page.cursor === undefined ? {} : { cursor: `x${page.cursor}` })
      }))
    expect(await Effect.runPromise(read(scenario, { ...server, fetch: opaque }))).toEqual(server.list)
    expect(server.most()).toBe(1)
  })
})
