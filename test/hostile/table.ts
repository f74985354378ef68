import type { Table } from "../support/markdownTable.js"
import { crashes } from "./rows/crashes.js"
import { databases } from "./rows/databases.js"
import { files } from "./rows/files.js"
import { input } from "./rows/input.js"
import { limits } from "./rows/limits.js"
import { lists } from "./rows/lists.js"
import { secrets } from "./rows/secrets.js"
import type { Row } from "./support/row.js"

export interface Theme {
  readonly title: string
  readonly rows: ReadonlyArray<Row>
}

/** Every hostile situation under test, in the order of the page that lists them. */
export const themes: ReadonlyArray<Theme> = [
  { title: "Files and locks", rows: files },
  { title: "Files of rows: import and bulk", rows: input },
  { title: "Lists that change while they are read", rows: lists },
  { title: "Databases and the emulator", rows: databases },
  { title: "Secrets, and what a terminal shows", rows: secrets },
  { title: "Memory, time and options", rows: limits },
  { title: "Killed processes", rows: crashes }
]

const cells = ({ command, fault, result }: Row): ReadonlyArray<string> => [fault, `\`${command}\``, result]

/** The rows as the page shows them. */
export const table: Table = {
  name: "hostile",
  columns: [{ title: "Fault" }, { title: "Command or call" }, { title: "Result" }],
  sections: themes.map(({ rows, title }) => ({ title, rows: rows.map(cells) }))
}
