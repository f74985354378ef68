import { readFileSync, writeFileSync } from "node:fs"
import { blockOf, markdown } from "../support/markdownTable.js"
import { pages } from "../support/tables.js"

// Writes the tables that are generated from tests into the pages that show them.
for (const { path, tables } of pages) {
  const text = tables.reduce(
    (text, table) => {
      const block = blockOf(text, table)
      if (block === undefined)
        throw new Error(`${path} lacks the line <!-- ${table.name}:begin --> with <!-- ${table.name}:end --> below it`)
      return text.split(block).join(markdown(table))
    },
    readFileSync(path, "utf8")
  )
  writeFileSync(path, text)
}
