import * as Either from "effect/Either"
import type * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import type { Customer } from "../../Customer.js"
import type { Decode } from "../decode/decoder.js"
import { depthOf, maxDepth } from "../decode/depth.js"
import type { Page } from "../list/page.js"
import { issueAt, mismatch, parseError } from "../platform/schema.js"
import { decodePage } from "./endpoints.js"

/** A customer, with the JSON that it was decoded from. @internal */
export interface ReceivedCustomer {
  readonly customer: Customer
  readonly json: unknown
}

/** The JSON of a decoded customer. */
type Row = Readonly<Record<string, unknown>>

const tooDeep = (index: number, name: string, depth: number) => {
  const description = `a row of at most ${maxDepth} levels of objects and arrays, not ${depth}`
  const { ast } = Schema.Unknown.annotations({ description })
  return parseError(issueAt(["expressCustomers", index, name], undefined, mismatch(ast, undefined)))
}

/** Checks that rows do not nest too deeply to be written. Documented metadata does not nest. */
const checkDepth = (rows: ReadonlyArray<Row>, isLenient: boolean): Either.Either<void, ParseResult.ParseError> => {
  for (const [index, row] of rows.entries()) {
    for (const name in row) {
      if (typeof row[name] !== "object" || row[name] === null || (name === "metadata" && !isLenient)) continue
      const depth = 1 + depthOf(row[name])
      if (depth > maxDepth) return Either.left(tooDeep(index, name, depth))
    }
  }
  return Either.void
}

/** Decodes a page and keeps the JSON of each customer, including fields that no schema names. @internal */
export const decodeReceivedPage: Decode<Page<ReceivedCustomer>> = (json, onDrift) =>
  Either.flatMap(decodePage(json, onDrift), ({ cursor, expressCustomers, hasMore }) => {
    const rows = (json as { readonly expressCustomers: ReadonlyArray<Row> }).expressCustomers
    return Either.map(checkDepth(rows, onDrift !== undefined), () => ({
      items: expressCustomers.map((customer, index) => ({ customer, json: rows[index] })),
      hasMore,
      ...(cursor === undefined ? {} : { cursor })
    }))
  })

/** Decodes a page of customers without their JSON. @internal */
export const decodeItems: Decode<Page<Customer>> = (json, onDrift) =>
  Either.map(decodePage(json, onDrift), ({ expressCustomers, ...page }) => ({ items: expressCustomers, ...page }))
