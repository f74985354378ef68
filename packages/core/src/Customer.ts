/**
 * The schemas and types of the Avara Express API: customers, their ids, and the parameters and responses of each operation.
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
 * The id of a customer: `cus_` followed by letters, digits, `_` or `-`.
 *
 * The API documents 32 hex digits. The schema checks neither the length nor the hex alphabet, so that a new id format keeps working.
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
 * The id of a customer, as text that was checked.
 *
 * @since 0.1.0
 * @category ids
 */
export type CustomerId = typeof CustomerId.Type

/**
 * The id of a user: `usr_` followed by letters, digits, `_` or `-`.
 *
 * The API documents 32 hex digits. The schema checks neither the length nor the hex alphabet, so that a new id format keeps working.
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
 * The id of a user, as text that was checked.
 *
 * @since 0.1.0
 * @category ids
 */
export type UserId = typeof UserId.Type

/**
 * The schema of a timestamp: ISO 8601 text that decodes to `DateTime.Utc`.
 *
 * A date means midnight UTC. The separator may be a space, and the offset may be `Z`, `+00`, `+0000` or `+00:00`. Text without an offset is
 * read as UTC, never in the machine's time zone. Digits after the milliseconds are dropped.
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
 * The custom key-value pairs of a customer.
 *
 * @since 0.1.0
 * @category models
 */
export interface Metadata {
  readonly [key: string]: string
}

/** Allocates no array of the values; an inherited key only sends its caller to the slower check. */
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
 * The schema of metadata in a response: any number of text pairs. Decoding returns the parsed object itself, so that no key is lost, not even
 * `__proto__`.
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
 * The schema of metadata in a request: at most 50 pairs, with keys of at most 100 characters and values of at most 1000 characters, counted
 * in Unicode code points.
 *
 * @since 0.1.0
 * @category schemas
 */
export const MetadataParams: Schema.Schema<Metadata> = Metadata.pipe(
  Schema.filter(metadataIssues, {
    identifier: "MetadataParams",
    description: `at most ${maxPairs} pairs, keys of at most ${maxKeyLength} characters, values of at most ${maxValueLength}`,
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

/** JSON cannot contain `NaN`: a lenient client returns it in place of a count that it cannot read. */
const UserCount = Schema.Number.pipe(
  Schema.filter((count) => (Number.isSafeInteger(count) && count >= 0) || Number.isNaN(count), {
    ...rule("an integer of at least 0"),
    jsonSchema: { type: "integer", minimum: 0 },
    arbitrary: () => (fc) => fc.nat()
  })
)

/**
 * The schema of a customer, which every operation on a single customer returns.
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
  /** Whether the customer is active. A deactivated customer takes no new studies and no user assignments until it is reactivated. */
  isActive: Schema.Boolean,
  /** When the customer was last updated. */
  updatedAt: absentIsNull(Timestamp),
  /** The number of users in the customer; `NaN` if a lenient client cannot read it. */
  userCount: UserCount,
  /** The UUID of the API key that created the customer. */
  createdByApiKeyId: nullIsAbsent(Schema.String),
  /** The id of the user who created the customer in the dashboard, or `null` if an API key created it. Its format is not checked. */
  createdByUserId: exactNullOr(Schema.String),
  /** The custom key-value pairs of the customer. */
  metadata: nullIsAbsent(Metadata)
}).annotations({ identifier: "Customer" })

/**
 * A customer, which every operation on a single customer returns.
 *
 * @since 0.1.0
 * @category models
 */
export interface Customer extends Schema.Schema.Type<typeof Customer> {}

/**
 * A customer in its JSON form.
 *
 * @since 0.1.0
 * @category models
 */
export interface CustomerEncoded extends Schema.Schema.Encoded<typeof Customer> {}

/**
 * The schema of one page of the list of customers.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CustomerPage = Schema.Struct({
  /** The customers on the page, possibly none. */
  expressCustomers: Schema.Array(Customer),
  /** Whether the list continues after this page. */
  hasMore: Schema.Boolean,
  /** The opaque cursor that requests the next page. */
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
 * The schema of the response to adding or removing a user.
 *
 * @since 0.1.0
 * @category schemas
 */
export const SuccessResponse = Schema.Struct({
  success: Schema.Boolean,
  message: nullIsAbsent(Schema.String)
}).annotations({ identifier: "SuccessResponse" })

/**
 * The response to adding or removing a user.
 *
 * @since 0.1.0
 * @category models
 */
export interface SuccessResponse extends Schema.Schema.Type<typeof SuccessResponse> {}

/**
 * The schema of the parameters of `create`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CreateParams = Schema.Struct({
  /** The customer's name, at least 1 character. */
  expressCustomerName: CustomerName,
  /** The custom key-value pairs: at most 50, with keys of at most 100 characters and values of at most 1000. */
  metadata: Schema.optional(MetadataParams)
}).annotations({ identifier: "CreateParams" })

/**
 * The parameters of `create`.
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
 * The schema of the parameters of `createOnce`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CreateOnceParams = Schema.Struct({
  ...CreateParams.fields,
  /** The key that distinguishes this create from every other one, such as the id of a row in your own database; 1 to 1000 characters. */
  key: Schema.NonEmptyString.annotations(rule("text of at least 1 character")),
  /** The name of the metadata entry that holds the key, visible to everyone who reads the customer; `createOnceKey` by default. */
  keyName: Schema.optional(Schema.NonEmptyString.annotations(rule("text of at least 1 character"))),
  /** Whether to look for the key before the first create, too. Set it if an earlier run may have used the key; `false` by default. */
  lookFirst: Schema.optional(Schema.Boolean),
  /**
   * How long to wait before looking for the key, because the server may still be processing a request that timed out: zero to 24 days,
   * 5 seconds by default.
   */
  settle: Schema.optional(Wait)
}).annotations({ identifier: "CreateOnceParams" })

/**
 * The parameters of `createOnce`.
 *
 * @since 0.1.0
 * @category models
 */
export interface CreateOnceParams extends Schema.Schema.Type<typeof CreateOnceParams> {}

/**
 * The schema of the parameters of `update`. A field that you omit stays unchanged, and `metadata: null` clears all metadata.
 *
 * The API's documentation does not say whether `metadata` is merged with the customer's pairs or replaces them. To get the same result either
 * way, retrieve the customer and send all the pairs that it should have, including the pair of `createOnce`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const UpdateParams = Schema.Struct({
  /** The new name, at least 1 character. */
  expressCustomerName: Schema.optional(CustomerName),
  /** All the pairs that the customer should have, or `null` to clear them. */
  metadata: Schema.optional(Schema.NullOr(MetadataParams))
}).annotations({ identifier: "UpdateParams" })

/**
 * The parameters of `update`. A field that you omit stays unchanged, and `metadata: null` clears all metadata.
 *
 * The API's documentation does not say whether `metadata` is merged with the customer's pairs or replaces them. To get the same result either
 * way, retrieve the customer and send all the pairs that it should have, including the pair of `createOnce`.
 *
 * @since 0.1.0
 * @category models
 */
export interface UpdateParams extends Schema.Schema.Type<typeof UpdateParams> {}

/**
 * The schema of the largest number of customers on a page: an integer from 1 to 100.
 *
 * @since 0.1.0
 * @category schemas
 */
export const PageLimit = Schema.Int.pipe(
  Schema.between(1, 100, { ...rule("an integer from 1 to 100"), identifier: "PageLimit" })
)

/**
 * The schema of the parameters of `list`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const ListParams = Schema.Struct({
  /** The cursor from the previous page; without it, the first page is requested. */
  cursor: Schema.optional(Schema.NonEmptyString.annotations(rule("the cursor of an earlier page, not empty text"))),
  /** The largest number of customers on the page, 1 to 100; the API's default is 20. */
  limit: Schema.optional(PageLimit)
}).annotations({ identifier: "ListParams" })

/**
 * The parameters of `list`.
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
 * The schema of the parameters of `stream` and `pages`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const StreamParams = Schema.Struct({
  ...ListParams.fields,
  /** Whether to drop a customer whose id was already emitted: a list that changes while it is read repeats customers. `true` by default. */
  distinct: Schema.optional(Schema.Boolean),
  /** Ids that an earlier run emitted. This run drops them in the same way as the ids that it has emitted itself. */
  seen: Schema.optional(Ids),
  /**
   * How many pages to request at a time, 1 to 32; 1 by default.
   *
   * A value above 1 has an effect only if cursors are the base64 text of `{"offset": n}` and pages are full. Each page must then overlap the
   * page before it, as with `verify: "overlap"`. If a page does not, the stream steps back to a customer that it has read, and requests the
   * rest of the list page by page.
   */
  parallel: Schema.optional(Parallelism),
  /**
   * `"overlap"` detects deletions while the list is read, which would hide other customers; `"none"` by default.
   *
   * The stream requests each page one customer early, so the page must begin with a customer that was read. If it does not, the stream steps
   * back to a customer that was read and continues from there, or fails with `BrokenPagination` (`shiftedList`). One more request confirms
   * the end of the list.
   *
   * This needs a `limit` of at least 2, and cursors that are the base64 text of `{"offset": n}`; other cursors fail with `BrokenPagination`
   * (`unverifiable`). A list that fits on one page is a single response, which needs no check.
   */
  verify: Schema.optional(oneOf("none", "overlap").annotations(rule('"none" or "overlap"'))),
  /**
   * The id of the last customer that an earlier run read before `cursor`. The overlap then verifies the first page, too. Pass `seen` as well,
   * so that the stream finds its place again even if that customer was deleted.
   */
  after: Schema.optional(Schema.NonEmptyString.annotations(rule("the id of a customer, not empty text"))),
  /** The largest number of pages to read; a longer list fails with `BrokenPagination`. No limit by default. */
  maxPages: Schema.optional(PositiveInt),
  /** The largest number of pages in a row that have `hasMore: true` but no new customer; 100 by default. */
  maxEmptyPages: Schema.optional(PositiveInt)
}).annotations({ identifier: "StreamParams" })

/**
 * The parameters of `stream` and `pages`.
 *
 * `cursor` may be the `resumeCursor` of an error or the `cursor` of a page. `limit` is 100 by default.
 *
 * @since 0.1.0
 * @category models
 */
export interface StreamParams extends Schema.Schema.Type<typeof StreamParams> {}

/**
 * A page that `pages` emits.
 *
 * @since 0.1.0
 * @category models
 */
export interface StreamPage extends CustomerPage {
  /**
   * The JSON that each customer was decoded from, in the same order. It includes fields that no schema names, and timestamps as the server
   * sent them. A page with a row that nests more than 1,000 levels deep fails with `InvalidResponse`.
   */
  readonly received: ReadonlyArray<unknown>
  /** The number of customers that were dropped from this page because the stream had already emitted them. */
  readonly duplicates: number
}
