import { databases } from "./rows/databases.js"
import { testRows } from "./support/testRows.js"

testRows(databases)
