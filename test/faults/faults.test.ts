import { describe, it } from "@effect/vitest"
import { themes } from "./table.js"

for (const { rows, title } of themes) {
  describe(title, () => {
    for (const { call, check, fault } of rows) it.live(`${fault}: ${call}`, () => check)
  })
}
