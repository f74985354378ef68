import * as SqlClient from "@effect/sql/SqlClient"
import { SqlError } from "@effect/sql/SqlError"
import * as LibsqlClient from "@effect/sql-libsql/LibsqlClient"
import { type CreateParams, Customer, type CustomerEncoded, type UpdateParams } from "@effect-avara/core/Customer"
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
import * as File from "./file.js"

export interface StoreOptions {
  readonly customers: number
  readonly seed: number
  readonly file: string | undefined
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
export interface Detail extends CustomerEncoded {
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
  readonly detail: (id: string) => Effect.Effect<Detail, NotFound>
  readonly all: Effect.Effect<ReadonlyArray<Customer>>
  readonly count: Effect.Effect<number>
  readonly reset: Effect.Effect<void>
}

export class Store extends Context.Tag("@effect-avara/emulator/Store")<Store, StoreService>() {}

interface Row {
  readonly seq: number
  readonly id: string
  readonly name: string
  readonly is_active: number
  readonly user_count: number
  readonly created_at: number | null
  readonly updated_at: number | null
  readonly created_by_api_key_id: string | null
  readonly created_by_user_id: string | null
  readonly metadata: string | null
}

const toIso = (millis: number | null): string | null => (millis === null ? null : new Date(millis).toISOString())

const toMillis = (iso: string | null = null): number | null => (iso === null ? null : Date.parse(iso))

const creatorOf = (row: Row): Pick<CustomerEncoded, "createdByApiKeyId" | "createdByUserId"> => {
  if (row.created_by_api_key_id !== null) return { createdByApiKeyId: row.created_by_api_key_id, createdByUserId: null }
  return row.created_by_user_id === null ? {} : { createdByUserId: row.created_by_user_id }
}

const fromRow = (row: Row): CustomerEncoded => ({
  expressCustomerId: row.id,
  expressCustomerName: row.name,
  isActive: row.is_active === 1,
  userCount: row.user_count,
  createdAt: toIso(row.created_at),
  updatedAt: toIso(row.updated_at),
  ...creatorOf(row),
  ...(row.metadata === null ? {} : { metadata: JSON.parse(row.metadata) as Record<string, string> })
})

const toRow = ({ customer }: Generator.Generated): Omit<Row, "seq"> => ({
  id: customer.expressCustomerId,
  name: customer.expressCustomerName,
  is_active: customer.isActive ? 1 : 0,
  user_count: customer.userCount,
  created_at: toMillis(customer.createdAt),
  updated_at: toMillis(customer.updatedAt),
  created_by_api_key_id: customer.createdByApiKeyId ?? null,
  created_by_user_id: customer.createdByUserId ?? null,
  metadata: customer.metadata === undefined ? null : JSON.stringify(customer.metadata)
})

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
const schemaVersion = 1
const rowsPerInsert = 500

const columnsByTable = {
  customers:
    "seq id name is_active user_count created_at updated_at created_by_api_key_id created_by_user_id metadata".split(
      " "
    ),
  memberships: ["customer_id", "user_id"]
}

const ownColumns = Object.entries(columnsByTable).flatMap(([table, names]) => names.map((name) => `${table}.${name}`))

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
      id TEXT NOT NULL UNIQUE,
      name TEXT NOT NULL,
      is_active INTEGER NOT NULL,
      user_count INTEGER NOT NULL,
      created_at INTEGER,
      updated_at INTEGER,
      created_by_api_key_id TEXT,
      created_by_user_id TEXT,
      metadata TEXT
    )`
  yield* sql`
    CREATE TABLE memberships (
      customer_id TEXT NOT NULL,
      user_id TEXT NOT NULL,
      PRIMARY KEY (customer_id, user_id)
    ) WITHOUT ROWID`
  yield* sql.unsafe(`PRAGMA application_id = ${applicationId}`)
  yield* sql.unsafe(`PRAGMA user_version = ${schemaVersion}`)
})

const seedTables = (sql: SqlClient.SqlClient, { customers, seed }: StoreOptions) =>
  Effect.forEach(
    Arr.chunksOf(Arr.makeBy(Math.max(1, customers), (index) => index).slice(0, customers), rowsPerInsert),
    Effect.fnUntraced(function* (indexes) {
      const generated = indexes.map((index) => Generator.generate(seed, index))
      const members = generated.flatMap(({ customer, userIds }) =>
        userIds.map((userId) => ({ customer_id: customer.expressCustomerId, user_id: userId }))
      )
      yield* sql`INSERT INTO customers ${sql.insert(generated.map(toRow))}`
      if (members.length > 0) yield* sql`INSERT INTO memberships ${sql.insert(members)}`
    }),
    { discard: true }
  )

// No row is ever deleted on its own, so the last place is the count.
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

const makeStore = (sql: SqlClient.SqlClient, transaction: Transaction, options: StoreOptions): StoreService => {
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

  const create = Effect.fnUntraced(function* ({ expressCustomerName, metadata }: CreateParams, apiKeyId: string) {
    const now = yield* Clock.currentTimeMillis
    const seq = yield* count
    const id = Generator.createdId(options.seed, seq)
    yield* sql`INSERT INTO customers ${sql.insert({
      id,
      name: expressCustomerName,
      is_active: 1,
      user_count: 0,
      created_at: now,
      updated_at: now,
      created_by_api_key_id: apiKeyId,
      created_by_user_id: null,
      metadata: metadata === undefined ? null : JSON.stringify(metadata)
    })}`
    return yield* Effect.orDie(retrieve(id))
  })

  const page = Effect.fnUntraced(function* (offset: number, limit: number) {
    const rows = yield* sql<Row>`SELECT * FROM customers WHERE seq > ${offset} ORDER BY seq LIMIT ${limit + 1}`
    return { expressCustomers: rows.slice(0, limit).map(fromRow), hasMore: rows.length > limit }
  })

  const update = Effect.fnUntraced(function* (id: string, { expressCustomerName, metadata }: UpdateParams) {
    const row = yield* find(id)
    const name = expressCustomerName ?? row.name
    const text = metadata === undefined ? row.metadata : metadata === null ? null : JSON.stringify(metadata)
    if (name !== row.name || text !== row.metadata) yield* touch(id, { name, metadata: text })
    return yield* retrieve(id)
  })

  const setActive = Effect.fnUntraced(function* (id: string, isActive: boolean) {
    const row = yield* find(id)
    if ((row.is_active === 1) !== isActive) yield* touch(id, { is_active: isActive ? 1 : 0 })
    return yield* retrieve(id)
  })

  const isAssigned = (id: string, userId: string) =>
    Effect.map(
      sql`SELECT 1 FROM memberships WHERE customer_id = ${id} AND user_id = ${userId}`,
      (rows) => rows.length > 0
    )

  const addUser = Effect.fnUntraced(function* (id: string, userId: string) {
    const row = yield* find(id)
    if (row.is_active === 0) return yield* Effect.fail(customerInactive)
    if (yield* isAssigned(id, userId)) return yield* Effect.fail(alreadyAssigned)
    yield* sql`INSERT INTO memberships ${sql.insert({ customer_id: id, user_id: userId })}`
    yield* touch(id, { user_count: row.user_count + 1 })
  })

  const removeUser = Effect.fnUntraced(function* (id: string, userId: string) {
    const row = yield* find(id)
    if (!(yield* isAssigned(id, userId))) return yield* Effect.fail(membershipNotFound)
    yield* sql`DELETE FROM memberships WHERE customer_id = ${id} AND user_id = ${userId}`
    yield* touch(id, { user_count: row.user_count - 1 })
  })

  const search = Effect.fnUntraced(function* ({ active, limit, offset, search }: Search) {
    const pattern = `%${search.replaceAll(/[\\%_]/g, "\\$&")}%`
    const isFound = sql.and([
      sql`(name LIKE ${pattern} ESCAPE '\\' OR id LIKE ${pattern} ESCAPE '\\')`,
      ...(active === undefined ? [] : [sql`is_active = ${active ? 1 : 0}`])
    ])
    const rows = yield* sql<Row>`SELECT * FROM customers WHERE ${isFound} ORDER BY seq LIMIT ${limit} OFFSET ${offset}`
    const [counted] = yield* sql<{ total: number }>`SELECT count(*) AS total FROM customers WHERE ${isFound}`
    return { customers: rows.map(fromRow), total: counted?.total ?? 0 }
  })

  const detail = Effect.fnUntraced(function* (id: string) {
    const row = yield* find(id)
    const users = yield* sql<{
      user_id: string
    }>`SELECT user_id FROM memberships WHERE customer_id = ${id} ORDER BY user_id`
    return { ...fromRow(row), users: users.map(({ user_id }) => user_id) }
  })

  const clear = Effect.zipRight(sql`DELETE FROM memberships`, sql`DELETE FROM customers`)
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
    detail: (id) => atomically(detail(id)),
    all: atomically(all),
    count: atomically(count),
    reset: atomically(Effect.zipRight(clear, seedTables(sql, options)))
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
      if ((yield* countRows(sql)) === 0) yield* seedTables(sql, options)
    })
  )
  return makeStore(sql, transaction, options)
})

/** A store whose file is open, and locked, as long as the scope, with the schema made and, if it was empty, generated customers. */
export const make = Effect.fnUntraced(function* (options: StoreOptions) {
  const url = options.file === undefined ? ":memory:" : yield* File.prepare(options.file)
  return yield* Effect.catchTag(open(url, options), "SqlError", File.fromSqlError)
})
