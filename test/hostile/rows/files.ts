import type { Row } from "../support/row.js"

export const files: ReadonlyArray<Row> = []
