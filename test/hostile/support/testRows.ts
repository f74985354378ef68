import { it } from "@effect/vitest"
import { stubEnvironment } from "../../../packages/cli/test/stubEnvironment.js"
import type { Row } from "./row.js"

/** Tests the rows of a theme concurrently, since most of a row's time is waiting for a process. */
export const testRows = (rows: ReadonlyArray<Row>): void => {
  stubEnvironment()
  for (const { check, command, fault, timeout = 60_000 } of rows) {
    it.scopedLive(`${fault}: ${command}`, () => check, { concurrent: true, timeout })
  }
  if (rows.length === 0) it.todo("has no rows")
}
