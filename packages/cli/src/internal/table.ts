import type { Customer } from "@effect-avara/core"
import * as DateTime from "effect/DateTime"
import type { Style } from "./style.js"
import { displayWidth, oneLine, padEnd, truncate } from "./text.js"

interface Column {
  readonly title: string
  readonly cell: (customer: Customer) => string
  /** Whether it gives way where the terminal is too narrow. */
  readonly isElastic?: boolean
}

const time = (timestamp: Customer["createdAt"]): string =>
  timestamp === null ? "" : DateTime.formatIso(timestamp).slice(0, 16).replace("T", " ")

const columns: ReadonlyArray<Column> = [
  { title: "ID", cell: ({ expressCustomerId }) => expressCustomerId },
  { title: "NAME", cell: ({ expressCustomerName }) => oneLine(expressCustomerName), isElastic: true },
  { title: "ACTIVE", cell: ({ isActive }) => (isActive ? "yes" : "no") },
  { title: "USERS", cell: ({ userCount }) => String(userCount) },
  { title: "CREATED (UTC)", cell: ({ createdAt }) => time(createdAt) }
]

const gap = "  "

const narrowest = 12

const naturalWidths = (rows: ReadonlyArray<ReadonlyArray<string>>): ReadonlyArray<number> =>
  columns.map(({ title }, index) => Math.max(title.length, ...rows.map((row) => displayWidth(row[index] ?? ""))))

/** The widths that the first rows need, narrowed to the terminal where there is one. */
const fit = (widths: ReadonlyArray<number>, available: number): ReadonlyArray<number> => {
  const total = widths.reduce((sum, width) => sum + width + gap.length, -gap.length)
  const excess = Math.max(0, total - available)
  return widths.map((width, index) =>
    columns[index]?.isElastic === true ? Math.max(Math.min(width, narrowest), width - excess) : width
  )
}

const line = (cells: ReadonlyArray<string>, widths: ReadonlyArray<number>, isCut: boolean): string =>
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

/** Renders batches of customers as one table, whose widths the first batch sets. */
export const makeTable = ({ columns: available, style }: Options) => {
  let widths: ReadonlyArray<number> | undefined
  return (customers: ReadonlyArray<Customer>): string => {
    const rows = customers.map((customer) => columns.map(({ cell }) => cell(customer)))
    const isFirst = widths === undefined
    const set = widths ?? fit(naturalWidths(rows), available ?? Number.POSITIVE_INFINITY)
    widths = set
    const titles = columns.map(({ title }) => title)
    return [
      ...(isFirst ? [style.bold(line(titles, set, false))] : []),
      ...rows.map((row) => line(row, set, available !== undefined))
    ]
      .map((text) => `${text}\n`)
      .join("")
  }
}

const facts = (customer: Customer): ReadonlyArray<readonly [string, string]> => [
  ["id", customer.expressCustomerId],
  ["name", oneLine(customer.expressCustomerName)],
  ["active", customer.isActive ? "yes" : "no"],
  ["users", String(customer.userCount)],
  ["created", customer.createdAt === null ? "" : DateTime.formatIso(customer.createdAt)],
  ["updated", customer.updatedAt === null ? "" : DateTime.formatIso(customer.updatedAt)],
  ["created by key", customer.createdByApiKeyId ?? ""],
  ["created by user", customer.createdByUserId ?? ""],
  ...Object.entries(customer.metadata ?? {}).map(
    ([key, value], index) => [index === 0 ? "metadata" : "", oneLine(`${key}=${value}`)] as const
  )
]

/** One customer, a fact a line. */
export const describe = (customer: Customer, style: Style): string =>
  facts(customer)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${style.bold(name.padEnd(15))}  ${value}\n`)
    .join("")
