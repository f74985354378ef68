/** The table of the runtimes, as docs/runtimes.md shows it. */
import type { Table } from "../support/markdownTable.js"
import { type Cells, chromiumTitle, columns, processRuntimes, webCells, workerdTitle } from "./runtimes.js"

const titles: Readonly<Record<keyof Cells, string>> = {
  core: "core over `fetch`",
  node: "node",
  emulator: "emulator",
  export: "export",
  jobs: "jobs",
  command: "command"
}

const row = (title: string, cells: Cells) => [title, ...columns.map((column) => cells[column].text)]

export const table: Table = {
  name: "runtimes",
  columns: [{ title: "" }, ...columns.map((column) => ({ title: titles[column] }))],
  sections: [
    {
      rows: [
        ...processRuntimes.map(({ cells, title }) => row(title, cells)),
        row(chromiumTitle, webCells),
        row(workerdTitle, webCells)
      ]
    }
  ]
}
