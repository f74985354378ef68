import { describe, it } from "@effect/vitest"
import { themes } from "./table.js"

for (const { rows, title } of themes) {
  describe(title, () => {
    for (const { check, command, fault, timeout = 60_000 } of rows) {
      it.scopedLive(`${fault}: ${command}`, () => check, { timeout })
    }
  })
}
