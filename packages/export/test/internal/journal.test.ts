import * as fs from "node:fs"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Locked } from "../../src/ExportError.js"
import * as journals from "../../src/internal/journal.js"
import { Platform, pathTo } from "../support.js"

const about = (more: Partial<journals.About> = {}): journals.About => ({
  operation: "addUsers",
  file: "a".repeat(64),
  resume: true,
  check: Effect.void,
  ...more
})

const reasonOf = (path: string, more: Partial<journals.About> = {}) =>
  Effect.map(Effect.flip(Effect.scoped(journals.open(path, about(more)))), (error) =>
    error._tag === "JournalRefused" ? error.reason : error._tag
  )

describe("journal", () => {
  it.scoped("writes nothing after another run has taken over the lock", () =>
    Effect.gen(function* () {
      const path = yield* pathTo("a.journal.ndjson")
      let isLost = false
      const check = Effect.suspend(() => (isLost ? Effect.fail(new Locked({ path })) : Effect.void))
      const journal = yield* journals.open(path, about({ check }))
      yield* journal.start(2, "")
      isLost = true
      const before = fs.readFileSync(path, "utf8")
      expect(yield* Effect.flip(journal.start(3, ""))).toMatchObject({ _tag: "Locked" })
      expect(yield* Effect.flip(journal.append([{ line: 2, state: "done" }]))).toMatchObject({ _tag: "Locked" })
      expect(fs.readFileSync(path, "utf8")).toBe(before)
    }).pipe(Effect.provide(Platform))
  )

  it.scoped("knows the rows that are done and open, and drops a torn line", () =>
    Effect.gen(function* () {
      const path = yield* pathTo("a.journal.ndjson")
      const use = Effect.gen(function* () {
        const journal = yield* journals.open(path, about())
        yield* Effect.forEach([2, 3, 4], (line) => journal.start(line, `key ${line}`), { concurrency: 3 })
        yield* journal.append([
          { line: 2, state: "done", id: "cus_1" },
          { line: 3, state: "rejected" }
        ])
      })
      yield* Effect.scoped(use)
      fs.appendFileSync(path, '{"line":9,"state":"do')
      const journal = yield* journals.open(path, about())
      expect([2, 3, 4, 9].map(journal.isDone)).toEqual([true, false, false, false])
      expect([...journal.open]).toEqual([[4, "key 4"]])
      yield* journal.start(5, "")
      expect(fs.readFileSync(path, "utf8")).toMatch(/"rejected"\}\n\{"line":5,"state":"started","key":""\}\n$/)
    }).pipe(Effect.provide(Platform))
  )

  it.scoped("of another file or operation is refused only if a row was sent", () =>
    Effect.gen(function* () {
      const path = yield* pathTo("a.journal.ndjson")
      const other = about({ operation: "removeUsers" })
      yield* Effect.scoped(journals.open(path, other))
      yield* Effect.scoped(Effect.flatMap(journals.open(path, about()), ({ start }) => start(2, "")))
      expect(yield* reasonOf(path, other)).toBe("operation")
      expect(yield* reasonOf(path, { file: "b".repeat(64) })).toBe("changed")
      expect(yield* reasonOf(path, { resume: false })).toBe("exists")
      fs.appendFileSync(path, "\n")
      expect(yield* reasonOf(path)).toBe("damaged")
    }).pipe(Effect.provide(Platform))
  )
})
