import type { Row } from "../support/row.js"

export const crashes: ReadonlyArray<Row> = []
