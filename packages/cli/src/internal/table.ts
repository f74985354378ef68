import type { Style } from "./style.js"
import { concat, displayWidth, oneLine, padEnd, type SafeText, safe, truncate } from "./text.js"

export interface Column<A> {
  readonly title: string
  readonly cell: (value: A) => string
  /** Whether it shrinks if the terminal is too narrow. */
  readonly isElastic?: boolean
  /** Whether it is left out if the terminal is too narrow. */
  readonly isSpare?: boolean
}

const gap = "  "

const narrowest = 12

/** The maximum width, so that one long cell does not widen every row. */
const widest = 200

type Rows = ReadonlyArray<ReadonlyArray<string>>

const rowsOf = <A>(columns: ReadonlyArray<Column<A>>, values: ReadonlyArray<A>): Rows =>
  values.map((value) => columns.map(({ cell }) => cell(value)))

const naturalWidths = <A>(columns: ReadonlyArray<Column<A>>, rows: Rows): ReadonlyArray<number> =>
  columns.map(({ title }, index) =>
    Math.min(widest, Math.max(title.length, ...rows.map((row) => displayWidth(row[index] ?? ""))))
  )

const totalOf = (widths: ReadonlyArray<number>): number =>
  widths.reduce((sum, width) => sum + width + gap.length, -gap.length)

interface Layout<A> {
  readonly columns: ReadonlyArray<Column<A>>
  readonly widths: ReadonlyArray<number>
}

/** Returns the columns and widths for the first rows. If the terminal is too narrow, it drops spare columns and shrinks elastic ones. */
const layoutFor = <A>(allColumns: ReadonlyArray<Column<A>>, values: ReadonlyArray<A>, available: number): Layout<A> => {
  const natural = naturalWidths(allColumns, rowsOf(allColumns, values))
  if (totalOf(natural) <= available) return { columns: allColumns, widths: natural }
  const columns = allColumns.filter(({ isSpare }) => isSpare !== true)
  const widths = naturalWidths(columns, rowsOf(columns, values))
  const excess = Math.max(0, totalOf(widths) - available)
  const narrowed = widths.map((width, index) =>
    columns[index]?.isElastic === true ? Math.max(Math.min(width, narrowest), width - excess) : width
  )
  return { columns, widths: narrowed }
}

const line = <A>(cells: ReadonlyArray<string>, { columns, widths }: Layout<A>, isCut: boolean): string =>
  cells
    .map((cell, index) => {
      const width = widths[index] ?? 0
      return padEnd(isCut && columns[index]?.isElastic === true ? truncate(cell, width) : cell, width)
    })
    .join(gap)
    .trimEnd()

export interface Options {
  readonly style: Style
  /** The width of the terminal. Without it, nothing is cut. */
  readonly columns: number | undefined
}

/** Renders batches of values as one table. The first batch determines its layout. */
export const makeTable = <A>(allColumns: ReadonlyArray<Column<A>>, { columns: available, style }: Options) => {
  let layout: Layout<A> | undefined
  return (values: ReadonlyArray<A>): SafeText => {
    const isFirst = layout === undefined
    const set = layout ?? layoutFor(allColumns, values, available ?? Number.POSITIVE_INFINITY)
    layout = set
    const titles = set.columns.map(({ title }) => title)
    const rows = rowsOf(set.columns, values).map((row) => line(row, set, available !== undefined))
    const head = isFirst ? [style.bold(line(titles, set, false))] : []
    return concat([...head, ...rows].map((text) => safe`${text}\n`))
  }
}

export type Facts = ReadonlyArray<readonly [name: string, value: string]>

/** Renders one value, one fact per line. Leaves out facts without a value. */
export const describe = (facts: Facts, style: Style): SafeText => {
  const width = Math.max(15, ...facts.map(([name]) => name.length))
  return concat(
    facts
      .filter(([, value]) => value !== "")
      .map(([name, value]) => safe`${style.bold(name.padEnd(width))}  ${oneLine(value)}\n`)
  )
}
