const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ")

const line = (cells: ReadonlyArray<string>): string => `| ${cells.map(cell).join(" | ")} |`

/** A column, and whether its cells are numbers. */
export interface Column {
  readonly title: string
  readonly isNumeric?: boolean
}

export interface Section {
  /** What it folds under; without it, the section is not folded. */
  readonly title?: string
  readonly rows: ReadonlyArray<ReadonlyArray<string>>
}

/** A table between two markers of a page, with one foldable section per theme. */
export interface Table {
  readonly name: string
  readonly columns: ReadonlyArray<Column>
  readonly sections: ReadonlyArray<Section>
}

const markersOf = ({ name }: Table) => ({ begin: `<!-- ${name}:begin -->`, end: `<!-- ${name}:end -->` })

const rowLines = ({ rows }: Section, columns: ReadonlyArray<Column>): ReadonlyArray<string> => [
  line(columns.map(({ title }) => title)),
  line(columns.map(({ isNumeric }) => (isNumeric ? "--:" : "---"))),
  ...rows.map(line)
]

const sectionLines = (section: Section, columns: ReadonlyArray<Column>): ReadonlyArray<string> => {
  const lines = rowLines(section, columns)
  if (section.title === undefined) return lines
  const summary = `<summary>${section.title} (${section.rows.length})</summary>`
  return ["<details>", summary, "", ...lines, "", "</details>"]
}

/** The table in Markdown, markers included. */
export const markdown = (table: Table): string => {
  const { begin, end } = markersOf(table)
  return [begin, ...table.sections.flatMap((section) => sectionLines(section, table.columns)), end].join("\n")
}

/** The part of a page between the markers of a table, markers included; `undefined` if they are missing. */
export const blockOf = (page: string, table: Table): string | undefined => {
  const { begin, end } = markersOf(table)
  const start = page.indexOf(begin)
  const stop = page.indexOf(end)
  return start === -1 || stop < start ? undefined : page.slice(start, stop + end.length)
}
