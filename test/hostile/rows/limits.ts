import type { Row } from "../support/row.js"

export const limits: ReadonlyArray<Row> = []
