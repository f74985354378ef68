import { crashes } from "./rows/crashes.js"
import { testRows } from "./support/testRows.js"

testRows(crashes)
