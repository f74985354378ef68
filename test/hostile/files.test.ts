import { files } from "./rows/files.js"
import { testRows } from "./support/testRows.js"

testRows(files)
