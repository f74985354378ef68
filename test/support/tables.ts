import { join } from "node:path"
import * as drift from "../drift/table.js"
import * as faults from "../faults/table.js"
import * as hostile from "../hostile/table.js"
import * as runtimes from "../runtimes/table.js"
import { root } from "../scripts/workspace.js"
import type { Table } from "./markdownTable.js"

/** A page, and the tables in it that are generated from tests. */
export interface Page {
  readonly path: string
  readonly tables: ReadonlyArray<Table>
}

export const pages: ReadonlyArray<Page> = [
  { path: join(root, "docs/what-happens-when.md"), tables: [faults.table, hostile.table] },
  { path: join(root, "docs/responses.md"), tables: [drift.table] },
  { path: join(root, "docs/runtimes.md"), tables: [runtimes.table] }
]
