/** Writes the version of core's package.json into its source, after the release tool has raised it. */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { root } from "./workspace.js"

const core = join(root, "packages/core")
const { version }: { version: string } = JSON.parse(readFileSync(join(core, "package.json"), "utf8"))
const path = join(core, "src/internal/version.ts")
const source = readFileSync(path, "utf8")

writeFileSync(path, source.replace(/version = ".*"/, `version = ${JSON.stringify(version)}`))
