import { createHash } from "node:crypto"
import * as fs from "node:fs"
import { describe, expect, it } from "@effect/vitest"
import { Customers } from "@effect-avara/core"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Stream from "effect/Stream"
import { Bulk, Import, Rows } from "../src/index.js"
import { emulated, id, Platform, pathTo } from "./support.js"

const written = (name: string, lines: ReadonlyArray<string>) =>
  Effect.tap(pathTo(name), (file) => Effect.sync(() => fs.writeFileSync(file, lines.join("\n"))))

const collected = <A, E, R>(stream: Stream.Stream<A, E, R>) =>
  Effect.map(Stream.runCollect(stream), Chunk.toReadonlyArray)

describe("rows", () => {
  it.scoped("have the keys of the local import, or the reasons why they are invalid", () =>
    Effect.gen(function* () {
      const file = yield* written("a.csv", [
        "expressCustomerName,metadata,metadata.createOnceKey",
        'North,"{""tier"":""basic""}",',
        ",,",
        'bad,"{",',
        "South,,own key"
      ])
      const { rows, sha256, total } = yield* Rows.read({ file }, yield* Import.work())
      expect(sha256).toBe(createHash("sha256").update(fs.readFileSync(file)).digest("hex"))
      expect(total).toBe(4)
      const read = yield* collected(rows)
      expect(read.map(({ fields, key, line }) => [line, Either.isRight(fields), key])).toEqual([
        [2, true, `import:${sha256.slice(0, 32)}:2`],
        [3, false, ""],
        [4, false, ""],
        [5, true, "own key"]
      ])
      expect(read[0]?.fields).toEqual(Either.right({ expressCustomerName: "North", metadata: { tier: "basic" } }))

      yield* Import.customers({ file })
      const made = yield* Effect.flatMap(Customers, (customers) => collected(customers.stream()))
      const keys = read.map(({ key }) => key).filter((key) => key !== "")
      expect(made.map(({ metadata = {} }) => metadata["createOnceKey"]).sort()).toEqual([...keys].sort())
    }).pipe(Effect.provide(emulated(0)))
  )

  it.scoped("of a bulk operation contain the decoded fields, and are refused if two have the same identity", () =>
    Effect.gen(function* () {
      const work = Bulk.work("addUsers")
      const user = `usr_${"e".repeat(32)}`
      const lines = [`{"expressCustomerId":"${id(1)}","userId":"${user}"}`, `{"expressCustomerId":"${id(1)}"}`]
      const { rows } = yield* Rows.read({ file: yield* written("a.ndjson", lines) }, work)
      const read = yield* collected(rows)
      expect(read.map(({ fields }) => Either.isRight(Either.flatMap(fields, work.decode)))).toEqual([true, false])
      const twice = yield* written("b.ndjson", [...lines, ...lines])
      expect((yield* Effect.flip(Rows.read({ file: twice }, work))).message).toMatch(
        /same expressCustomerId and userId: lines 1 and 3/
      )
    }).pipe(Effect.provide(Platform))
  )

  it.scoped("are read again, and fail after the file has changed", () =>
    Effect.gen(function* () {
      const file = yield* written("a.ndjson", ['{"expressCustomerName":"North"}'])
      const { rows } = yield* Rows.read({ file }, yield* Import.work())
      expect(yield* collected(rows)).toEqual(yield* collected(rows))
      fs.writeFileSync(file, '{"expressCustomerName":"South"}')
      expect(yield* Effect.flip(collected(rows))).toMatchObject({ _tag: "InputRefused" })
    }).pipe(Effect.provide(Platform))
  )
})
