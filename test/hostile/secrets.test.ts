import { secrets } from "./rows/secrets.js"
import { testRows } from "./support/testRows.js"

testRows(secrets)
