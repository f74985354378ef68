/**
 * Imports: customers from a file, each created once.
 *
 * @since 0.1.0
 */
import type * as FileSystem from "@effect/platform/FileSystem"
import type * as Path from "@effect/platform/Path"
import { withOptions } from "@effect-avara/core/AvaraClient"
import type { CreateOnceError, Validation } from "@effect-avara/core/AvaraError"
import { CreateParams, type Metadata } from "@effect-avara/core/Customer"
import { Customers } from "@effect-avara/core/Customers"
import * as Issue from "@effect-avara/core/Issue"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { ImportError } from "./ExportError.js"
import * as batch from "./internal/batch.js"
import { isRowError, issuesOf } from "./internal/reach.js"
import type { Fields, Item, Outcome, Work } from "./Work.js"

/**
 * The progress of an import or a bulk operation.
 *
 * @since 0.1.0
 * @category models
 */
export interface Progress {
  /** The number of rows in the file. */
  readonly total: number
  /** The number of rows that the run has finished: the sum of `done`, `skipped` and `rejected`. */
  readonly rows: number
  /** The number of rows that this run did; in a dry run, the number that it would have done. */
  readonly done: number
  /** The number of rows that were done before this run: by an earlier run, or found by `lookFirst`. */
  readonly skipped: number
  /** The number of rows that are not allowed or that the server refused. */
  readonly rejected: number
  /** The time since the first row. */
  readonly elapsed: Duration.Duration
}

/**
 * The encoding of a text file. `latin1` is ISO-8859-1. Bytes that the encoding does not assign to a character are refused.
 *
 * @since 0.1.0
 * @category options
 */
export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "latin1" | "windows-1252"

/**
 * The options of imports and bulk operations.
 *
 * @since 0.1.0
 * @category options
 */
export interface RowOptions {
  /** The path of a regular file. Its rows are read twice, and the journal is written next to it. */
  readonly file: string
  /** The format of the file; by default, the file extension decides: `.csv`, `.ndjson` or `.jsonl`. */
  readonly format?: "csv" | "ndjson" | undefined
  /** The encoding of the file; by default, the one that a byte order mark names, or UTF-8. */
  readonly encoding?: Encoding | undefined
  /** Whether to check every row without changing anything on the server; `false` by default. */
  readonly dryRun?: boolean | undefined
  /** Whether to resume an earlier run on the same file; `false` by default, which refuses a file that a run has started on. */
  readonly resume?: boolean | undefined
  /** The number of rows that are sent at the same time, 1 to 1000; 4 by default. After a crash, the result of up to this many rows is unknown. */
  readonly concurrency?: number | undefined
  /** Runs after every row. */
  readonly onProgress?: ((progress: Progress) => Effect.Effect<void>) | undefined
  /** When this effect completes, the run sends no further row, and fails with `Stopped` after the rows that were sent. */
  readonly stop?: Effect.Effect<unknown> | undefined
}

/**
 * The options of how a row becomes a customer.
 *
 * @since 0.1.0
 * @category options
 */
export interface WorkOptions {
  /** The name of the metadata entry that holds the unique key of each row; `createOnceKey` by default. */
  readonly keyName?: string | undefined
  /** How long the server may still work on a create whose response was lost, 0 to 1 day; 5 seconds by default. */
  readonly settle?: Duration.DurationInput | undefined
}

/**
 * The options of an import.
 *
 * @since 0.1.0
 * @category options
 */
export interface Options extends RowOptions, WorkOptions {
  /**
   * Whether to read the list of customers first and to skip the rows whose keys are in it; `false` by default. Use it for rows that another
   * run may have created: the same content under another file name, or a file whose journal is lost.
   */
  readonly lookFirst?: boolean | undefined
}

/**
 * The result of an import.
 *
 * @since 0.1.0
 * @category models
 */
export interface ImportReport {
  /** The number of rows in the file. */
  readonly rows: number
  /** The number of customers that this run created; in a dry run, the number that it would have created. */
  readonly created: number
  /** The number of rows whose customers were created before this run. */
  readonly skipped: number
  /** The number of skipped rows that this run found on the server. */
  readonly found: number
  /** The number of rows that are not allowed or that the server refused. */
  readonly rejected: number
  /** The file with the rejected rows, their line numbers and the reasons; missing if no row was rejected. */
  readonly rejectsFile?: string
  readonly dryRun: boolean
}

/**
 * The default name of the metadata entry that holds the key of a row.
 *
 * @since 0.1.0
 * @category options
 */
export const defaultKeyName = "createOnceKey"

/**
 * The customer that a row describes.
 *
 * @since 0.1.0
 * @category models
 */
export interface NewCustomer {
  readonly expressCustomerName: string
  /** The metadata, without the entry for the key. */
  readonly metadata: Metadata
  /** The key in the row itself, such as in a row of an earlier import. */
  readonly ownKey: string | undefined
}

const decodeParams = Schema.decodeUnknownEither(CreateParams, { errors: "all" })

const without = (metadata: Metadata, name: string): Metadata =>
  Object.fromEntries(Object.entries(metadata).filter(([key]) => key !== name))

/** Adds an entry for the key before the check, because it counts toward the limit of 50; `metadata: null` means none. */
const withKey = (fields: Fields, keyName: string): Fields => {
  const metadata = fields["metadata"] ?? {}
  return typeof metadata === "object" && !Array.isArray(metadata) && !Object.hasOwn(metadata, keyName)
    ? { ...fields, metadata: { ...metadata, [keyName]: "key" } }
    : fields
}

/** Says what an earlier conversion broke in a text: the customer would keep it forever. */
const brokenText = (text: string): string | undefined => {
  if (text.includes("\uFFFD"))
    return "contains U+FFFD, which a wrong conversion leaves in place of a character; correct the text"
  return /\p{Surrogate}/u.test(text) ? "contains half of a character (a lone surrogate); correct the text" : undefined
}

const brokenTexts = ({ expressCustomerName, metadata = {} }: CreateParams): ReadonlyArray<Issue.Issue> => {
  const texts = [
    { path: ["expressCustomerName"], text: expressCustomerName },
    ...Object.entries(metadata).map(([key, value]) => ({ path: ["metadata", key], text: key + value }))
  ]
  return texts.flatMap(({ path, text }) => {
    const message = brokenText(text)
    return message === undefined ? [] : [{ path, message }]
  })
}

const toCustomer = (
  { expressCustomerName, metadata = {} }: CreateParams,
  given: unknown,
  keyName: string
): NewCustomer => {
  const hasOwnKey = typeof given === "object" && given !== null && Object.hasOwn(given, keyName)
  return {
    expressCustomerName,
    metadata: without(metadata, keyName),
    ownKey: hasOwnKey && metadata[keyName] !== "" ? metadata[keyName] : undefined
  }
}

const decodeWith =
  (keyName: string) =>
  (fields: Fields): Either.Either<NewCustomer, ReadonlyArray<Issue.Issue>> =>
    Either.flatMap(Either.mapLeft(decodeParams(withKey(fields, keyName)), Issue.fromParseError), (params) => {
      const broken = brokenTexts(params)
      return broken.length > 0 ? Either.left(broken) : Either.right(toCustomer(params, fields["metadata"], keyName))
    })

const keyOf = ({ ownKey }: NewCustomer, line: number, fileHash: string): string =>
  ownKey ?? `import:${fileHash.slice(0, 32)}:${line}`

/** A lenient client reads wrong metadata as absent, and the import would create the customer again. */
const strictly = withOptions({ validation: "strict" })

/** Reads the list once, and finds the customers of all rows. */
const findCreated = (rows: ReadonlyMap<number, string>, keyName: string) =>
  Effect.gen(function* () {
    const customers = yield* Customers
    const lines = new Map(Array.from(rows, ([line, key]) => [key, line]))
    const found = new Map<number, string>()
    yield* Stream.runForEach(strictly(customers.stream()), ({ expressCustomerId, metadata = {} }) =>
      Effect.sync(() => {
        const line = Object.hasOwn(metadata, keyName) ? lines.get(metadata[keyName] ?? "") : undefined
        if (line !== undefined) found.set(line, expressCustomerId)
      })
    )
    return found
  })

const name = "Import.customers"

const isNegative = (input: Duration.DurationInput): boolean => /^\s*-/.test(String(input)) || Number.isNaN(input)

const checkSettle = (input: Duration.DurationInput): Effect.Effect<Duration.Duration, Validation> => {
  const settle = Option.filter(Duration.decodeUnknown(input), Duration.lessThanOrEqualTo("1 day"))
  return Option.isSome(settle) && !isNegative(input)
    ? Effect.succeed(settle.value)
    : batch.notAllowed(name, "settle", 'expected a duration from 0 to 1 day, such as "5 seconds"')
}

/** With a name that metadata cannot have, every row would be rejected. */
const checkKeyName = (keyName: string): Effect.Effect<void, Validation> =>
  Either.isRight(decodeParams({ expressCustomerName: "name", metadata: { [keyName]: "key" } })) && keyName !== ""
    ? Effect.void
    : batch.notAllowed(name, "keyName", "expected the name of a metadata entry: 1 to 100 characters")

const creates =
  (keyName: string) =>
  ({ key, value: { expressCustomerName, metadata } }: Item<NewCustomer>) =>
    Effect.flatMap(Customers, ({ create }) =>
      create({ expressCustomerName, metadata: { ...metadata, [keyName]: key } })
    ).pipe(
      Effect.map(({ expressCustomerId }): Outcome => ({ _tag: "Done", id: expressCustomerId })),
      Effect.catchIf(isRowError, (error) => Effect.succeed<Outcome>({ _tag: "Rejected", issues: issuesOf(error) })),
      Effect.catchTag("OutcomeUnknown", (error) => Effect.succeed<Outcome>({ _tag: "Unsure", error }))
    )

/**
 * Returns the work of an import for each row: it creates the customer, with the row's key in its metadata.
 *
 * If the response is lost, the outcome is `Unsure`: the customer may exist. Wait for `settle`, then look for the customer before you create
 * it again. Fails with `Validation` if an option is not allowed.
 *
 * @since 0.1.0
 * @category constructors
 */
export const work = ({
  keyName = defaultKeyName,
  settle = "5 seconds"
}: WorkOptions = {}): Effect.Effect<Work<NewCustomer, CreateOnceError, Customers>, Validation> =>
  Effect.map(Effect.zipRight(checkKeyName(keyName), checkSettle(settle)), (settle) => ({
    operation: `import by ${keyName}`,
    required: ["expressCustomerName"],
    decode: decodeWith(keyName),
    identity: ({ ownKey }) => Option.fromNullable(ownKey),
    identityName: `metadata.${keyName}`,
    keyOf,
    resend: "settle",
    settle,
    look: (keys) => findCreated(keys, keyName),
    perform: creates(keyName)
  }))

/**
 * Creates one customer for each row of a CSV or NDJSON file.
 *
 * Every customer has its row's key in its metadata, and a journal next to the file records which rows were sent. You can kill a run at any
 * moment: with `resume`, it creates no customer twice.
 *
 * CSV has the columns `expressCustomerName`, `metadata` (a JSON object) and `metadata.<key>`. The other columns of an export are ignored; any
 * other column is refused. NDJSON rows can be exported customers; `metadata: null` means none. Only the name and the metadata are used.
 *
 * The import reads the complete file before it sends anything. It refuses the file with `InputRefused` if it is not text in its encoding, if
 * it is not CSV, or if two rows contain the same key. Rows that are not allowed, or that the server refuses, go to
 * `<file>.rejects.ndjson` with their line numbers. Other errors end the run.
 *
 * The journal `<file>.journal.ndjson` is durable (fsync) before a row is sent. It stays after the run, so that the file is not imported again
 * by mistake.
 *
 * @example
 * ```ts
 * import { Import } from "@effect-avara/export"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.gen(function*() {
 *   yield* Import.customers({ file: "clinics.csv", dryRun: true })
 *   const { created, rejected } = yield* Import.customers({ file: "clinics.csv", resume: true })
 *   yield* Effect.log(`${created} created, ${rejected} rejected`)
 * })
 * ```
 *
 * @since 0.1.0
 * @category operations
 */
export const customers = (
  options: Options
): Effect.Effect<ImportReport, CreateOnceError | ImportError, Customers | FileSystem.FileSystem | Path.Path> => {
  const { dryRun = false } = options
  return work(options).pipe(
    Effect.flatMap((work) => batch.run(name, options, work)),
    Effect.map(({ done, ...report }) => ({ ...report, created: done, dryRun })),
    Effect.withSpan(name)
  )
}
