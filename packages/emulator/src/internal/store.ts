import * as SqlClient from "@effect/sql/SqlClient"
import { SqlError } from "@effect/sql/SqlError"
import * as LibsqlClient from "@effect/sql-libsql/LibsqlClient"
import type { CreateParams, Customer, CustomerEncoded, UpdateParams } from "@effect-avara/core/Customer"
import { createClient } from "@libsql/client/sqlite3"
import * as Arr from "effect/Array"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type { Conflict, NotFound } from "../ExpressApi.js"
import * as Generator from "../Generator.js"
import type { GivenCustomer, State } from "../State.js"
import * as File from "./file.js"
import {
  type CustomerWithUsers,
  fromRow,
  givenEntry,
  metadataText,
  type Row,
  toCustomer,
  toGiven,
  usersOf
} from "./rows.js"
import { countRows, createTables, insertEntries, insertGiven, type SeedOptions, seedTables } from "./tables.js"

export interface StoreOptions extends SeedOptions {
  readonly file: string | undefined
}

export interface Page {
  readonly expressCustomers: ReadonlyArray<CustomerEncoded>
  readonly hasMore: boolean
}

/** The customers that match a search, starting at its offset. */
export interface SearchResult {
  readonly customers: ReadonlyArray<CustomerEncoded>
  readonly total: number
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
  /** Returns a customer with its users. */
  readonly given: (id: string) => Effect.Effect<CustomerWithUsers | undefined>
  readonly state: Effect.Effect<State>
  readonly load: (state: State) => Effect.Effect<void>
  /** Inserts a customer at this position of the list, or at its end. */
  readonly insert: (index: number, customer: GivenCustomer) => Effect.Effect<void>
  /** Deletes the customer at this position of the list, if there is one. */
  readonly remove: (index: number) => Effect.Effect<void>
}

export class Store extends Context.Tag("@effect-avara/emulator/Store")<Store, StoreService>() {}

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

/** Runs one effect at a time in a transaction, on one connection: `sql.withTransaction` would leave it, and lose an in-memory database. */
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

  /** Finds a free id: after a deletion, the count may be the one that an earlier create used. */
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

  /** Moves this customer and all later ones by one position. They get negative positions first, because no two may share one. */
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

/** Opens a file with the driver's entry for files, because its general entry cannot open files on Deno. */
const connect = (url: string): Effect.Effect<SqlClient.SqlClient, SqlError, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.try({
      try: () => createClient({ url }),
      catch: (cause) => new SqlError({ cause, message: "Failed to open the file" })
    }),
    (client) => Effect.sync(() => client.close())
  ).pipe(
    Effect.flatMap((liveClient) => Layer.build(LibsqlClient.layer({ liveClient }))),
    Effect.map(Context.get(SqlClient.SqlClient))
  )

const startupMillis = 3000

/** Releases the lock of the file: the driver keeps a closed file open until the next garbage collection. */
const unlock = (sql: SqlClient.SqlClient) =>
  Effect.ignore(Effect.zipRight(sql`PRAGMA locking_mode = NORMAL`, sql`SELECT count(*) FROM sqlite_master`))

const open = Effect.fnUntraced(function* (url: string, options: StoreOptions) {
  const sql = yield* connect(url)
  const startedAt = yield* Clock.currentTimeMillis
  const transaction = yield* makeTransaction(sql)
  yield* sql.unsafe(`PRAGMA busy_timeout = ${startupMillis}`)
  // Committed data still survives the end of the process; only a crash of the machine could lose it.
  yield* sql`PRAGMA synchronous = OFF`
  yield* Effect.addFinalizer(() => unlock(sql))
  yield* transaction(
    Effect.gen(function* () {
      yield* createTables(sql)
      // From now on, no other process can lock the file: with this driver, a BEGIN that fails because of a lock breaks the connection.
      yield* sql`PRAGMA locking_mode = EXCLUSIVE`
      if ((yield* countRows(sql)) === 0) yield* seedTables(sql, options, startedAt)
    })
  )
  return makeStore(sql, transaction, options, startedAt)
})

/** Opens a store and locks its file for the duration of the scope. Creates the tables, and seeds them if there are no customers. */
export const make = Effect.fnUntraced(function* (options: StoreOptions) {
  const url = options.file === undefined ? ":memory:" : yield* File.prepare(options.file)
  return yield* Effect.catchTag(open(url, options), "SqlError", File.fromSqlError)
})
