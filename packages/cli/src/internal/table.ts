import type { Customer } from "@effect-avara/core"
import * as DateTime from "effect/DateTime"
import type { Style } from "./style.js"
import { concat, displayWidth, oneLine, padEnd, type SafeText, safe, truncate } from "./text.js"

interface Column {
  readonly title: string
  readonly cell: (customer: Customer) => string
  /** Whether it gives way where the terminal is too narrow. */
  readonly isElastic?: boolean
  /** Whether it is left out where the terminal is too narrow. */
  readonly isSpare?: boolean
}

const time = (timestamp: Customer["createdAt"]): string =>
  timestamp === null ? "" : DateTime.formatIso(timestamp).slice(0, 16).replace("T", " ")

/** Nothing for a count that a lenient client cannot read. */
const count = (users: number): string => (Number.isNaN(users) ? "" : String(users))

const allColumns: ReadonlyArray<Column> = [
  { title: "ID", cell: ({ expressCustomerId }) => oneLine(expressCustomerId) },
  { title: "NAME", cell: ({ expressCustomerName }) => oneLine(expressCustomerName), isElastic: true },
  { title: "ACTIVE", cell: ({ isActive }) => (isActive ? "yes" : "no") },
  { title: "USERS", cell: ({ userCount }) => count(userCount) },
  { title: "CREATED (UTC)", cell: ({ createdAt }) => time(createdAt), isSpare: true }
]

const gap = "  "

const narrowest = 12

/** One cell that is longer does not widen every row. */
const widest = 200

type Rows = ReadonlyArray<ReadonlyArray<string>>

const rowsOf = (columns: ReadonlyArray<Column>, customers: ReadonlyArray<Customer>): Rows =>
  customers.map((customer) => columns.map(({ cell }) => cell(customer)))

const naturalWidths = (columns: ReadonlyArray<Column>, rows: Rows): ReadonlyArray<number> =>
  columns.map(({ title }, index) =>
    Math.min(widest, Math.max(title.length, ...rows.map((row) => displayWidth(row[index] ?? ""))))
  )

const totalOf = (widths: ReadonlyArray<number>): number =>
  widths.reduce((sum, width) => sum + width + gap.length, -gap.length)

interface Layout {
  readonly columns: ReadonlyArray<Column>
  readonly widths: ReadonlyArray<number>
}

/** The columns and widths that the first customers need, without the spare ones and narrowed where the terminal asks for it. */
const layoutFor = (customers: ReadonlyArray<Customer>, available: number): Layout => {
  const natural = naturalWidths(allColumns, rowsOf(allColumns, customers))
  if (totalOf(natural) <= available) return { columns: allColumns, widths: natural }
  const columns = allColumns.filter(({ isSpare }) => isSpare !== true)
  const widths = naturalWidths(columns, rowsOf(columns, customers))
  const excess = Math.max(0, totalOf(widths) - available)
  const narrowed = widths.map((width, index) =>
    columns[index]?.isElastic === true ? Math.max(Math.min(width, narrowest), width - excess) : width
  )
  return { columns, widths: narrowed }
}

const line = (cells: ReadonlyArray<string>, { columns, widths }: Layout, isCut: boolean): string =>
  cells
    .map((cell, index) => {
      const width = widths[index] ?? 0
      return padEnd(isCut && columns[index]?.isElastic === true ? truncate(cell, width) : cell, width)
    })
    .join(gap)
    .trimEnd()

export interface Options {
  readonly style: Style
  /** The width of the terminal; without one nothing is cut. */
  readonly columns: number | undefined
}

/** Renders batches of customers as one table, whose layout the first batch sets. */
export const makeTable = ({ columns: available, style }: Options) => {
  let layout: Layout | undefined
  return (customers: ReadonlyArray<Customer>): SafeText => {
    const isFirst = layout === undefined
    const set = layout ?? layoutFor(customers, available ?? Number.POSITIVE_INFINITY)
    layout = set
    const titles = set.columns.map(({ title }) => title)
    const rows = rowsOf(set.columns, customers).map((row) => line(row, set, available !== undefined))
    const head = isFirst ? [style.bold(line(titles, set, false))] : []
    return concat([...head, ...rows].map((text) => safe`${text}\n`))
  }
}

const facts = (customer: Customer): ReadonlyArray<readonly [string, string]> => [
  ["id", customer.expressCustomerId],
  ["name", customer.expressCustomerName],
  ["active", customer.isActive ? "yes" : "no"],
  ["users", count(customer.userCount)],
  ["created", customer.createdAt === null ? "" : DateTime.formatIso(customer.createdAt)],
  ["updated", customer.updatedAt === null ? "" : DateTime.formatIso(customer.updatedAt)],
  ["created by key", customer.createdByApiKeyId ?? ""],
  ["created by user", customer.createdByUserId ?? ""],
  ...Object.entries(customer.metadata ?? {}).map(
    ([key, value], index) => [index === 0 ? "metadata" : "", `${key}=${value}`] as const
  )
]

/** One customer, a fact a line. */
export const describe = (customer: Customer, style: Style): SafeText =>
  concat(
    facts(customer)
      .filter(([, value]) => value !== "")
      .map(([name, value]) => safe`${style.bold(name.padEnd(15))}  ${oneLine(value)}\n`)
  )
