/**
 * Customers from a file, each created once.
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
 * How far an import or a bulk operation is.
 *
 * @since 0.1.0
 * @category models
 */
export interface Progress {
  /** How many rows the file has. */
  readonly total: number
  /** How many of them are behind the run: the sum of the next three. */
  readonly rows: number
  readonly done: number
  /** How many were done before this run, by an earlier run or as `lookFirst` found. */
  readonly skipped: number
  readonly rejected: number
  /** Since the first row. */
  readonly elapsed: Duration.Duration
}

/**
 * How the bytes of a file are read as text. `latin1` is ISO-8859-1; bytes that an encoding does not assign to a character are refused.
 *
 * @since 0.1.0
 * @category options
 */
export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "latin1" | "windows-1252"

/**
 * How to work through a file of rows.
 *
 * @since 0.1.0
 * @category options
 */
export interface RowOptions {
  /** A regular file: its rows are read twice, and the journal stands beside it. */
  readonly file: string
  /** By default what the file's name ends in: `.csv`, `.ndjson` or `.jsonl`. */
  readonly format?: "csv" | "ndjson" | undefined
  /** By default what a byte order mark says, or UTF-8. */
  readonly encoding?: Encoding | undefined
  /** Checks every row and sends nothing that changes anything; `false` by default. */
  readonly dryRun?: boolean | undefined
  /** Resumes an earlier run with the same file; `false` by default, which refuses a file that a run began with. */
  readonly resume?: boolean | undefined
  /** How many rows are sent at a time, from 1 to 1000; 4 by default. After a crash, as many rows may have been sent without a known result. */
  readonly concurrency?: number | undefined
  /** Runs after every row. */
  readonly onProgress?: ((progress: Progress) => Effect.Effect<void>) | undefined
  /** Ends the run with `Stopped` when it completes, after the rows that were sent. */
  readonly stop?: Effect.Effect<unknown> | undefined
}

/**
 * How a row becomes a customer.
 *
 * @since 0.1.0
 * @category options
 */
export interface WorkOptions {
  /** The metadata entry that tells each row's customer from every other; `createOnceKey` by default. */
  readonly keyName?: string | undefined
  /** How long the server may still work on a create whose response was lost, up to a day; 5 seconds by default. */
  readonly settle?: Duration.DurationInput | undefined
}

/**
 * @since 0.1.0
 * @category options
 */
export interface Options extends RowOptions, WorkOptions {
  /**
   * Reads the list of customers before it creates any, and skips the rows whose keys it finds; `false` by default. Use it for rows that
   * another run may have created: the same content under another file name, or a file whose journal is lost.
   */
  readonly lookFirst?: boolean | undefined
}

/**
 * What an import did.
 *
 * @since 0.1.0
 * @category models
 */
export interface ImportReport {
  /** How many rows the file has. */
  readonly rows: number
  /** How many customers this run created; in a dry run, how many it would have. */
  readonly created: number
  /** How many rows were created before this run. */
  readonly skipped: number
  /** How many of the skipped rows this run found on the server. */
  readonly found: number
  /** How many rows are not allowed, or the server refused. */
  readonly rejected: number
  /** Where the rejected rows are, with line numbers and reasons, if there are any. */
  readonly rejectsFile?: string
  readonly dryRun: boolean
}

/**
 * The metadata entry that holds a row's key, unless `keyName` says otherwise.
 *
 * @since 0.1.0
 * @category options
 */
export const defaultKeyName = "createOnceKey"

/**
 * The customer that a row asks for.
 *
 * @since 0.1.0
 * @category models
 */
export interface NewCustomer {
  readonly expressCustomerName: string
  /** Without the entry for the key. */
  readonly metadata: Metadata
  /** The key that the row itself has, as a row of an earlier import does. */
  readonly ownKey: string | undefined
}

const decodeParams = Schema.decodeUnknownEither(CreateParams, { errors: "all" })

const without = (metadata: Metadata, name: string): Metadata =>
  Object.fromEntries(Object.entries(metadata).filter(([key]) => key !== name))

/** Checked with an entry for the key, as it takes one of the 50 places; a customer may have `null` as its metadata. */
const withKey = (fields: Fields, keyName: string): Fields => {
  const metadata = fields["metadata"] ?? {}
  return typeof metadata === "object" && !Array.isArray(metadata) && !Object.hasOwn(metadata, keyName)
    ? { ...fields, metadata: { ...metadata, [keyName]: "key" } }
    : fields
}

/** What is no text that anybody wrote: it would stay with the customer for ever. */
const brokenText = (text: string): string | undefined => {
  if (text.includes("\uFFFD"))
    return "has U+FFFD, which a wrong conversion leaves in place of a character: correct the text"
  return /\p{Surrogate}/u.test(text) ? "has half of a character (a lone surrogate): correct the text" : undefined
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

/** A key in metadata that is read as absent would be created again. */
const strictly = withOptions({ validation: "strict" })

/** Reads the list once for all rows. */
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

/** A name that no metadata can have would have every row rejected. */
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
 * Returns what an import does with each row: it creates the customer with the row's key in its metadata. An answer that is lost is `Unsure`:
 * the customer may be there, so look for it, `settle` later, before you create it again. It fails with `Validation` if an option is not
 * allowed.
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
 * Creates a customer for each row of a CSV or NDJSON file, once. Every customer carries its row's key in its metadata, and a journal beside
 * the file records which rows were sent. You can kill a run at any moment: resumed, it creates no customer twice.
 *
 * CSV has the columns `expressCustomerName`, `metadata` (a JSON object) and `metadata.<key>`; the other columns of an export may be there,
 * any further one is refused. NDJSON rows may be exported customers; `metadata: null` is none. Only the name and the metadata are used.
 *
 * The whole file is read before anything is sent. It is refused with `InputRefused` if it is not text in its encoding, if it is not CSV, or
 * if two rows have the same key of their own. Rows that are not allowed, or that the server refuses, go to `<file>.rejects.ndjson` with
 * their line numbers. Other failures end the run.
 *
 * The journal `<file>.journal.ndjson` is durable (fsync) before a row is sent. It stays, so that the file is not imported again by mistake.
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
