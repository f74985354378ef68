import type { Customer } from "@effect-avara/core/Customer"
import * as Predicate from "effect/Predicate"

/** A row as the server sent it. Every client checks the required fields, a strict client the other ones. */
interface Sent {
  readonly expressCustomerId: string
  readonly expressCustomerName: string
  readonly isActive: boolean
  readonly userCount?: unknown
  readonly createdAt?: unknown
  readonly updatedAt?: unknown
  readonly createdByApiKeyId?: unknown
  readonly createdByUserId?: unknown
  readonly metadata?: unknown
}

/** A row as tables show it. A field that is absent or does not have its documented shape is `null`. @internal */
export interface SentRow extends Readonly<Record<ColumnName | "extra", unknown>> {
  readonly expressCustomerId: string
  readonly expressCustomerName: string
  readonly isActive: boolean
  readonly userCount: number | null
  readonly createdAt: string | null
  readonly updatedAt: string | null
  readonly createdByApiKeyId: string | null
  readonly createdByUserId: string | null
  readonly metadata: Readonly<Record<string, string>> | null
  /** The fields that no column shows, as the server sent them: fields that no schema names, and fields that do not have their documented shape. */
  readonly extra: ReadonlyArray<readonly [string, unknown]>
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  Predicate.isReadonlyRecord(value) && !Array.isArray(value)

const isPairs = (value: unknown): value is Readonly<Record<string, string>> =>
  isObject(value) && Object.values(value).every(Predicate.isString)

/** The columns of every table, in order, each with the shape that it shows. Fields of another shape go to `extra`. */
const columns = {
  expressCustomerId: Predicate.isString,
  expressCustomerName: Predicate.isString,
  isActive: Predicate.isBoolean,
  userCount: isCount,
  createdAt: Predicate.isString,
  updatedAt: Predicate.isString,
  createdByApiKeyId: Predicate.isString,
  createdByUserId: Predicate.isString,
  metadata: isPairs
} satisfies Readonly<Record<keyof Customer, Predicate.Predicate<unknown>>>

/** The name of a column, which is the name of its field. @internal */
export type ColumnName = keyof typeof columns

const isColumn = (name: string): name is ColumnName => Object.hasOwn(columns, name)

/** @internal */
export const columnNames = Object.keys(columns).filter(isColumn)

/** The columns whose cells are plain values. @internal */
export const plainColumns = columnNames.filter((name) => name !== "metadata")

const isShown = ([name, value]: readonly [string, unknown]): boolean =>
  isColumn(name) && (value === null || columns[name](value))

const textOf = (value: unknown): string | null => (typeof value === "string" ? value : null)

/** The pairs whose values are text, which a lenient client reads too. */
const pairsOf = (value: unknown): SentRow["metadata"] => {
  if (isPairs(value)) return value
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).filter((pair): pair is [string, string] => Predicate.isString(pair[1])))
    : null
}

/** Parses a line without checks: either this library wrote it, or the checksum has already refused the file. @internal */
export const parseRow = (line: string): SentRow => {
  const sent: Sent = JSON.parse(line)
  return {
    expressCustomerId: sent.expressCustomerId,
    expressCustomerName: sent.expressCustomerName,
    isActive: sent.isActive,
    userCount: isCount(sent.userCount) ? sent.userCount : null,
    createdAt: textOf(sent.createdAt),
    updatedAt: textOf(sent.updatedAt),
    createdByApiKeyId: textOf(sent.createdByApiKeyId),
    createdByUserId: textOf(sent.createdByUserId),
    metadata: pairsOf(sent.metadata),
    extra: Object.entries(sent).filter((field) => !isShown(field))
  }
}

/** Returns a JSON object as text, even with a key such as `__proto__`. @internal */
export const jsonOf = (pairs: ReadonlyArray<readonly [string, unknown]>): string =>
  JSON.stringify(Object.fromEntries(pairs))

const charactersAtATime = 1024 * 1024

/** Converts rows in pieces of about a million characters, because a page may be too large to have in memory twice. @internal */
export const inPieces = function* <A, B>(
  rows: Iterable<A>,
  convert: (row: A) => B,
  lengthOf: (converted: B) => number
): Generator<ReadonlyArray<B>> {
  let piece: Array<B> = []
  let length = 0
  for (const row of rows) {
    const converted = convert(row)
    piece.push(converted)
    length += lengthOf(converted)
    if (length < charactersAtATime) continue
    yield piece
    piece = []
    length = 0
  }
  if (piece.length > 0) yield piece
}
