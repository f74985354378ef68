import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import { root } from "../scripts/workspace.js"
import { blockOf, markdown, themes } from "./table.js"

const path = join(root, "README.md")

describe("the table of faults", () => {
  it("has no row twice", () => {
    const names = themes.flatMap(({ rows }) => rows.map(({ call, fault }) => `${fault}: ${call}`))
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  })

  it("stands in the README as it is tested", () => {
    const block = existsSync(path) ? blockOf(readFileSync(path, "utf8")) : undefined
    expect(block, "the README's table of faults is not up to date: run `pnpm readme:faults`").toBe(markdown())
  })
})
