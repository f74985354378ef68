/**
 * Faults that a test sets on demand: which requests they affect, and how.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { integer, maxCustomers, optional, rule } from "./internal/schema.js"
import { GivenCustomer } from "./State.js"

/**
 * The name of an operation, as in the errors of `@effect-avara/core`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Operation = Schema.Literal(
  "customers.create",
  "customers.list",
  "customers.retrieve",
  "customers.update",
  "customers.deactivate",
  "customers.reactivate",
  "users.add",
  "users.remove"
)

/**
 * The name of an operation, as in the errors of `@effect-avara/core`.
 *
 * @since 0.1.0
 * @category models
 */
export type Operation = typeof Operation.Type

const maxRequests = 1_000_000

const requests = {
  /** The first request that the fault affects, counted from 1 since the fault was set; 1 by default. */
  nth: optional(integer(1, maxRequests)),
  /** How many consecutive requests the fault affects; by default 1 with `nth`, otherwise every request. */
  times: optional(integer(1, maxRequests))
}

const when = {
  /** The operation whose requests the fault affects; every operation by default. */
  operation: optional(Operation),
  ...requests
}

const whenListed = {
  /** This fault affects only requests of the list. */
  operation: optional(Schema.Literal("customers.list")),
  ...requests
}

const framing: ReadonlyArray<string> = ["connection", "content-length", "transfer-encoding"]

const HeaderValue = Schema.String.pipe(
  Schema.pattern(/^[\t\x20-\x7e\x80-\xff]*$/, rule("text that is allowed in a header, without line breaks"))
)

const isHeaderName = (name: string): boolean =>
  /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) && !framing.includes(name.toLowerCase())

const Headers = Schema.Record({ key: Schema.String, value: HeaderValue }).pipe(
  Schema.filter((headers) =>
    Object.keys(headers)
      .filter((name) => !isHeaderName(name))
      .map((name) => ({ path: [name], message: `the name of a header other than ${framing.join(", ")}` }))
  )
)

const isJsonValue = (value: unknown): boolean => {
  try {
    return JSON.stringify(value) !== undefined
  } catch {
    return false
  }
}

/** Values may come from plain JavaScript. */
const Body = Schema.Unknown.pipe(
  Schema.filter((body) => body === undefined || isJsonValue(body), rule("text, or a value that JSON can represent"))
)

/**
 * A fault: which requests it affects, and how.
 *
 * - `status`: a response with this status. The request is not processed.
 * - `delay`: the request waits and is then processed.
 * - `reset`: the connection is reset before the response, and the request is not processed. With `during: "body"`, the request is
 *   processed, and the connection is reset in the middle of the response's body.
 * - `cutBody`: the request is processed, and the connection is closed in the middle of the response's body.
 * - `html`: an HTML page instead of JSON, with status 200 by default. The request is not processed.
 * - `loseResponse`: the request is processed, and the connection is reset before the response.
 * - `rateLimit`: more than `perSecond` requests within a second are refused with 429 and `Retry-After`.
 * - `repeatCursor`: a page of the list returns the same cursor that it was requested with.
 * - `missingCursor`: a page of the list has `hasMore: true` and no cursor.
 * - `insertCustomer`: before the page is read, a customer is inserted at `index`; 0, the start of the list, by default.
 * - `deleteCustomer`: before the page is read, the customer at `index` is deleted; 0 by default.
 *
 * @example
 * ```ts
 * import { Emulator, type Fault } from "@effect-avara/emulator"
 *
 * const faults: ReadonlyArray<Fault.Fault> = [
 *   { type: "loseResponse", operation: "customers.create", nth: 1 },
 *   { type: "status", status: 503, headers: { "retry-after": "1" }, operation: "customers.list", nth: 3, times: 2 }
 * ]
 *
 * const layer = Emulator.layerHttpClient({ customers: 300, faults })
 * ```
 *
 * @since 0.1.0
 * @category schemas
 */
export const Fault = Schema.Union(
  Schema.Struct({
    type: Schema.Literal("status"),
    ...when,
    /** 200 to 599. */
    status: integer(200, 599),
    headers: optional(Headers),
    /** The body; none by default. Text is sent unchanged, any other value as JSON. */
    body: optional(Body)
  }),
  Schema.Struct({ type: Schema.Literal("delay"), ...when, millis: integer(0, 3_600_000) }),
  Schema.Struct({
    type: Schema.Literal("reset"),
    ...when,
    /** When the connection is reset: before the response, the default, or in the middle of its body. */
    during: optional(Schema.Literal("response", "body"))
  }),
  Schema.Struct({ type: Schema.Literal("cutBody"), ...when }),
  Schema.Struct({ type: Schema.Literal("html"), ...when, status: optional(integer(200, 599)) }),
  Schema.Struct({ type: Schema.Literal("loseResponse"), ...when }),
  Schema.Struct({
    type: Schema.Literal("rateLimit"),
    ...when,
    perSecond: integer(1, maxRequests),
    /** The seconds of `Retry-After`; 1 by default. */
    retryAfter: optional(integer(0, 86_400))
  }),
  Schema.Struct({ type: Schema.Literal("repeatCursor"), ...whenListed }),
  Schema.Struct({ type: Schema.Literal("missingCursor"), ...whenListed }),
  Schema.Struct({
    type: Schema.Literal("insertCustomer"),
    ...whenListed,
    index: optional(integer(0, maxCustomers)),
    customer: optional(GivenCustomer)
  }),
  Schema.Struct({ type: Schema.Literal("deleteCustomer"), ...whenListed, index: optional(integer(0, maxCustomers)) })
).annotations({ identifier: "Fault" })

/**
 * A fault: which requests it affects, and how.
 *
 * @since 0.1.0
 * @category models
 */
export type Fault = typeof Fault.Type

/**
 * Several faults, in the order in which they apply.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Faults = Schema.Array(Fault)

/**
 * A fault that is set, with the number of requests that it has affected.
 *
 * @since 0.1.0
 * @category models
 */
export type SetFault = Fault & {
  /** The id for `DELETE /__emulator/faults/{id}`. */
  readonly id: string
  readonly fired: number
}
