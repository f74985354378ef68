import { limits } from "./rows/limits.js"
import { testRows } from "./support/testRows.js"

testRows(limits)
