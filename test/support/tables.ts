import { join } from "node:path"
import * as faults from "../faults/table.js"
import * as hostile from "../hostile/table.js"
import { root } from "../scripts/workspace.js"
import type { Table } from "./markdownTable.js"

/** The page that shows them. */
export const page = join(root, "docs/what-happens-when.md")

/** The tables that are generated from tests. */
export const tables: ReadonlyArray<Table> = [faults.table, hostile.table]
