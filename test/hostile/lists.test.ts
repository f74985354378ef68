import { lists } from "./rows/lists.js"
import { testRows } from "./support/testRows.js"

testRows(lists)
