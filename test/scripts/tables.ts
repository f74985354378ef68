import { readFileSync, writeFileSync } from "node:fs"
import { blockOf, markdown } from "../support/markdownTable.js"
import { page, tables } from "../support/tables.js"

// Writes the tables that are generated from tests into the page that shows them.
const text = tables.reduce(
  (text, table) => {
    const block = blockOf(text, table)
    if (block === undefined)
      throw new Error(`${page} lacks the line <!-- ${table.name}:begin --> with <!-- ${table.name}:end --> below it`)
    return text.split(block).join(markdown(table))
  },
  readFileSync(page, "utf8")
)

writeFileSync(page, text)
