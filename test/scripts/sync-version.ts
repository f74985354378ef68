/** Writes each package's version into the source that names it, after the release tool has changed it. */
import { readFileSync, writeFileSync } from "node:fs"
import { versioned } from "./workspace.js"

for (const { source, version } of versioned()) {
  writeFileSync(source, readFileSync(source, "utf8").replace(/version = ".*"/, `version = ${JSON.stringify(version)}`))
}
