import type * as SqlClient from "@effect/sql/SqlClient"
import * as Effect from "effect/Effect"
import * as Generator from "../Generator.js"
import type { GivenCustomer } from "../State.js"
import * as File from "./file.js"
import { type Entry, generatedEntry, givenEntry } from "./rows.js"

/** The initial contents of a store. */
export interface SeedOptions {
  /** The customers that come before the generated ones. */
  readonly given: ReadonlyArray<GivenCustomer>
  readonly generated: number
  readonly seed: number
  readonly onProgress: (customers: number, total: number) => Effect.Effect<void>
}

/** "AVRE", which distinguishes the emulator's files from other databases. */
const applicationId = 0x41565245
const schemaVersion = 2
const rowsPerInsert = 2000

const entryColumns = [
  "id",
  "name",
  "is_active",
  "created_at",
  "updated_at",
  "created_by_api_key_id",
  "created_by_user_id",
  "metadata",
  "users"
] as const

const ownColumns = ["seq", ...entryColumns].map((name) => `customers.${name}`)

interface Found {
  readonly application: number
  readonly version: number
  readonly columns: string | null
}

const refuse = (what: string) => Effect.fail(new File.Unusable({ reason: `${what}; choose another file` }))

/** Checks whether the file already has the emulator's tables. Refuses other databases. */
const hasTables = Effect.fnUntraced(function* (sql: SqlClient.SqlClient) {
  const [found] = yield* sql<Found>`
    SELECT application_id AS application, user_version AS version,
      (SELECT group_concat(m.name || '.' || coalesce(c.name, ''), ' ')
        FROM sqlite_master AS m LEFT JOIN pragma_table_info(m.name) AS c) AS columns
    FROM pragma_application_id, pragma_user_version`
  if (found === undefined || (found.columns === null && found.application === 0)) return false
  if (found.application !== applicationId) return yield* refuse("it is the database of another program")
  if (found.version !== schemaVersion) return yield* refuse("another version of the emulator created it")
  const columns = found.columns?.split(" ") ?? []
  const isWhole = ownColumns.every((column) => columns.includes(column))
  return isWhole ? true : yield* refuse("its tables are not those of the emulator")
})

export const createTables = Effect.fnUntraced(function* (sql: SqlClient.SqlClient) {
  if (yield* hasTables(sql)) return
  yield* sql`
    CREATE TABLE customers (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL,
      name TEXT NOT NULL,
      is_active INTEGER NOT NULL,
      created_at INTEGER,
      updated_at INTEGER,
      created_by_api_key_id TEXT,
      created_by_user_id TEXT,
      metadata TEXT,
      users TEXT NOT NULL
    )`
  yield* sql.unsafe(`PRAGMA application_id = ${applicationId}`)
  yield* sql.unsafe(`PRAGMA user_version = ${schemaVersion}`)
})

// One parameter for all rows, because binding each value takes longer.
const insertStatement = `INSERT INTO customers (seq, ${entryColumns.join(", ")})
  SELECT ? + key, ${entryColumns.map((_, index) => `value ->> ${index}`).join(", ")} FROM json_each(?)`

export const insertEntries = (sql: SqlClient.SqlClient, firstSeq: number, entries: ReadonlyArray<Entry>) =>
  sql.unsafe(insertStatement, [
    firstSeq,
    JSON.stringify(entries.map((entry) => entryColumns.map((name) => entry[name])))
  ])

/** Returns an id for a given customer without one. */
const placeId = (seed: number, index: number): string => Generator.createdId(seed, 2 ** 31 + index)

export const insertGiven = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  given: ReadonlyArray<GivenCustomer>,
  seed: number,
  now: number
) {
  const entries = given.map((customer, index) => givenEntry(customer, seed, now, placeId(seed, index)))
  for (let start = 0; start < entries.length; start += rowsPerInsert) {
    yield* insertEntries(sql, start + 1, entries.slice(start, start + rowsPerInsert))
  }
})

/** Drops the index and creates it again at the end, which is faster than updating it row by row. */
const withoutIndex = <A, E>(sql: SqlClient.SqlClient, effect: Effect.Effect<A, E>) =>
  sql`DROP INDEX IF EXISTS customers_by_id`.pipe(
    Effect.zipRight(effect),
    Effect.zipLeft(sql`CREATE UNIQUE INDEX customers_by_id ON customers (id)`)
  )

/** Yields to the event loop, which the database would otherwise block, even for Ctrl-C. */
const eventLoop = Effect.async<void>((resume) => {
  const turn = setImmediate(() => resume(Effect.void))
  return Effect.sync(() => clearImmediate(turn))
})

/** Inserts the given customers, then the generated ones, except those with the id of a given one. */
const fill = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  { generated, given, onProgress, seed }: SeedOptions,
  startedAt: number
) {
  yield* insertGiven(sql, given, seed, startedAt)
  const taken = new Set(given.map(({ expressCustomerId }) => expressCustomerId))
  let seq = given.length + 1
  for (let start = 0; start < generated; start += rowsPerInsert) {
    const size = Math.min(rowsPerInsert, generated - start)
    const entries = Array.from({ length: size }, (_, index) =>
      generatedEntry(Generator.generate(seed, start + index))
    ).filter(({ id }) => !taken.has(id))
    yield* insertEntries(sql, seq, entries)
    seq += entries.length
    yield* onProgress(start + size, generated)
    yield* eventLoop
  }
})

export const seedTables = (sql: SqlClient.SqlClient, options: SeedOptions, startedAt: number) =>
  withoutIndex(sql, fill(sql, options, startedAt))

// Positions have no gaps, so the last one is the count.
export const countRows = (sql: SqlClient.SqlClient) =>
  Effect.map(sql<{ last: number | null }>`SELECT max(seq) AS last FROM customers`, ([row]) => row?.last ?? 0)
