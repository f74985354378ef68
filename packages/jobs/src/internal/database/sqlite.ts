/** A client of one SQLite file, over one connection. The file may have other clients, in this process and in others. */
import * as Reactivity from "@effect/experimental/Reactivity"
import * as SqlClient from "@effect/sql/SqlClient"
import type { Connection } from "@effect/sql/SqlConnection"
import { SqlError } from "@effect/sql/SqlError"
import * as Statement from "@effect/sql/Statement"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type Libsql from "libsql"
import type { JobsDatabaseFailed } from "../../JobError.js"
import { open } from "./sqliteFile.js"

/** @internal */
export interface Options {
  /** The path of the file, or `:memory:`. */
  readonly file: string
}

type Prepared = Libsql.Statement

const toParameter = (value: unknown): unknown => {
  if (value === undefined || value === null) return null
  if (typeof value === "boolean") return value ? 1n : 0n
  // Otherwise a number is bound as a float, and a text column would store 3 as "3.0".
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : value
  if (typeof value === "string" && value.includes("\0")) {
    throw new TypeError("SQLite cannot return a text that contains a NUL character")
  }
  if (value instanceof Date) return BigInt(value.getTime())
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  return value
}

const toNumber = (value: unknown): unknown => {
  if (typeof value !== "bigint") return value
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

const prepare = (database: Libsql.Database, sql: string): Prepared => database.prepare(sql).safeIntegers(true)

const maxPrepared = 200

/** Caches the statements that were used last. */
const makePrepared = (database: Libsql.Database) => {
  const statements = new Map<string, Prepared>()
  const get = (sql: string): Prepared => {
    const statement = statements.get(sql) ?? prepare(database, sql)
    statements.delete(sql)
    statements.set(sql, statement)
    for (const oldest of statements.keys()) {
      if (statements.size <= maxPrepared) break
      statements.delete(oldest)
    }
    return statement
  }
  return { get, clear: () => statements.clear() }
}

type Rows = ReadonlyArray<ReadonlyArray<unknown>>

/** Runs a statement and returns its rows. Integers are numbers, or bigints beyond 2^53. With `exact`, all integers are bigints. */
const rowsOf = (statement: Prepared, params: ReadonlyArray<unknown>, exact: boolean): Rows => {
  if (!statement.reader) {
    statement.run(params.map(toParameter))
    return []
  }
  const rows = statement.raw(true).all(params.map(toParameter)) as Array<Array<unknown>>
  return exact ? rows : rows.map((row) => row.map(toNumber))
}

const objectsOf = (statement: Prepared, params: ReadonlyArray<unknown>, exact: boolean) => {
  const rows = rowsOf(statement, params, exact)
  if (rows.length === 0) return []
  const names = statement.columns().map(({ name }) => name)
  return rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]])))
}

const attempt = <A>(call: (exact: boolean) => A): Effect.Effect<A, SqlError> =>
  SqlClient.SafeIntegers.pipe(
    Effect.flatMap((exact) =>
      Effect.try({
        try: () => call(exact),
        catch: (cause) => new SqlError({ cause, message: "Failed to execute statement" })
      })
    )
  )

const makeConnection = (database: Libsql.Database, prepared: (sql: string) => Prepared): Connection => ({
  execute: (sql, params) => attempt((exact) => objectsOf(prepared(sql), params, exact)),
  executeUnprepared: (sql, params) => attempt((exact) => objectsOf(prepare(database, sql), params, exact)),
  executeValues: (sql, params) => attempt((exact) => rowsOf(prepared(sql), params, exact)),
  executeRaw: (sql, params) =>
    attempt((exact) => {
      const statement = prepared(sql)
      return statement.reader ? objectsOf(statement, params, exact) : statement.run(params.map(toParameter))
    }),
  executeStream: () => Stream.dieMessage("the SQLite client cannot stream rows; read pages by key")
})

interface Bracket {
  readonly depth: number
  readonly begin: string
  readonly commit: string
  readonly rollback: string
}

const outermost: Bracket = { depth: 0, begin: "BEGIN IMMEDIATE", commit: "COMMIT", rollback: "ROLLBACK" }

const nestedIn = (outer: number): Bracket => {
  const name = `nested_${outer + 1}`
  return { depth: outer + 1, begin: `SAVEPOINT ${name}`, commit: `RELEASE ${name}`, rollback: `ROLLBACK TO ${name}` }
}

const attributes = { "db.system.name": "sqlite" }

/**
 * Runs effects in transactions. A transaction takes the write lock at its start: a transaction that reads first and then writes would fail if
 * another process has written in between.
 */
const makeWithTransaction = (database: Libsql.Database, connection: Connection, one: Effect.Semaphore) => {
  const run = (sql: string): Effect.Effect<void, SqlError> => Effect.asVoid(attempt(() => database.exec(sql)))
  // On a full disk, SQLite itself ends the transaction.
  const undo = (sql: string): Effect.Effect<void> =>
    Effect.suspend(() => (database.inTransaction ? Effect.ignore(run(sql)) : Effect.void))

  const within = <A, E, R>(
    effect: Effect.Effect<A, E, R>,
    { begin, commit, depth, rollback }: Bracket
  ): Effect.Effect<A, E | SqlError, R> =>
    Effect.acquireUseRelease(
      run(begin),
      () =>
        Effect.zipLeft(
          Effect.mapInputContext(effect, Context.add(SqlClient.TransactionConnection, [connection, depth])),
          run(commit)
        ),
      (_, exit) => (Exit.isSuccess(exit) ? Effect.void : undo(rollback))
    )

  return <R, E, A>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | SqlError, R> =>
    Effect.serviceOption(SqlClient.TransactionConnection).pipe(
      Effect.flatMap((outer) =>
        Option.isSome(outer) ? within(effect, nestedIn(outer.value[1])) : one.withPermits(1)(within(effect, outermost))
      ),
      Effect.withSpan("sql.transaction", { kind: "client", captureStackTrace: false, attributes })
    )
}

/** Holds the connection until the scope of a statement closes. */
const acquirer = (connection: Connection, one: Effect.Semaphore) =>
  Effect.uninterruptibleMask((restore) =>
    Effect.zipRight(
      restore(one.take(1)),
      Effect.as(
        Effect.addFinalizer(() => one.release(1)),
        connection
      )
    )
  )

/** Opens a client, which closes with the scope. @internal */
export const make = ({
  file
}: Options): Effect.Effect<SqlClient.SqlClient, JobsDatabaseFailed, Scope.Scope | Reactivity.Reactivity> =>
  Effect.gen(function* () {
    const database = yield* open(file)
    const prepared = makePrepared(database)
    yield* Effect.addFinalizer(() => Effect.sync(prepared.clear))
    const connection = makeConnection(database, prepared.get)
    // Statements and transactions share the connection, so they run one at a time.
    const one = yield* Effect.makeSemaphore(1)
    const client = yield* SqlClient.make({
      acquirer: acquirer(connection, one),
      compiler: Statement.makeCompilerSqlite(),
      spanAttributes: Object.entries(attributes)
    })
    return Object.assign(client, { withTransaction: makeWithTransaction(database, connection, one) })
  })

/** @internal */
export const layer = (options: Options): Layer.Layer<SqlClient.SqlClient, JobsDatabaseFailed> =>
  Layer.provide(Layer.scoped(SqlClient.SqlClient, make(options)), Reactivity.layer)
