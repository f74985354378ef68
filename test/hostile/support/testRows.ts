import { it } from "@effect/vitest"
import type { Row } from "./row.js"

/** Tests each row of a theme; they run side by side, since most of a row is waiting for a process. */
export const testRows = (rows: ReadonlyArray<Row>): void => {
  for (const { check, command, fault, timeout = 60_000 } of rows) {
    it.scopedLive(`${fault}: ${command}`, () => check, { concurrent: true, timeout })
  }
  if (rows.length === 0) it.todo("has no rows")
}
