import * as SqlClient from "@effect/sql/SqlClient"
import { SqlError } from "@effect/sql/SqlError"
import * as LibsqlClient from "@effect/sql-libsql/LibsqlClient"
import {
  type CreateParams,
  Customer,
  type CustomerEncoded,
  Timestamp,
  type UpdateParams
} from "@effect-avara/core/Customer"
import * as Arr from "effect/Array"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type { Conflict, NotFound } from "../ExpressApi.js"
import * as Generator from "../Generator.js"
import type { GivenCustomer, State } from "../State.js"
import * as File from "./file.js"

export interface StoreOptions {
  /** The customers before the generated ones. */
  readonly given: ReadonlyArray<GivenCustomer>
  readonly generated: number
  readonly seed: number
  readonly file: string | undefined
  readonly onProgress: (customers: number, total: number) => Effect.Effect<void>
}

export interface Page {
  readonly expressCustomers: ReadonlyArray<CustomerEncoded>
  readonly hasMore: boolean
}

/** Customers that match a search, from its offset on. */
export interface SearchResult {
  readonly customers: ReadonlyArray<CustomerEncoded>
  readonly total: number
}

/** A customer with its users, whom the API itself never lists. */
export interface CustomerWithUsers extends CustomerEncoded {
  readonly users: ReadonlyArray<string>
}

export interface Search {
  readonly search: string
  readonly active?: boolean | undefined
  readonly offset: number
  readonly limit: number
}

export interface StoreService {
  readonly create: (params: CreateParams, apiKeyId: string) => Effect.Effect<Customer>
  readonly page: (offset: number, limit: number) => Effect.Effect<Page>
  readonly retrieve: (id: string) => Effect.Effect<Customer, NotFound>
  readonly update: (id: string, params: UpdateParams) => Effect.Effect<Customer, NotFound>
  readonly setActive: (id: string, isActive: boolean) => Effect.Effect<Customer, NotFound>
  readonly addUser: (id: string, userId: string) => Effect.Effect<void, NotFound | Conflict>
  readonly removeUser: (id: string, userId: string) => Effect.Effect<void, NotFound>
  readonly search: (search: Search) => Effect.Effect<SearchResult>
  readonly all: Effect.Effect<ReadonlyArray<Customer>>
  readonly count: Effect.Effect<number>
  readonly reset: Effect.Effect<void>
  /** A customer with its users. */
  readonly given: (id: string) => Effect.Effect<CustomerWithUsers | undefined>
  readonly state: Effect.Effect<State>
  readonly load: (state: State) => Effect.Effect<void>
  /** Inserts a customer at this place of the list, or at its end. */
  readonly insert: (index: number, customer: GivenCustomer) => Effect.Effect<void>
  /** Deletes the customer at this place of the list, if there is one. */
  readonly remove: (index: number) => Effect.Effect<void>
}

export class Store extends Context.Tag("@effect-avara/emulator/Store")<Store, StoreService>() {}

interface Row {
  readonly seq: number
  readonly id: string
  /** As JSON: SQLite's text ends at the first NUL. */
  readonly name: string
  readonly is_active: number
  readonly created_at: number | null
  readonly updated_at: number | null
  readonly created_by_api_key_id: string | null
  readonly created_by_user_id: string | null
  readonly metadata: string | null
  /** The ids of the users, as JSON. */
  readonly users: string
}

const toIso = (millis: number | null): string | null => (millis === null ? null : new Date(millis).toISOString())

const toMillis = (iso: string | null = null): number | null => (iso === null ? null : Date.parse(iso))

/** A customer of an API key has no user who created it, and says so. */
const creatorOf = (row: Row): Pick<CustomerEncoded, "createdByApiKeyId" | "createdByUserId"> => ({
  ...(row.created_by_api_key_id === null ? {} : { createdByApiKeyId: row.created_by_api_key_id }),
  ...(row.created_by_api_key_id === null && row.created_by_user_id === null
    ? {}
    : { createdByUserId: row.created_by_user_id })
})

const usersOf = (row: Row): ReadonlyArray<string> => JSON.parse(row.users) as ReadonlyArray<string>

const fromRow = (row: Row): CustomerEncoded => ({
  expressCustomerId: row.id,
  expressCustomerName: JSON.parse(row.name) as string,
  isActive: row.is_active === 1,
  userCount: usersOf(row).length,
  createdAt: toIso(row.created_at),
  updatedAt: toIso(row.updated_at),
  ...creatorOf(row),
  ...(row.metadata === null ? {} : { metadata: JSON.parse(row.metadata) as Record<string, string> })
})

type Entry = Omit<Row, "seq">

const metadataText = (metadata: CustomerEncoded["metadata"]): string | null =>
  metadata === undefined || metadata === null ? null : JSON.stringify(metadata)

const generatedEntry = ({ customer, userIds }: Generator.Generated): Entry => ({
  id: customer.expressCustomerId,
  name: JSON.stringify(customer.expressCustomerName),
  is_active: customer.isActive ? 1 : 0,
  created_at: toMillis(customer.createdAt),
  updated_at: toMillis(customer.updatedAt),
  created_by_api_key_id: customer.createdByApiKeyId ?? null,
  created_by_user_id: customer.createdByUserId ?? null,
  metadata: metadataText(customer.metadata),
  users: JSON.stringify(userIds)
})

const readTime = Schema.decodeSync(Timestamp)

const millisOf = (text: string | null): number | null => (text === null ? null : readTime(text).epochMillis)

/** A given customer with what was left out. */
const givenEntry = (given: GivenCustomer, seed: number, now: number, madeUpId: string): Entry => {
  const { createdAt, updatedAt } = given
  const created = createdAt === undefined ? now : millisOf(createdAt)
  return {
    id: given.expressCustomerId ?? madeUpId,
    name: JSON.stringify(given.expressCustomerName),
    is_active: given.isActive === false ? 0 : 1,
    created_at: created,
    updated_at: updatedAt === undefined ? created : millisOf(updatedAt),
    created_by_api_key_id: given.createdByApiKeyId ?? null,
    created_by_user_id: given.createdByUserId ?? null,
    metadata: metadataText(given.metadata),
    users: JSON.stringify(given.users ?? Generator.userIds(seed, given.userCount ?? 0))
  }
}

const toGiven = (row: Row): CustomerWithUsers => ({ ...fromRow(row), users: usersOf(row) })

const toCustomer = Schema.decodeSync(Customer)

const customerNotFound: NotFound = {
  error: { code: "customer_not_found", message: "There is no customer with this id." }
}
const membershipNotFound: NotFound = {
  error: { code: "membership_not_found", message: "The user is not assigned to this customer." }
}
const customerInactive: Conflict = {
  error: { code: "customer_inactive", message: "The customer is inactive: reactivate it before assigning users." }
}
const alreadyAssigned: Conflict = {
  error: { code: "already_assigned", message: "The user is already assigned to this customer." }
}

/** "AVRE": what tells the emulator's files from other databases. */
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

/** Whether the file has the emulator's tables already; a database of another kind is refused. */
const hasTables = Effect.fnUntraced(function* (sql: SqlClient.SqlClient) {
  const [found] = yield* sql<Found>`
    SELECT application_id AS application, user_version AS version,
      (SELECT group_concat(m.name || '.' || coalesce(c.name, ''), ' ')
        FROM sqlite_master AS m LEFT JOIN pragma_table_info(m.name) AS c) AS columns
    FROM pragma_application_id, pragma_user_version`
  if (found === undefined || (found.columns === null && found.application === 0)) return false
  if (found.application !== applicationId) return yield* refuse("it is a database of something else")
  if (found.version !== schemaVersion) return yield* refuse("another version of the emulator made it")
  const columns = found.columns?.split(" ") ?? []
  const isWhole = ownColumns.every((column) => columns.includes(column))
  return isWhole ? true : yield* refuse("its tables are not those that the emulator made")
})

const createTables = Effect.fnUntraced(function* (sql: SqlClient.SqlClient) {
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

// One parameter for all rows: to bind each value takes longer.
const insertStatement = `INSERT INTO customers (seq, ${entryColumns.join(", ")})
  SELECT ? + key, ${entryColumns.map((_, index) => `value ->> ${index}`).join(", ")} FROM json_each(?)`

const insertEntries = (sql: SqlClient.SqlClient, firstSeq: number, entries: ReadonlyArray<Entry>) =>
  sql.unsafe(insertStatement, [
    firstSeq,
    JSON.stringify(entries.map((entry) => entryColumns.map((name) => entry[name])))
  ])

/** The id of a given customer that has none. */
const placeId = (seed: number, index: number): string => Generator.createdId(seed, 2 ** 31 + index)

const insertGiven = Effect.fnUntraced(function* (
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

/** An index is faster to make at once than row by row. */
const withoutIndex = <A, E>(sql: SqlClient.SqlClient, effect: Effect.Effect<A, E>) =>
  sql`DROP INDEX IF EXISTS customers_by_id`.pipe(
    Effect.zipRight(effect),
    Effect.zipLeft(sql`CREATE UNIQUE INDEX customers_by_id ON customers (id)`)
  )

/** The database works without a pause, so that not even Ctrl-C would get through. */
const eventLoop = Effect.async<void>((resume) => {
  const turn = setImmediate(() => resume(Effect.void))
  return Effect.sync(() => clearImmediate(turn))
})

/** The given customers, and after them the generated ones, without those whose id is given. */
const fill = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  { generated, given, onProgress, seed }: StoreOptions,
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

const seedTables = (sql: SqlClient.SqlClient, options: StoreOptions, startedAt: number) =>
  withoutIndex(sql, fill(sql, options, startedAt))

// Places have no gaps, so the last one is the count.
const countRows = (sql: SqlClient.SqlClient) =>
  Effect.map(sql<{ last: number | null }>`SELECT max(seq) AS last FROM customers`, ([row]) => row?.last ?? 0)

/** Runs one thing at a time, each in its own transaction, on the one connection: `sql.withTransaction` leaves it, and with it an in-memory database. */
const makeTransaction = Effect.fnUntraced(function* (sql: SqlClient.SqlClient) {
  const lock = yield* Effect.makeSemaphore(1)
  const rollback = Effect.ignore(sql`ROLLBACK`)
  const end = (exit: Exit.Exit<unknown, unknown>) =>
    Exit.isSuccess(exit) ? Effect.tapErrorCause(sql`COMMIT`, () => rollback) : rollback
  return <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E | SqlError> =>
    lock.withPermits(1)(
      Effect.acquireUseRelease(
        sql`BEGIN EXCLUSIVE`,
        () => effect,
        (_, exit) => Effect.orDie(end(exit))
      )
    )
})

type Transaction = Effect.Effect.Success<ReturnType<typeof makeTransaction>>

const makeStore = (
  sql: SqlClient.SqlClient,
  transaction: Transaction,
  options: StoreOptions,
  startedAt: number
): StoreService => {
  const atomically = <A, E>(effect: Effect.Effect<A, E>) =>
    Effect.catchIf(transaction(effect), (error) => error instanceof SqlError, Effect.die)

  const find = (id: string) =>
    sql<Row>`SELECT * FROM customers WHERE id = ${id}`.pipe(
      Effect.flatMap(Arr.head),
      Effect.catchTag("NoSuchElementException", () => Effect.fail(customerNotFound))
    )
  const retrieve = (id: string) => Effect.map(find(id), (row) => toCustomer(fromRow(row)))
  const count = countRows(sql)
  const touch = Effect.fnUntraced(function* (id: string, changes: Partial<Omit<Row, "seq">>) {
    const now = yield* Clock.currentTimeMillis
    yield* sql`UPDATE customers SET ${sql.update({ ...changes, updated_at: now })} WHERE id = ${id}`
  })

  /** A deletion makes the count that of an earlier create. */
  const freeId = Effect.gen(function* () {
    let index = yield* count
    while ((yield* sql`SELECT 1 FROM customers WHERE id = ${Generator.createdId(options.seed, index)}`).length > 0)
      index++
    return Generator.createdId(options.seed, index)
  })

  const create = Effect.fnUntraced(function* ({ expressCustomerName, metadata }: CreateParams, apiKeyId: string) {
    const now = yield* Clock.currentTimeMillis
    const id = yield* freeId
    yield* sql`INSERT INTO customers ${sql.insert({
      id,
      name: JSON.stringify(expressCustomerName),
      is_active: 1,
      created_at: now,
      updated_at: now,
      created_by_api_key_id: apiKeyId,
      created_by_user_id: null,
      metadata: metadataText(metadata),
      users: "[]"
    })}`
    return yield* Effect.orDie(retrieve(id))
  })

  const page = Effect.fnUntraced(function* (offset: number, limit: number) {
    const rows = yield* sql<Row>`SELECT * FROM customers WHERE seq > ${offset} ORDER BY seq LIMIT ${limit + 1}`
    return { expressCustomers: rows.slice(0, limit).map(fromRow), hasMore: rows.length > limit }
  })

  const update = Effect.fnUntraced(function* (id: string, { expressCustomerName, metadata }: UpdateParams) {
    const row = yield* find(id)
    const name = expressCustomerName === undefined ? row.name : JSON.stringify(expressCustomerName)
    const text = metadata === undefined ? row.metadata : metadata === null ? null : JSON.stringify(metadata)
    if (name !== row.name || text !== row.metadata) yield* touch(id, { name, metadata: text })
    return yield* retrieve(id)
  })

  const setActive = Effect.fnUntraced(function* (id: string, isActive: boolean) {
    const row = yield* find(id)
    if ((row.is_active === 1) !== isActive) yield* touch(id, { is_active: isActive ? 1 : 0 })
    return yield* retrieve(id)
  })

  const addUser = Effect.fnUntraced(function* (id: string, userId: string) {
    const row = yield* find(id)
    const users = usersOf(row)
    if (row.is_active === 0) return yield* Effect.fail(customerInactive)
    if (users.includes(userId)) return yield* Effect.fail(alreadyAssigned)
    yield* touch(id, { users: JSON.stringify([...users, userId]) })
  })

  const removeUser = Effect.fnUntraced(function* (id: string, userId: string) {
    const users = usersOf(yield* find(id))
    if (!users.includes(userId)) return yield* Effect.fail(membershipNotFound)
    yield* touch(id, { users: JSON.stringify(users.filter((user) => user !== userId)) })
  })

  const search = Effect.fnUntraced(function* ({ active, limit, offset, search }: Search) {
    const pattern = `%${search.replaceAll(/[\\%_]/g, "\\$&")}%`
    const isFound = sql.and([
      sql`(json_extract(name, '$') LIKE ${pattern} ESCAPE '\\' OR id LIKE ${pattern} ESCAPE '\\')`,
      ...(active === undefined ? [] : [sql`is_active = ${active ? 1 : 0}`])
    ])
    const rows = yield* sql<Row>`SELECT * FROM customers WHERE ${isFound} ORDER BY seq LIMIT ${limit} OFFSET ${offset}`
    const [counted] = yield* sql<{ total: number }>`SELECT count(*) AS total FROM customers WHERE ${isFound}`
    return { customers: rows.map(fromRow), total: counted?.total ?? 0 }
  })

  /** Moves the customers from this place on by one: away first, as no two may have the same place for a moment. */
  const shift = (from: number, by: 1 | -1) =>
    Effect.zipRight(
      sql`UPDATE customers SET seq = -(seq + ${by}) WHERE seq >= ${from}`,
      sql`UPDATE customers SET seq = -seq WHERE seq < 0`
    )

  const insert = Effect.fnUntraced(function* (index: number, customer: GivenCustomer) {
    const seq = Math.min(index, yield* count) + 1
    const entry = givenEntry(customer, options.seed, yield* Clock.currentTimeMillis, yield* freeId)
    if ((yield* sql`SELECT 1 FROM customers WHERE id = ${entry.id}`).length > 0) return
    yield* shift(seq, 1)
    yield* insertEntries(sql, seq, [entry])
  })

  const remove = Effect.fnUntraced(function* (index: number) {
    const removed = yield* sql`DELETE FROM customers WHERE seq = ${index + 1} RETURNING seq`
    if (removed.length > 0) yield* shift(index + 2, -1)
  })

  const given = (id: string) =>
    Effect.map(sql<Row>`SELECT * FROM customers WHERE id = ${id}`, ([row]) =>
      row === undefined ? undefined : toGiven(row)
    )

  const state = Effect.map(sql<Row>`SELECT * FROM customers ORDER BY seq`, (rows) => ({ customers: rows.map(toGiven) }))

  const clear = sql`DELETE FROM customers`
  const load = Effect.fnUntraced(function* (customers: ReadonlyArray<GivenCustomer>) {
    yield* clear
    yield* insertGiven(sql, customers, options.seed, yield* Clock.currentTimeMillis)
  })
  const all = Effect.map(sql<Row>`SELECT * FROM customers ORDER BY seq`, (rows) =>
    rows.map((row) => toCustomer(fromRow(row)))
  )

  return {
    create: (params, apiKeyId) => atomically(create(params, apiKeyId)),
    page: (offset, limit) => atomically(page(offset, limit)),
    retrieve: (id) => atomically(retrieve(id)),
    update: (id, params) => atomically(update(id, params)),
    setActive: (id, isActive) => atomically(setActive(id, isActive)),
    addUser: (id, userId) => atomically(addUser(id, userId)),
    removeUser: (id, userId) => atomically(removeUser(id, userId)),
    search: (query) => atomically(search(query)),
    all: atomically(all),
    count: atomically(count),
    reset: atomically(Effect.zipRight(clear, seedTables(sql, options, startedAt))),
    given: (id) => atomically(given(id)),
    state: atomically(state),
    load: ({ customers }) => atomically(load(customers)),
    insert: (index, customer) => atomically(insert(index, customer)),
    remove: (index) => atomically(remove(index))
  }
}

// The client opens its file at once and throws what goes wrong.
const connect = (url: string): Effect.Effect<SqlClient.SqlClient, SqlError, Scope.Scope> =>
  Layer.build(LibsqlClient.layer({ url })).pipe(
    Effect.map(Context.get(SqlClient.SqlClient)),
    Effect.catchAllDefect((cause) => new SqlError({ cause, message: "Failed to open the file" }))
  )

const startupMillis = 3000

/** The driver keeps a closed file open until the next garbage collection, and its lock with it. */
const unlock = (sql: SqlClient.SqlClient) =>
  Effect.ignore(Effect.zipRight(sql`PRAGMA locking_mode = NORMAL`, sql`SELECT count(*) FROM sqlite_master`))

const open = Effect.fnUntraced(function* (url: string, options: StoreOptions) {
  const sql = yield* connect(url)
  const startedAt = yield* Clock.currentTimeMillis
  const transaction = yield* makeTransaction(sql)
  yield* sql.unsafe(`PRAGMA busy_timeout = ${startupMillis}`)
  // What is committed outlives the process all the same; only the machine's own crash could take it.
  yield* sql`PRAGMA synchronous = OFF`
  yield* Effect.addFinalizer(() => unlock(sql))
  yield* transaction(
    Effect.gen(function* () {
      yield* createTables(sql)
      // From here on no other process can lock the file: with this driver, a BEGIN that fails for a lock breaks the connection.
      yield* sql`PRAGMA locking_mode = EXCLUSIVE`
      if ((yield* countRows(sql)) === 0) yield* seedTables(sql, options, startedAt)
    })
  )
  return makeStore(sql, transaction, options, startedAt)
})

/** A store whose file is open, and locked, as long as the scope, with the schema made and, if it was empty, generated customers. */
export const make = Effect.fnUntraced(function* (options: StoreOptions) {
  const url = options.file === undefined ? ":memory:" : yield* File.prepare(options.file)
  return yield* Effect.catchTag(open(url, options), "SqlError", File.fromSqlError)
})
