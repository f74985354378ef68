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

/** What happens when: every fault that is tested, in the order in which the README tells it. */
export const themes: ReadonlyArray<Theme> = [
  { title: "Creates", rows: creates },
  { title: "Lists", rows: pagination },
  { title: "Other writes", rows: writes },
  { title: "Statuses and retries", rows: retries },
  { title: "Deadlines", rows: deadlines },
  { title: "The connection", rows: connection },
  { title: "The answer", rows: answers },
  { title: "Redirects", rows: redirects },
  { title: "The rate limiter", rows: limiter },
  { title: "Interruption", rows: interruption }
]

export const beginMarker = "<!-- faults:begin -->"

export const endMarker = "<!-- faults:end -->"

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ")

const line = (cells: ReadonlyArray<string>): string => `| ${cells.map(cell).join(" | ")} |`

const rowLine = ({ call, fault, note, open, requests, result }: Row): string =>
  line([
    fault,
    `\`${call}\``,
    note === undefined ? resultText(result) : `${resultText(result)}; ${note}`,
    String(requests),
    open === undefined ? "" : String(open)
  ])

const heading = [line(["Fault", "Call", "Result", "Requests", "Open after"]), line(["---", "---", "---", "--:", "--:"])]

const themeLines = ({ rows, title }: Theme): ReadonlyArray<string> => [
  "<details>",
  `<summary>${title} (${rows.length})</summary>`,
  "",
  ...heading,
  ...rows.map(rowLine),
  "",
  "</details>"
]

/** The table in Markdown, with the markers around it. */
export const markdown = (): string => [beginMarker, ...themes.flatMap(themeLines), endMarker].join("\n")

/** The part of a text that stands between the markers, markers included; nothing if they are not there. */
export const blockOf = (text: string): string | undefined => {
  const start = text.indexOf(beginMarker)
  const end = text.indexOf(endMarker)
  return start === -1 || end < start ? undefined : text.slice(start, end + endMarker.length)
}
