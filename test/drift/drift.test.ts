import { describe, it } from "@effect/vitest"
import { makeCheck } from "./support/check.js"
import { sentText, themes } from "./table.js"

const check = makeCheck(themes)

for (const { field, place, rows } of themes) {
  describe(`${place}: ${field}`, () => {
    for (const row of rows) it.live(sentText(row), () => check(place, row))
  })
}
