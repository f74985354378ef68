import { describe, expect, it } from "@effect/vitest"
import { Pagination, ServerError } from "@effect-avara/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Stream from "effect/Stream"
import { vi } from "vitest"

type Fetch = (cursor: string | undefined) => Effect.Effect<Pagination.Page<string>, ServerError>

const turn = Effect.async<void>((resume) => {
  setImmediate(() => resume(Effect.void))
})

const turns = (count: number) => Effect.repeatN(turn, count - 1)

const serverError = Effect.fail(new ServerError({ operation: "list", status: 500 }))

/** A list of pages of one item each: `0`, `1`, `2` ... to `last`. */
const pageAt = (cursor: string | undefined, last: number): Pagination.Page<string> => {
  const index = Number(cursor ?? 0)
  return index < last
    ? { items: [String(index)], hasMore: true, cursor: String(index + 1) }
    : { items: [String(index)], hasMore: false }
}

/** A list that logs each request when it has been written, `wire` turns after it was made. */
const serving = (last: number, wire: number, respond: Fetch = (cursor) => Effect.succeed(pageAt(cursor, last))) => {
  const asked: Array<string | undefined> = []
  const fetch: Fetch = (cursor) =>
    Effect.suspend(() => {
      const sent = Effect.sync(() => asked.push(cursor))
      return Effect.zipRight(wire === 0 ? sent : Effect.zipRight(turns(wire), sent), respond(cursor))
    })
  return { asked, pages: Pagination.pages(fetch, { operation: "list" }) }
}

/** Returns how many requests had been written when each page was emitted. */
const askedAtEach = ({ asked, pages }: ReturnType<typeof serving>, consume: Effect.Effect<void> = Effect.void) =>
  Stream.runFoldEffect(pages, [] as ReadonlyArray<number>, (counts) => {
    const count = asked.length
    return Effect.as(consume, [...counts, count])
  })

describe("a walk through a list", () => {
  it.live("emits a page to a consumer that never yields after the request for the next page was written", () =>
    Effect.map(askedAtEach(serving(3, 2)), (counts) => {
      expect(counts).toEqual([2, 3, 4, 4])
    })
  )

  it.live("has started the request for the next page if it cannot wait for turns of the event loop", () =>
    Effect.gen(function* () {
      vi.stubGlobal("setImmediate", undefined)
      expect(yield* askedAtEach(serving(3, 0))).toEqual([2, 3, 4, 4])
    }).pipe(Effect.ensuring(Effect.sync(() => vi.unstubAllGlobals())))
  )

  it.live("never requests more than the page after the consumed one, however long that takes", () =>
    Effect.gen(function* () {
      const list = serving(3, 0)
      expect(yield* askedAtEach(list, turns(20))).toEqual([2, 3, 4, 4])
      expect(list.asked).toEqual([undefined, "1", "2", "3"])
    })
  )

  it.live("emits a page even if the next one never arrives, and cancels that request when the consumer stops", () =>
    Effect.gen(function* () {
      let interrupted = 0
      const never = Effect.onInterrupt(Effect.never, () => Effect.sync(() => interrupted++))
      const list = serving(3, 0, (cursor) => (cursor === "1" ? never : Effect.succeed(pageAt(cursor, 3))))
      expect(Array.from(yield* Stream.runCollect(Stream.take(list.pages, 1)))).toMatchObject([{ items: ["0"] }])
      expect([list.asked, interrupted]).toEqual([[undefined, "1"], 1])
    })
  )

  it.live("cancels the pending request when it is interrupted", () =>
    Effect.gen(function* () {
      let interrupted = 0
      const never = Effect.onInterrupt(Effect.never, () => Effect.sync(() => interrupted++))
      const fiber = yield* Effect.fork(Stream.runDrain(serving(3, 0, () => never).pages))
      yield* turns(3)
      expect(Exit.isInterrupted(yield* Fiber.interrupt(fiber))).toBe(true)
      expect(interrupted).toBe(1)
    })
  )

  const failing = () => serving(3, 0, (cursor) => (cursor === "2" ? serverError : Effect.succeed(pageAt(cursor, 3))))

  it.live("emits each page before the one that fails", () =>
    Effect.gen(function* () {
      const items: Array<string> = []
      const error = yield* Effect.flip(
        Stream.runForEach(failing().pages, (page) => Effect.sync(() => items.push(...page.items)))
      )
      expect([items, error._tag, error.resumeCursor]).toEqual([["0", "1"], "ServerError", "2"])
    })
  )

  it.live("ignores a failure after the last consumed page", () =>
    Effect.gen(function* () {
      const logged: Array<unknown> = []
      const logger = Logger.make(({ message }) => void logged.push(message))
      const { asked, pages } = failing()
      yield* Stream.runDrain(Stream.take(pages, 2)).pipe(
        Logger.withMinimumLogLevel(LogLevel.All),
        Effect.provide(Logger.replace(Logger.defaultLogger, logger))
      )
      expect([asked, logged]).toEqual([[undefined, "1", "2"], []])
    })
  )

  it.live("dies with the defect of a request", () =>
    Effect.map(Effect.exit(Stream.runDrain(serving(3, 0, () => Effect.dieMessage("oh")).pages)), (exit) => {
      expect(Exit.isFailure(exit) && exit.cause).toMatchObject({ _tag: "Die", defect: { message: "oh" } })
    })
  )

  it.live("drops an item that was already emitted only if items have ids", () =>
    Effect.gen(function* () {
      const fetch: Fetch = (cursor) => Effect.succeed({ ...pageAt(cursor, 1), items: ["a", "b", "a"] })
      const read = (options: Partial<Pagination.Options<string>>) =>
        Effect.map(Stream.runCollect(Pagination.pages(fetch, { operation: "list", ...options })), (pages) =>
          Array.from(pages, ({ duplicates, items }) => [...items, duplicates])
        )
      expect(yield* read({})).toEqual([
        ["a", "b", "a", 0],
        ["a", "b", "a", 0]
      ])
      expect(yield* read({ idOf: (item) => item, seen: ["b"] })).toEqual([["a", 2], [3]])
    })
  )
})
