/**
 * The domain of the Avara Express API: customers, their ids, and what each operation takes and answers.
 *
 * @since 0.1.0
 */
import * as Arr from "effect/Array"
import * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import type * as AST from "effect/SchemaAST"
import { readWith } from "./internal/decode/compile.js"
import { readTimestamp } from "./internal/decode/timestamp.js"
import { absentIsNull, nullIsAbsent } from "./internal/decode/tolerance.js"
import { checkWait } from "./internal/platform/durations.js"
import { exactNullOr, issueAt, issues, mismatch, oneOf, rule } from "./internal/platform/schema.js"

/**
 * The id of a customer: `cus_` and characters that are safe in a path. The API documents 32 hex digits; neither length nor alphabet is checked.
 *
 * @since 0.1.0
 * @category ids
 */
export const CustomerId = Schema.String.pipe(
  Schema.pattern(/^cus_[A-Za-z0-9_-]+$/, {
    ...rule('"cus_" followed by letters, digits, "_" or "-"'),
    identifier: "CustomerId",
    examples: ["cus_1234567890abcdef1234567890abcdef"],
    arbitrary: () => (fc) => fc.stringMatching(/^cus_[0-9a-f]{32}$/)
  }),
  Schema.brand("@effect-avara/core/CustomerId")
)

/**
 * @since 0.1.0
 * @category ids
 */
export type CustomerId = typeof CustomerId.Type

/**
 * The id of a user: `usr_` and characters that are safe in a path. The API documents 32 hex digits; neither length nor alphabet is checked.
 *
 * @since 0.1.0
 * @category ids
 */
export const UserId = Schema.String.pipe(
  Schema.pattern(/^usr_[A-Za-z0-9_-]+$/, {
    ...rule('"usr_" followed by letters, digits, "_" or "-"'),
    identifier: "UserId",
    examples: ["usr_1234567890abcdef1234567890abcdef"],
    arbitrary: () => (fc) => fc.stringMatching(/^usr_[0-9a-f]{32}$/)
  }),
  Schema.brand("@effect-avara/core/UserId")
)

/**
 * @since 0.1.0
 * @category ids
 */
export type UserId = typeof UserId.Type

/**
 * An ISO 8601 date or date-time as `DateTime.Utc`.
 *
 * A date stands for its midnight. The separator may be a space, the offset `Z`, `+00`, `+0000` or `+00:00`. Text without an offset is read as
 * UTC, never in the machine's zone. Digits beyond milliseconds are cut.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Timestamp = Schema.transformOrFail(
  Schema.String.annotations({ jsonSchema: { type: "string", format: "date-time" } }),
  Schema.DateTimeUtcFromSelf,
  {
    strict: true,
    decode: (text, _, ast) => Either.fromNullable(readTimestamp(text), () => mismatch(ast, text)),
    encode: (time) => Either.right(DateTime.formatIso(time))
  }
).annotations({ ...rule("an ISO 8601 date or date-time"), ...readWith(readTimestamp), identifier: "Timestamp" })

/**
 * Key-value pairs that a caller keeps with a customer.
 *
 * @since 0.1.0
 * @category models
 */
export interface Metadata {
  readonly [key: string]: string
}

/** Without an array of the values; an inherited key only makes its caller look closer. */
const holdsOnlyText = (input: Readonly<Record<string, unknown>>): input is Metadata => {
  for (const key in input) if (typeof input[key] !== "string") return false
  return true
}

const decodeMetadata = (input: unknown, _: unknown, ast: AST.Declaration) => {
  if (!Predicate.isReadonlyRecord(input)) return Either.left(mismatch(ast, input))
  if (holdsOnlyText(input)) return Either.right(input)
  const wrong = Object.keys(input)
    .filter((key) => typeof input[key] !== "string")
    .map((key) => issueAt([key], input, mismatch(Schema.String.ast, input[key])))
  return Arr.isNonEmptyReadonlyArray(wrong) ? Either.left(issues(ast, input, wrong)) : Either.right(input as Metadata)
}

/**
 * Metadata as the API answers it: any number of pairs of text. The answered object itself is kept, so that no key is lost, not even `__proto__`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Metadata: Schema.Schema<Metadata> = Schema.declare(
  [],
  {
    decode: () => decodeMetadata,
    encode: () => decodeMetadata
  },
  {
    ...rule("a map of text to text"),
    identifier: "Metadata",
    jsonSchema: { type: "object", additionalProperties: { type: "string" } },
    arbitrary: () => (fc) => fc.dictionary(fc.string(), fc.string(), { maxKeys: 5, noNullPrototype: true }),
    pretty: () => (metadata) => `{ ${Object.keys(metadata).length} pairs }`
  }
)

const maxPairs = 50
const maxKeyLength = 100
const maxValueLength = 1000

const length = (text: string) => Array.from(text).length

const metadataIssues = (metadata: Metadata): ReadonlyArray<Schema.FilterIssue> => {
  const pairs = Object.entries(metadata)
  return [
    ...(pairs.length > maxPairs ? [{ path: [], message: `at most ${maxPairs} pairs, not ${pairs.length}` }] : []),
    ...pairs
      .filter(([key]) => length(key) > maxKeyLength)
      .map(([key]) => ({
        path: [key],
        message: `a key of at most ${maxKeyLength} characters, not ${length(key)}`
      })),
    ...pairs
      .filter(([, value]) => length(value) > maxValueLength)
      .map(([key, value]) => ({
        path: [key],
        message: `a value of at most ${maxValueLength} characters, not ${length(value)}`
      }))
  ]
}

/**
 * Metadata as the API takes it: at most 50 pairs, keys to 100 characters, values to 1000, counted in Unicode code points.
 *
 * @since 0.1.0
 * @category schemas
 */
export const MetadataParams: Schema.Schema<Metadata> = Metadata.pipe(
  Schema.filter(metadataIssues, {
    identifier: "MetadataParams",
    description: `at most ${maxPairs} pairs, keys to ${maxKeyLength} characters, values to ${maxValueLength}`,
    jsonSchema: {
      maxProperties: maxPairs,
      propertyNames: { maxLength: maxKeyLength },
      additionalProperties: { type: "string", maxLength: maxValueLength }
    }
  })
)

const CustomerName = Schema.String.pipe(
  Schema.minLength(1, { ...rule("text of at least 1 character"), identifier: "CustomerName" })
)

/** No JSON holds `NaN`: it is what a lenient client reads in place of a count that it cannot read. */
const UserCount = Schema.Number.pipe(
  Schema.filter((count) => (Number.isSafeInteger(count) && count >= 0) || Number.isNaN(count), {
    ...rule("an integer of at least 0"),
    jsonSchema: { type: "integer", minimum: 0 },
    arbitrary: () => (fc) => fc.nat()
  })
)

/**
 * A customer, as every operation on customers answers it.
 *
 * @example
 * ```ts
 * import { Customer } from "@effect-avara/core"
 * import * as Schema from "effect/Schema"
 *
 * const customer = Schema.decodeUnknownSync(Customer)({
 *   createdAt: "2024-01-15T09:00:00Z",
 *   expressCustomerId: "cus_1234567890abcdef1234567890abcdef",
 *   expressCustomerName: "City Medical Center - Radiology Department",
 *   isActive: true,
 *   updatedAt: null,
 *   userCount: 15
 * })
 * const isNew: boolean = customer.updatedAt === null
 * ```
 *
 * @since 0.1.0
 * @category schemas
 */
export const Customer = Schema.Struct({
  /** When the customer was created. */
  createdAt: absentIsNull(Timestamp),
  /** The customer's id. */
  expressCustomerId: CustomerId,
  /** The customer's name, at least 1 character. */
  expressCustomerName: CustomerName,
  /** `false` once deactivated: no new studies and no user assignments until it is reactivated. */
  isActive: Schema.Boolean,
  /** When the customer was last changed. */
  updatedAt: absentIsNull(Timestamp),
  /** How many users the customer has; `NaN` if a lenient client cannot read it. */
  userCount: UserCount,
  /** The UUID of the API key that created the customer. */
  createdByApiKeyId: nullIsAbsent(Schema.String),
  /** The id of the user who created the customer in the dashboard, `null` if an API key did; text of any form. */
  createdByUserId: exactNullOr(Schema.String),
  /** Key-value pairs kept with the customer. */
  metadata: nullIsAbsent(Metadata)
}).annotations({ identifier: "Customer" })

/**
 * A customer, as every operation on customers answers it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Customer extends Schema.Schema.Type<typeof Customer> {}

/**
 * A customer as JSON.
 *
 * @since 0.1.0
 * @category models
 */
export interface CustomerEncoded extends Schema.Schema.Encoded<typeof Customer> {}

/**
 * One page of the list of customers.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CustomerPage = Schema.Struct({
  /** The page's customers, possibly none. */
  expressCustomers: Schema.Array(Customer),
  /** Whether the list goes on after this page. */
  hasMore: Schema.Boolean,
  /** Opaque text that asks for the next page. */
  cursor: nullIsAbsent(Schema.String)
}).annotations({ identifier: "CustomerPage" })

/**
 * One page of the list of customers.
 *
 * @since 0.1.0
 * @category models
 */
export interface CustomerPage extends Schema.Schema.Type<typeof CustomerPage> {}

/**
 * The answer of adding and removing a user.
 *
 * @since 0.1.0
 * @category schemas
 */
export const SuccessResponse = Schema.Struct({
  success: Schema.Boolean,
  message: nullIsAbsent(Schema.String)
}).annotations({ identifier: "SuccessResponse" })

/**
 * The answer of adding and removing a user.
 *
 * @since 0.1.0
 * @category models
 */
export interface SuccessResponse extends Schema.Schema.Type<typeof SuccessResponse> {}

/**
 * What `create` takes.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CreateParams = Schema.Struct({
  /** The customer's name, at least 1 character. */
  expressCustomerName: CustomerName,
  /** At most 50 pairs, keys to 100 characters, values to 1000. */
  metadata: Schema.optional(MetadataParams)
}).annotations({ identifier: "CreateParams" })

/**
 * What `create` takes.
 *
 * @since 0.1.0
 * @category models
 */
export interface CreateParams extends Schema.Schema.Type<typeof CreateParams> {}

const Wait = Schema.declare(
  (input): input is Duration.DurationInput => Either.isRight(checkWait(input)),
  rule('a duration from zero to 24 days, such as "5 seconds"')
)

/**
 * What `createOnce` takes.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CreateOnceParams = Schema.Struct({
  ...CreateParams.fields,
  /** What tells this create from every other one, such as the id of a row of an own table; 1 to 1000 characters. */
  key: Schema.NonEmptyString.annotations(rule("text of at least 1 character")),
  /** The metadata entry that holds the key, in sight of everybody who reads the customer; `createOnceKey` by default. */
  keyName: Schema.optional(Schema.NonEmptyString.annotations(rule("text of at least 1 character"))),
  /** Looks for the key before the first create too: for a key that an earlier run may have used. `false` by default. */
  lookFirst: Schema.optional(Schema.Boolean),
  /** How long to wait before the look, as a request that timed out may still be at work: zero to 24 days, 5 seconds by default. */
  settle: Schema.optional(Wait)
}).annotations({ identifier: "CreateOnceParams" })

/**
 * What `createOnce` takes.
 *
 * @since 0.1.0
 * @category models
 */
export interface CreateOnceParams extends Schema.Schema.Type<typeof CreateOnceParams> {}

/**
 * What `update` takes: a missing field is left alone, `metadata: null` clears all metadata. The API's documentation does not say whether
 * `metadata` is merged with the customer's pairs or replaces them: to get the same result either way, read the customer, and send all the
 * pairs that it is to have, the one of `createOnce` included.
 *
 * @since 0.1.0
 * @category schemas
 */
export const UpdateParams = Schema.Struct({
  /** The new name, at least 1 character. */
  expressCustomerName: Schema.optional(CustomerName),
  /** All pairs that the customer is to have, or `null` to clear them. */
  metadata: Schema.optional(Schema.NullOr(MetadataParams))
}).annotations({ identifier: "UpdateParams" })

/**
 * What `update` takes: a missing field is left alone, `metadata: null` clears all metadata. The API's documentation does not say whether
 * `metadata` is merged with the customer's pairs or replaces them: to get the same result either way, read the customer, and send all the
 * pairs that it is to have, the one of `createOnce` included.
 *
 * @since 0.1.0
 * @category models
 */
export interface UpdateParams extends Schema.Schema.Type<typeof UpdateParams> {}

/**
 * How many customers a page may hold: an integer from 1 to 100.
 *
 * @since 0.1.0
 * @category schemas
 */
export const PageLimit = Schema.Int.pipe(
  Schema.between(1, 100, { ...rule("an integer from 1 to 100"), identifier: "PageLimit" })
)

/**
 * What `list` takes.
 *
 * @since 0.1.0
 * @category schemas
 */
export const ListParams = Schema.Struct({
  /** The cursor of the previous page; none asks for the first one. */
  cursor: Schema.optional(Schema.NonEmptyString.annotations(rule("the cursor of an earlier page, not empty text"))),
  /** How many customers the page may hold, 1 to 100; the API's default is 20. */
  limit: Schema.optional(PageLimit)
}).annotations({ identifier: "ListParams" })

/**
 * What `list` takes.
 *
 * @since 0.1.0
 * @category models
 */
export interface ListParams extends Schema.Schema.Type<typeof ListParams> {}

const PositiveInt = Schema.Int.pipe(Schema.positive(rule("an integer above 0")))

const Parallelism = Schema.Int.pipe(Schema.between(1, 32, rule("an integer from 1 to 32")))

const Ids = Schema.declare(
  (input): input is Iterable<string> => Predicate.isIterable(input) && !Predicate.isString(input),
  rule("an iterable of customer ids")
)

/**
 * What `stream` and `pages` take.
 *
 * @since 0.1.0
 * @category schemas
 */
export const StreamParams = Schema.Struct({
  ...ListParams.fields,
  /** Whether a customer whose id came before is dropped, as lists that change while they are read repeat customers; `true` by default. */
  distinct: Schema.optional(Schema.Boolean),
  /** Ids that an earlier run emitted, which this one drops as it drops its own. */
  seen: Schema.optional(Ids),
  /**
   * How many pages to request at a time, 1 to 32; 1 by default. More than 1 has an effect only if cursors are base64 text of
   * `{"offset": n}` and pages are full: each page must then overlap the one before it, as with `verify: "overlap"`. If one does not, the
   * stream steps back to what it has read, and requests the rest page by page.
   */
  parallel: Schema.optional(Parallelism),
  /**
   * `"overlap"` detects customers that are deleted while the list is read, which would hide others; `"none"` by default.
   *
   * It requests each page one customer early: the page must begin with a customer that was read. If it does not, the stream steps back to
   * one that was and continues from there, or fails with `BrokenPagination` (`shiftedList`). One more request confirms the list's end.
   * It needs cursors that are base64 text of `{"offset": n}`, or fails with `BrokenPagination` (`unverifiable`), and a `limit` of at
   * least 2. A list that fits in one page is one response, which is taken as it is.
   */
  verify: Schema.optional(oneOf("none", "overlap").annotations(rule('"none" or "overlap"'))),
  /**
   * With `cursor`, the id of the last customer that the earlier run read: an overlap then verifies the first page, too. Pass `seen` with
   * it, so that the stream finds its place again even if that customer was deleted.
   */
  after: Schema.optional(Schema.NonEmptyString.annotations(rule("the id of a customer, not empty text"))),
  /** The most pages to read before the list counts as broken; no limit by default. */
  maxPages: Schema.optional(PositiveInt),
  /** The most pages in a row that may promise more without a new customer; 100 by default. */
  maxEmptyPages: Schema.optional(PositiveInt)
}).annotations({ identifier: "StreamParams" })

/**
 * What `stream` and `pages` take: `cursor` may be the `resumeCursor` of an error or the `cursor` of a page, `limit` is 100 by default.
 *
 * @since 0.1.0
 * @category models
 */
export interface StreamParams extends Schema.Schema.Type<typeof StreamParams> {}

/**
 * A page as `pages` emits it.
 *
 * @since 0.1.0
 * @category models
 */
export interface StreamPage extends CustomerPage {
  /**
   * The JSON that each customer was read from, in the same order: fields that no schema names, and timestamps as they were sent.
   * A page with a row of more than 1,000 levels of objects and arrays is an `InvalidResponse`.
   */
  readonly received: ReadonlyArray<unknown>
  /** How many customers were left out of this page because the stream had emitted them before. */
  readonly duplicates: number
}
