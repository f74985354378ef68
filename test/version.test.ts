import { readFileSync } from "node:fs"
import { expect, it } from "@effect/vitest"
import { version } from "../packages/core/src/internal/version.js"

it("the version that core sends is the one it is published with", () => {
  const manifest: { version: string } = JSON.parse(
    readFileSync(new URL("../packages/core/package.json", import.meta.url), "utf8")
  )
  expect(version).toBe(manifest.version)
})
