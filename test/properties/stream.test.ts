import { describe, expect, it } from "@effect/vitest"
import { Customers, type StreamError, type StreamParams } from "@effect-avara/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as fc from "effect/FastCheck"
import * as Stream from "effect/Stream"
import { withVirtualTime } from "../support/virtualTime.js"
import { idAt, lasting, makeList, type PageScript, passing } from "./list.js"
import { customerOf, json, layerOver, type Reply } from "./server.js"

const attemptsOfPolicy = 3

const sizes = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 100 }))

const within = fc.array(fc.constantFrom(...passing), { maxLength: attemptsOfPolicy - 1 })

const beyond = fc.array(fc.constantFrom(...passing, ...lasting), { maxLength: 5 })

const still = { overlap: fc.constant(0), inserted: fc.constant(0), insertedAt: fc.constant(0) }

const sound = { breach: fc.constant(undefined) }

const rare = <A>(arbitrary: fc.Arbitrary<A>, otherwise: A) =>
  fc.oneof({ arbitrary: fc.constant(otherwise), weight: 3 }, { arbitrary, weight: 1 })

const scripts = (script: fc.Arbitrary<PageScript>) => fc.array(script, { maxLength: 12 })

const passingScripts = scripts(fc.record({ faults: rare(within, []), size: sizes, ...still, ...sound }))

const failingScripts = scripts(
  fc.record({
    faults: rare(beyond, []),
    size: sizes,
    ...still,
    breach: rare(fc.constantFrom("repeatedCursor", "missingCursor"), undefined)
  })
)

const driftingScripts = scripts(
  fc.record({
    faults: rare(within, []),
    size: sizes,
    overlap: fc.integer({ min: 0, max: 10 }),
    inserted: fc.integer({ min: 0, max: 4 }),
    insertedAt: fc.double({ min: 0, max: 1, noNaN: true }),
    ...sound
  })
)

const ids = fc.integer({ min: 0, max: 400 }).map((length) => Array.from({ length }, (_, index) => idAt(index)))

const shared = {
  ids,
  limit: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
  isLateToEnd: fc.boolean()
}

const settings = { timeout: 60_000, fastCheck: { numRuns: 70 } }

const fewer = { ...settings, fastCheck: { numRuns: 40 } }

type List = ReturnType<typeof makeList>

const clientOf = (list: List) => layerOver((_, url) => list.answer(url), { retryBudget: Infinity })

interface Walk {
  readonly ids: ReadonlyArray<string>
  readonly error: StreamError | undefined
}

/** A walk, and when it ended by its clock. */
interface TimedWalk extends Walk {
  readonly endedAt: number
}

/** The ids that a stream emits until it ends or fails. */
const timedWalk = (params: StreamParams): Effect.Effect<TimedWalk, never, Customers> => {
  const ids: Array<string> = []
  return Customers.pipe(
    Effect.flatMap((customers) =>
      Stream.runForEach(customers.stream(params), ({ expressCustomerId }) =>
        Effect.sync(() => ids.push(expressCustomerId))
      )
    ),
    Effect.match({ onFailure: (error) => ({ ids, error }), onSuccess: () => ({ ids, error: undefined }) }),
    Effect.flatMap((walk) => Effect.map(Clock.currentTimeMillis, (endedAt) => ({ ...walk, endedAt }))),
    withVirtualTime
  )
}

const walk = (params: StreamParams): Effect.Effect<Walk, never, Customers> =>
  Effect.map(timedWalk(params), ({ error, ids }) => ({ ids, error }))

const declared: Readonly<Record<StreamError["_tag"], true>> = {
  BrokenPagination: true,
  ConnectionFailed: true,
  Forbidden: true,
  InvalidResponse: true,
  RateLimited: true,
  ServerError: true,
  TimedOut: true,
  Unauthorized: true,
  UnexpectedStatus: true,
  Validation: true
}

/** This server later accepts a cursor that it refused. */
const nextCursor = (error: StreamError): string | undefined =>
  error._tag === "BrokenPagination" && error.reason === "refusedCursor" ? error.cursor : error.resumeCursor

/** The walks to the end of the list, each from where the previous one failed. */
const walks = (
  list: List,
  limit: number | undefined,
  cursor?: string
): Effect.Effect<ReadonlyArray<Walk>, never, Customers> =>
  Effect.gen(function* () {
    list.startWalk()
    const { endedAt, ...first } = yield* timedWalk({ limit, cursor })
    if (first.error === undefined) {
      expect(list.last()).toBeUndefined()
      return [first]
    }
    expect(declared).toHaveProperty(first.error._tag)
    expect(first.error._tag).toBe(list.last())
    if (first.error._tag !== "BrokenPagination") expect(first.error.attempts).toBe(list.attempts())
    expect(list.endedAt() ?? endedAt).toBe(endedAt)
    return [first, ...(yield* walks(list, limit, nextCursor(first.error)))]
  })

describe("a stream of customers", () => {
  it.live.prop(
    "is complete and in the server's order through every fault that passes within the retries",
    { ...shared, scripts: passingScripts },
    ({ ids, isLateToEnd, limit, scripts }) => {
      const list = makeList(ids, scripts, isLateToEnd)
      return Effect.map(walk({ limit }), (all) => {
        expect(all).toEqual({ ids, error: undefined })
      }).pipe(Effect.provide(clientOf(list)))
    },
    settings
  )

  it.live.prop(
    "is complete or fails with the last response's error, immediately if that is permanent, and the failure's cursor leads to exactly the rest",
    { ...shared, scripts: failingScripts },
    ({ ids, isLateToEnd, limit, scripts }) => {
      const list = makeList(ids, scripts, isLateToEnd)
      return Effect.map(walks(list, limit), (all) => {
        expect(all.flatMap((walk) => walk.ids)).toEqual(ids)
        expect(list.afterEnd()).toBe(0)
      }).pipe(Effect.provide(clientOf(list)))
    },
    settings
  )

  it.live.prop(
    "has every customer of a list that changes while it is read, once and in order",
    { ...shared, scripts: driftingScripts },
    ({ ids, isLateToEnd, limit, scripts }) => {
      const list = makeList(ids, scripts, isLateToEnd)
      const known = new Set(ids)
      return Effect.map(walk({ limit }), (all) => {
        expect(all.error).toBeUndefined()
        expect(new Set(all.ids).size).toBe(all.ids.length)
        expect(all.ids.filter((id) => known.has(id))).toEqual(ids)
        expect(list.rows).toEqual(expect.arrayContaining([...all.ids]))
      }).pipe(Effect.provide(clientOf(list)))
    },
    settings
  )

  it.live.prop(
    "counts each customer that it leaves out",
    { ...shared, scripts: driftingScripts },
    ({ ids, isLateToEnd, limit, scripts }) => {
      const list = makeList(ids, scripts, isLateToEnd)
      return Effect.gen(function* () {
        const customers = yield* Customers
        const count = yield* withVirtualTime(
          Stream.runFold(
            customers.pages({ limit }),
            0,
            (sum, page) => sum + page.expressCustomers.length + page.duplicates
          )
        )
        expect(count).toBe(list.served())
      }).pipe(Effect.provide(clientOf(list)))
    },
    settings
  )
})

/** A server that always has more pages, with its response to each cursor. */
const endless = (
  answer: (cursor: string | null, request: number) => { readonly rows: number; readonly cursor: string }
) => {
  let requests = 0
  const reply = (_: unknown, url: URL): Reply => {
    requests += 1
    const { cursor, rows } = answer(url.searchParams.get("cursor"), requests)
    const expressCustomers = Array.from({ length: rows }, (_, index) => customerOf(idAt(requests * 100 + index)))
    return json({ expressCustomers, hasMore: true, cursor })
  }
  return { layer: layerOver(reply), requests: () => requests }
}

/** The number of distinct cursors of a server whose next cursor depends only on the current one. */
const reached = (nexts: ReadonlyArray<number>, from: number, known: ReadonlySet<number> = new Set()): number =>
  known.has(from) ? known.size : reached(nexts, (nexts[from] ?? 0) % nexts.length, new Set([...known, from]))

describe("a list without an end", () => {
  it.live.prop(
    "ends at the first repeated cursor, however long its cycle is",
    { nexts: fc.array(fc.nat(50), { minLength: 1, maxLength: 50 }), rows: fc.integer({ min: 0, max: 3 }) },
    ({ nexts, rows }) => {
      const server = endless((cursor) => ({
        rows,
        cursor: String(cursor === null ? 0 : (nexts[Number(cursor)] ?? 0) % nexts.length)
      }))
      return Effect.map(walk({}), ({ error }) => {
        const pages = reached(nexts, 0) + 1
        expect(error).toMatchObject({
          _tag: "BrokenPagination",
          reason: "repeatedCursor",
          page: pages,
          seen: (pages - 1) * rows
        })
        expect(server.requests()).toBe(pages)
      }).pipe(Effect.provide(server.layer))
    },
    fewer
  )

  it.live.prop(
    "ends after the allowed number of empty pages in a row",
    { full: fc.nat(10), maxEmptyPages: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined, freq: 20 }) },
    ({ full, maxEmptyPages }) => {
      const server = endless((_, request) => ({ rows: request <= full ? 1 : 0, cursor: `c${request}` }))
      return Effect.map(walk({ maxEmptyPages }), ({ error, ids }) => {
        expect(error).toMatchObject({ _tag: "BrokenPagination", reason: "tooManyEmptyPages", seen: full })
        expect(server.requests()).toBe(full + (maxEmptyPages ?? 100) + 1)
        expect(ids).toHaveLength(full)
      }).pipe(Effect.provide(server.layer))
    },
    fewer
  )

  it.live.prop(
    "ends after the allowed number of pages",
    { maxPages: fc.integer({ min: 1, max: 30 }) },
    ({ maxPages }) => {
      const server = endless((_, request) => ({ rows: 1, cursor: `c${request}` }))
      return Effect.map(walk({ maxPages }), ({ error, ids }) => {
        expect(error).toMatchObject({ _tag: "BrokenPagination", reason: "pageLimit", page: maxPages })
        expect(server.requests()).toBe(maxPages)
        expect(ids).toHaveLength(maxPages - 1)
      }).pipe(Effect.provide(server.layer))
    },
    fewer
  )
})
