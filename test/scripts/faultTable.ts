import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { blockOf, markdown } from "../faults/table.js"
import { root } from "./workspace.js"

// Prints the table of faults, or with --write puts it between its markers in the README.
const path = join(root, "README.md")

const write = (): void => {
  const text = readFileSync(path, "utf8")
  const block = blockOf(text)
  if (block === undefined)
    throw new Error(`${path} has no line <!-- faults:begin --> with <!-- faults:end --> below it`)
  writeFileSync(path, text.split(block).join(markdown()))
}

if (process.argv.includes("--write")) write()
else console.log(markdown())
