/**
 * Customers from a file, each created once.
 *
 * @since 0.1.0
 */
import type * as FileSystem from "@effect/platform/FileSystem"
import type * as Path from "@effect/platform/Path"
import type { CreateOnceError, Validation } from "@effect-avara/core/AvaraError"
import { CreateParams, type Metadata } from "@effect-avara/core/Customer"
import { Customers } from "@effect-avara/core/Customers"
import * as Issue from "@effect-avara/core/Issue"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { ImportError } from "./ExportError.js"
import * as batch from "./internal/batch.js"
import type { Fields } from "./internal/input.js"

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
  /** How many an earlier run had done. */
  readonly skipped: number
  readonly rejected: number
  /** Since the first row. */
  readonly elapsed: Duration.Duration
}

/**
 * How a file of rows is worked through.
 *
 * @since 0.1.0
 * @category options
 */
export interface RowOptions {
  readonly file: string
  /** By default what the file's name ends in: `.csv`, `.ndjson` or `.jsonl`. */
  readonly format?: "csv" | "ndjson" | undefined
  /** Checks every row and sends nothing; `false` by default. */
  readonly dryRun?: boolean | undefined
  /** Goes on where an earlier run with the same file ended; `false` by default, which refuses a file that a run began with. */
  readonly resume?: boolean | undefined
  /** How many requests are on their way at a time; 4 by default. */
  readonly concurrency?: number | undefined
  /** Runs after every row. */
  readonly onProgress?: ((progress: Progress) => Effect.Effect<void>) | undefined
  /** Ends the run with `Stopped` when it completes, after the rows that are on their way. */
  readonly stop?: Effect.Effect<unknown> | undefined
}

/**
 * @since 0.1.0
 * @category options
 */
export interface Options extends RowOptions {
  /** The metadata entry that tells each row's customer from every other; `createOnceKey` by default. */
  readonly keyName?: string | undefined
  /** How long a create whose answer was lost may still be at work; 5 seconds by default. */
  readonly settle?: Duration.DurationInput | undefined
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
  /** How many rows earlier runs had created. */
  readonly skipped: number
  /** How many rows are not allowed, or the server refused. */
  readonly rejected: number
  /** Where the rejected rows are, with line numbers and reasons, if there are any. */
  readonly rejectsFile?: string
  readonly dryRun: boolean
}

const defaultKeyName = "createOnceKey"

interface NewCustomer {
  readonly expressCustomerName: string
  readonly metadata: Metadata
  /** The key that the row itself has, as a row of an earlier import does. */
  readonly ownKey: string | undefined
}

const decodeParams = Schema.decodeUnknownEither(CreateParams, { errors: "all" })

const without = (metadata: Metadata, name: string): Metadata =>
  Object.fromEntries(Object.entries(metadata).filter(([key]) => key !== name))

/** Checked with an entry for the key, as it takes one of the 50 places. */
const withKey = (fields: Fields, keyName: string): Fields => {
  const { metadata = {} } = fields
  return typeof metadata === "object" &&
    metadata !== null &&
    !Array.isArray(metadata) &&
    !Object.hasOwn(metadata, keyName)
    ? { ...fields, metadata: { ...metadata, [keyName]: "key" } }
    : fields
}

const decodeWith =
  (keyName: string) =>
  (fields: Fields): Either.Either<NewCustomer, ReadonlyArray<Issue.Issue>> =>
    Either.mapBoth(decodeParams(withKey(fields, keyName)), {
      onLeft: Issue.fromParseError,
      onRight: ({ expressCustomerName, metadata = {} }) => {
        const given = fields["metadata"]
        const hasOwnKey = typeof given === "object" && given !== null && Object.hasOwn(given, keyName)
        return {
          expressCustomerName,
          metadata: without(metadata, keyName),
          ownKey: hasOwnKey && metadata[keyName] !== "" ? metadata[keyName] : undefined
        }
      }
    })

const keyOf = ({ ownKey }: NewCustomer, line: number, fileHash: string): string =>
  ownKey ?? `import:${fileHash.slice(0, 32)}:${line}`

const refusedBy = (error: { readonly message: string }): ReadonlyArray<Issue.Issue> => [
  { path: [], message: error.message }
]

const issuesOf = ({ issues }: Validation): ReadonlyArray<Issue.Issue> => issues

/** One look through the list for all rows that were sent, perhaps, instead of one a row. */
const findCreated = (open: ReadonlyMap<number, string>, keyName: string) =>
  Effect.gen(function* () {
    const customers = yield* Customers
    const lines = new Map(Array.from(open, ([line, key]) => [key, line]))
    const found = new Map<number, string>()
    yield* Stream.runForEach(customers.stream(), ({ expressCustomerId, metadata = {} }) =>
      Effect.sync(() => {
        const line = Object.hasOwn(metadata, keyName) ? lines.get(metadata[keyName] ?? "") : undefined
        if (line !== undefined) found.set(line, expressCustomerId)
      })
    )
    return found
  })

/**
 * Creates a customer for each row of a CSV or NDJSON file, once: every customer carries its row's key in its metadata, and a journal beside
 * the file says which rows were sent. A run that was killed at any moment, and is resumed, creates none again.
 *
 * CSV has the columns `expressCustomerName`, `metadata` (a JSON object) and `metadata.<key>`; the other columns of an export may be there,
 * any further one is refused. NDJSON rows may be exported customers. Only the name and the metadata are used.
 *
 * Rows that are not allowed, or that the server refuses, go to `<file>.rejects.ndjson` with their line numbers. Other failures end the run.
 * The journal `<file>.journal.ndjson` is durable (fsync) before a row is sent. It stays: the file is not imported again by mistake.
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
  const { dryRun = false, keyName = defaultKeyName, settle = "5 seconds" } = options
  const work: batch.Work<NewCustomer, CreateOnceError, Customers> = {
    operation: `import by ${keyName}`,
    required: ["expressCustomerName"],
    decode: decodeWith(keyName),
    keyOf,
    settle: (open) => Effect.zipRight(Effect.sleep(settle), findCreated(open, keyName)),
    perform: ({ key, value: { expressCustomerName, metadata } }) =>
      Effect.flatMap(Customers, ({ createOnce }) =>
        createOnce({ expressCustomerName, metadata, key, keyName, settle })
      ).pipe(
        Effect.map(({ expressCustomerId }) => Either.right(expressCustomerId)),
        Effect.catchTags({
          Validation: (error) => Effect.succeed(Either.left(issuesOf(error))),
          Conflict: (error) => Effect.succeed(Either.left(refusedBy(error)))
        })
      )
  }
  return batch.run(options, work).pipe(
    Effect.map(({ done, ...report }) => ({ ...report, created: done, dryRun })),
    Effect.withSpan("Import.customers")
  )
}
