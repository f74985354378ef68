import type { Row } from "../support/row.js"

export const input: ReadonlyArray<Row> = []
