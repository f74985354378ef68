import { input } from "./rows/input.js"
import { testRows } from "./support/testRows.js"

testRows(input)
