import { readFileSync } from "node:fs"
import { describe, expect, it } from "@effect/vitest"
import { blockOf, markdown } from "./support/markdownTable.js"
import { page, tables } from "./support/tables.js"

for (const table of tables) {
  describe(`the table of ${table.name}`, () => {
    it("has no row twice", () => {
      const names = table.sections.flatMap(({ rows }) => rows.map(([fault, call]) => `${fault}: ${call}`))
      expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
    })

    it("is shown as it is tested", () => {
      const block = blockOf(readFileSync(page, "utf8"), table)
      expect(block, `${page} is out of date: run \`pnpm docs:tables\``).toBe(markdown(table))
    })
  })
}
