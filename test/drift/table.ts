import type { Table } from "../support/markdownTable.js"
import { customer } from "./rows/customer.js"
import { others } from "./rows/others.js"
import { absent, type Outcome, type Row, type Theme } from "./support/row.js"

/** The responses under test, in the order of the page that lists them. */
export const themes: ReadonlyArray<Theme> = [...customer, ...others]

const valueText = (value: unknown): string => {
  if (value === absent) return "absent"
  return `\`${Number.isNaN(value) ? "NaN" : JSON.stringify(value)}\``
}

const outcomeText = (outcome: Outcome): string =>
  outcome._tag === "Reads" ? valueText(outcome.value) : `refused: ${outcome.message}`

/** The part of a row that distinguishes it from the others of its field. */
export const sentText = ({ sent }: Row): string => valueText(sent)

const cells =
  ({ declared: { javaAndCsharp, python, typescript } }: Theme) =>
  (row: Row): ReadonlyArray<string> => [
    sentText(row),
    outcomeText(row.strict),
    outcomeText(row.lenient),
    typescript,
    python,
    javaAndCsharp
  ]

const places = { customer: "of a customer", page: "of a page", success: "of adding and removing a user" }

/** The rows as the page shows them. */
export const table: Table = {
  name: "drift",
  columns: ["Sent", "Strict", "Lenient", "TypeScript SDK", "Python SDK", "Java and C# SDKs"].map((title) => ({
    title
  })),
  sections: themes.map((theme) => ({
    title: `<code>${theme.field}</code> ${places[theme.place]}`,
    rows: theme.rows.map(cells(theme))
  }))
}
