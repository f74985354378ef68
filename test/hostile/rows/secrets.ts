import type { Row } from "../support/row.js"

export const secrets: ReadonlyArray<Row> = []
