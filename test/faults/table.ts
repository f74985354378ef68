import type { Table } from "../support/markdownTable.js"
import { answers } from "./rows/answers.js"
import { connection } from "./rows/connection.js"
import { creates } from "./rows/creates.js"
import { deadlines } from "./rows/deadlines.js"
import { interruption } from "./rows/interruption.js"
import { limiter } from "./rows/limiter.js"
import { pagination } from "./rows/pagination.js"
import { redirects } from "./rows/redirects.js"
import { retries } from "./rows/retries.js"
import { writes } from "./rows/writes.js"
import { resultText } from "./support/result.js"
import type { Row } from "./support/row.js"

export interface Theme {
  readonly title: string
  readonly rows: ReadonlyArray<Row>
}

/** Every fault under test, in the order of the page that lists them. */
export const themes: ReadonlyArray<Theme> = [
  { title: "Creates", rows: creates },
  { title: "Lists", rows: pagination },
  { title: "Other writes", rows: writes },
  { title: "Statuses and retries", rows: retries },
  { title: "Deadlines", rows: deadlines },
  { title: "The connection", rows: connection },
  { title: "The response", rows: answers },
  { title: "Redirects", rows: redirects },
  { title: "The rate limiter", rows: limiter },
  { title: "Interruption", rows: interruption }
]

const cells = ({ call, fault, note, open, requests, result }: Row): ReadonlyArray<string> => [
  fault,
  `\`${call}\``,
  note === undefined ? resultText(result) : `${resultText(result)}; ${note}`,
  String(requests),
  open === undefined ? "" : String(open)
]

/** The rows as the page shows them. */
export const table: Table = {
  name: "faults",
  columns: [
    { title: "Fault" },
    { title: "Call" },
    { title: "Result" },
    { title: "Requests", isNumeric: true },
    { title: "Open after", isNumeric: true }
  ],
  sections: themes.map(({ rows, title }) => ({ title, rows: rows.map(cells) }))
}
