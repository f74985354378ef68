import { describe, expect, it } from "@effect/vitest"
import { check } from "./check.js"

const placesIn = async (path: string, text: string) => (await check(path, text)).map((line) => line.split(": ")[0])

describe("prose", () => {
  it("is checked in comments and texts of a source, where it stands", async () => {
    const source = [
      "// The export goes on at the cursor.",
      "/**",
      " * Answers the customer.",
      " */",
      "export const answer = `it gives back whole`",
      'export const goesOn = "goes on at"'
    ].join("\n")
    expect(await placesIn("a.ts", source)).toEqual(["a.ts:5:27", "a.ts:3:4", "a.ts:1:15", "a.ts:6:24"].toSorted())
  })

  it("is not code: names, examples, and what stands in backticks", async () => {
    const source = [
      "/**",
      " * Reads `answer`.",
      " *",
      " * ```ts",
      " * // goes on at",
      " * ```",
      " */",
      "const answers = 'answer'"
    ]
    expect(await placesIn("a.ts", source.join("\n"))).toEqual([])
    expect(await placesIn("a.md", "Reads `answer`.\n\n```ts\nanswer()\n```\n")).toEqual([])
  })

  it("is checked in a page, over the end of a line", async () => {
    expect(await placesIn("a.md", "# A list\n\nIt always goes\non at the **cursor**.\n")).toEqual(["a.md:3:11"])
  })
})
