import * as fs from "node:fs"
import { describe, expect, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Stream from "effect/Stream"
import { type InputFormat, readRows } from "../../src/internal/input.js"
import { watch } from "../../src/internal/textFile.js"
import { Platform, pathTo } from "../support.js"

const read = (format: InputFormat, content: string | Uint8Array) =>
  Effect.gen(function* () {
    const file = yield* pathTo(`rows.${format}`)
    fs.writeFileSync(file, content)
    const source = { file, format, encoding: undefined, required: ["expressCustomerName"] }
    return Chunk.toReadonlyArray(yield* Stream.runCollect(readRows(source, watch(file))))
  }).pipe(Effect.scoped, Effect.provide(Platform))

const namesOf = (rows: Effect.Effect.Success<ReturnType<typeof read>>) =>
  rows.map(({ fields, line }) => [line, Either.getOrThrow(fields)["expressCustomerName"]])

const problem = (format: InputFormat, content: string) =>
  Effect.map(Effect.flip(read(format, content)), (error) => {
    expect(error._tag).toBe("InputRefused")
    return error.message.replace(/^\S+rows\.\w+/, "FILE")
  })

const lineEnds = FastCheck.constantFrom("\n", "\r\n", "\r")

const cell = FastCheck.array(FastCheck.constantFrom("a", "ü", '"', ",", " ", "\n", "\r\n", "\r", "😀"), {
  minLength: 1,
  maxLength: 8
}).map((parts) => parts.join(""))

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`

describe("rows of a file", () => {
  it.effect("have the line where they start, with all line ends and with cells of several lines", () =>
    Effect.promise(() =>
      FastCheck.assert(
        FastCheck.asyncProperty(lineEnds, FastCheck.array(cell, { maxLength: 12 }), async (lineEnd, cells) => {
          const text = ["expressCustomerName", ...cells.map(quoted), ""].join(lineEnd)
          let line = 2
          const expected = cells.map((cell) => {
            const begins = line
            line += cell.split(/\r\n|\n|\r/).length
            return [begins, cell]
          })
          expect(namesOf(await Effect.runPromise(read("csv", text)))).toEqual(expected)
        }),
        { numRuns: 60 }
      )
    )
  )

  it.effect("are separated by mixed line ends and blank lines, wherever a block of the file ends", () =>
    Effect.gen(function* () {
      const name = "n".repeat(65_500)
      for (const shift of [0, 1, 2, 3, 15, 16, 17]) {
        const first = name + "x".repeat(shift)
        const csv = yield* read("csv", `expressCustomerName\r\n${first}\r\n\r\n"two\r\nlines"\nlast`)
        expect(namesOf(csv)).toEqual([
          [2, first],
          [4, "two\r\nlines"],
          [6, "last"]
        ])
        const json = (text: string) => JSON.stringify({ expressCustomerName: text })
        const ndjson = yield* read("ndjson", `${json(first)}\r\n\r\n${json("b")}\n${json("c")}`)
        expect(namesOf(ndjson)).toEqual([
          [1, first],
          [3, "b"],
          [4, "c"]
        ])
      }
    })
  )

  it.effect("are refused with the line and the broken rule", () =>
    Effect.gen(function* () {
      const header = "expressCustomerName"
      expect(yield* problem("csv", `${header}\n"a\r\nb"\nx "y"`)).toMatch(
        /^FILE, line 4: a cell that contains a quote must/
      )
      expect(yield* problem("csv", `${header}\n"a\n b"c"\n`)).toMatch(/^FILE, line 3: .* \(the row starts at line 2\)$/)
      expect(yield* problem("csv", `${header}\nok\n"a\n\n\n`)).toMatch(/^FILE, line 3: .* is never closed$/)
      expect(yield* problem("csv", "a;b\n")).toMatch(/separated by ";"/)
      expect(yield* problem("csv", "a\tb\n")).toMatch(/separated by a tab/)
      expect(yield* problem("csv", ` ${header}\n`)).toMatch(/must be spelled expressCustomerName$/)
      expect(yield* problem("csv", `${header},colour\n`)).toMatch(/unknown columns "colour"; remove them, or name them/)
      expect(yield* problem("csv", "metadata\n")).toMatch(/the first line must name the columns/)
      expect(yield* problem("ndjson", "\n [\n")).toMatch(/^FILE, line 2: it starts with \[/)
      expect(yield* read("csv", header)).toEqual([])
      expect(yield* read("ndjson", "")).toEqual([])
    })
  )
})
