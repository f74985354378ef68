import type { Row } from "../support/row.js"

export const databases: ReadonlyArray<Row> = []
