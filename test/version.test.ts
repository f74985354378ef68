import { readFileSync } from "node:fs"
import { expect, it } from "@effect/vitest"
import { versioned } from "./scripts/workspace.js"

it.each(versioned())("$name reports the version that it is published with", ({ source, version }) => {
  expect(readFileSync(source, "utf8")).toContain(`version = ${JSON.stringify(version)}`)
})
