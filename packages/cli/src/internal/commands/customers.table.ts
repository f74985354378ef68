import type { Customer } from "@effect-avara/core"
import * as DateTime from "effect/DateTime"
import type { Column, Facts } from "../table.js"
import { oneLine } from "../text.js"

const time = (timestamp: Customer["createdAt"]): string =>
  timestamp === null ? "" : DateTime.formatIso(timestamp).slice(0, 16).replace("T", " ")

/** Formats a count, or returns an empty cell if a lenient client could not read it. */
const count = (users: number): string => (Number.isNaN(users) ? "" : String(users))

export const columns: ReadonlyArray<Column<Customer>> = [
  { title: "ID", cell: ({ expressCustomerId }) => oneLine(expressCustomerId) },
  { title: "NAME", cell: ({ expressCustomerName }) => oneLine(expressCustomerName), isElastic: true },
  { title: "ACTIVE", cell: ({ isActive }) => (isActive ? "yes" : "no") },
  { title: "USERS", cell: ({ userCount }) => count(userCount) },
  { title: "CREATED (UTC)", cell: ({ createdAt }) => time(createdAt), isSpare: true }
]

export const factsOf = (customer: Customer): Facts => [
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
