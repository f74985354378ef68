import { readFileSync } from "node:fs"
import { describe, expect, it } from "@effect/vitest"
import { blockOf, markdown } from "./support/markdownTable.js"
import { pages } from "./support/tables.js"

for (const { path, table } of pages.flatMap(({ path, tables }) => tables.map((table) => ({ path, table })))) {
  describe(`the table of ${table.name}`, () => {
    it("has no row twice", () => {
      const names = table.sections.flatMap(({ rows, title }) =>
        rows.map(([fault, call]) => `${title}: ${fault}: ${call}`)
      )
      expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
    })

    it("matches its tests", () => {
      const block = blockOf(readFileSync(path, "utf8"), table)
      expect(block, `${path} is out of date: run \`pnpm docs:tables\``).toBe(markdown(table))
    })
  })
}
