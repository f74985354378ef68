import type { Row } from "../support/row.js"

export const lists: ReadonlyArray<Row> = []
