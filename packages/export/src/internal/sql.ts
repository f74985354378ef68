import { randomUUID } from "node:crypto"
import * as SqlClient from "@effect/sql/SqlClient"
import { SqlError } from "@effect/sql/SqlError"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Checkpoint from "../Checkpoint.js"
import { type CheckpointRefused, DatabaseFailed, Locked, Unfinished } from "../ExportError.js"
import { type ColumnName, columnNames, inPieces, jsonOf } from "./row.js"
import { beginning, manifestOf, type Page, type Row, type Session, type Start } from "./session.js"
import { checkpointTable, type Dialect, tableNameProblem } from "./tableName.js"

type Sql = SqlClient.SqlClient

/** The table of an export, and how long to wait for a lock of another program. */
interface Target {
  readonly sql: Sql
  readonly dialect: Dialect
  readonly table: string
  readonly busyTimeout: Duration.Duration
}

const messageOf = ({ cause, message }: SqlError): string =>
  cause instanceof Error && cause.message !== "" ? cause.message.split("\n", 1).join() : message

const codeOf = ({ cause }: SqlError): string =>
  cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : ""

const lockNotAvailable = "55P03"

const isBusy = (error: SqlError): boolean =>
  /^SQLITE_(?:BUSY|LOCKED)/.test(codeOf(error)) ||
  codeOf(error) === lockNotAvailable ||
  /is locked/.test(messageOf(error))

/** A lock, a lost connection or a server that restarts says nothing about the table. */
const isPassing = (error: SqlError): boolean => isBusy(error) || /^(?:$|08|53|57|E[A-Z]+$)/.test(codeOf(error))

const failed =
  ({ busyTimeout, table }: Target) =>
  (error: SqlError) => {
    const busy = `another program held a lock on the database for ${Duration.format(busyTimeout)}; try again after it has finished`
    return Effect.fail(new DatabaseFailed({ table, detail: isBusy(error) ? busy : messageOf(error) }))
  }

interface Types {
  readonly boolean: string
  readonly integer: string
  readonly time: string
  readonly json: string
  readonly received: string
}

const dialectOf = (sql: Sql): Dialect | undefined =>
  sql.onDialectOrElse({ sqlite: () => "sqlite" as const, pg: () => "pg" as const, orElse: () => undefined })

/** The received row is kept as JSON, because JSONB refuses some texts that JSON allows, and reorders keys. */
const typesByDialect: Readonly<Record<Dialect, Types>> = {
  sqlite: { boolean: "INTEGER", integer: "INTEGER", time: "TEXT", json: "TEXT", received: "TEXT" },
  pg: { boolean: "BOOLEAN", integer: "BIGINT", time: "TIMESTAMPTZ", json: "JSONB", received: "JSON" }
}

const targetOf = (table: string, busyTimeout: Duration.Duration) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const dialect = dialectOf(sql)
    if (dialect === undefined) {
      return yield* new DatabaseFailed({ table, detail: "only SQLite and PostgreSQL are supported", unusable: true })
    }
    const problem = tableNameProblem(table, dialect)
    if (problem !== undefined) return yield* new DatabaseFailed({ table, detail: problem, unusable: true })
    const target: Target = { sql, dialect, table, busyTimeout }
    return target
  })

type Column = ColumnName | "received" | "lastSeenAt"

const definitionsOf = (type: Types): Readonly<Record<Column, string>> => ({
  expressCustomerId: "TEXT PRIMARY KEY",
  expressCustomerName: "TEXT NOT NULL",
  isActive: `${type.boolean} NOT NULL`,
  userCount: type.integer,
  createdAt: type.time,
  updatedAt: type.time,
  createdByApiKeyId: "TEXT",
  createdByUserId: "TEXT",
  metadata: type.json,
  received: `${type.received} NOT NULL`,
  lastSeenAt: `${type.time} NOT NULL`
})

const columns: ReadonlyArray<Column> = [...columnNames, "received", "lastSeenAt"]

const createTables = ({ dialect, sql, table }: Target) => {
  const definitions = definitionsOf(typesByDialect[dialect])
  const defined = columns.map((name) => sql`${sql(name)} ${sql.literal(definitions[name])}`)
  return Effect.zipRight(
    sql`CREATE TABLE IF NOT EXISTS ${sql(table)} (${sql.csv(defined)})`,
    sql`CREATE TABLE IF NOT EXISTS ${sql(checkpointTable)} (name TEXT PRIMARY KEY, run TEXT NOT NULL, state TEXT NOT NULL)`
  )
}

/** A PostgreSQL text cannot contain NUL or half of a character. */
const halfCharacter = /\p{Surrogate}/gu

const storable = (text: string): string => text.replaceAll("\0", "\uFFFD").replace(halfCharacter, "\uFFFD")

const storableJson = (metadata: Readonly<Record<string, string>>): string =>
  jsonOf(Object.entries(metadata).map(([key, value]) => [storable(key), storable(value)]))

const toIso = (time: DateTime.Utc | null): string | null => (time === null ? null : DateTime.formatIso(time))

/** PostgreSQL cannot read the year 0 or the signed years of ISO 8601. */
const isStorable = (iso: string, dialect: Dialect): boolean => dialect === "sqlite" || /^(?!0000)\d{4}-/.test(iso)

const storableTime = (time: DateTime.Utc | null, dialect: Dialect): string | null => {
  const iso = toIso(time)
  return iso !== null && isStorable(iso, dialect) ? iso : null
}

const countUnstorableTimes = (rows: ReadonlyArray<Row>, dialect: Dialect): number =>
  rows
    .flatMap(({ customer }) => [toIso(customer.createdAt), toIso(customer.updatedAt)])
    .filter((iso) => iso !== null && !isStorable(iso, dialect)).length

const toColumns =
  (dialect: Dialect, lastSeenAt: string) =>
  ({ customer, received }: Row) =>
    ({
      expressCustomerId: customer.expressCustomerId,
      expressCustomerName: storable(customer.expressCustomerName),
      isActive: dialect === "sqlite" ? Number(customer.isActive) : customer.isActive,
      userCount: Number.isNaN(customer.userCount) ? null : customer.userCount,
      createdAt: storableTime(customer.createdAt, dialect),
      updatedAt: storableTime(customer.updatedAt, dialect),
      createdByApiKeyId: customer.createdByApiKeyId === undefined ? null : storable(customer.createdByApiKeyId),
      createdByUserId: typeof customer.createdByUserId === "string" ? storable(customer.createdByUserId) : null,
      metadata: customer.metadata === undefined ? null : storableJson(customer.metadata),
      received: JSON.stringify(received),
      lastSeenAt
    }) satisfies Readonly<Record<Column, unknown>>

const updatedColumns = columns.filter((name) => name !== "expressCustomerId")

const updateFrom = (sql: Sql) =>
  sql`ON CONFLICT (${sql("expressCustomerId")}) DO UPDATE SET ${sql.csv(
    updatedColumns.map((name) => sql`${sql(name)} = EXCLUDED.${sql(name)}`)
  )}`

const upsert = ({ dialect, sql, table }: Target, lastSeenAt: string) => {
  const convert = toColumns(dialect, lastSeenAt)
  return (rows: ReadonlyArray<Row>) =>
    Effect.gen(function* () {
      for (const some of inPieces(rows, convert, ({ received }) => received.length)) {
        yield* sql`INSERT INTO ${sql(table)} ${sql.insert(some)} ${updateFrom(sql)}`
      }
    })
}

/** Writes no row, but fails as a row would in a view, or in a table that the user created. */
const assertWritable = (target: Target) => {
  const { sql, table } = target
  const names = sql.csv(columns.map((name) => sql`${sql(name)}`))
  return sql`INSERT INTO ${sql(table)} (${names}) SELECT ${names} FROM ${sql(table)} WHERE 1 = 0 ${updateFrom(sql)}`.pipe(
    Effect.mapError((error) => {
      const detail = `it exists, but it is not a table of an export (${messageOf(error)}); choose another name`
      return isPassing(error) ? error : new DatabaseFailed({ table, detail, unusable: true })
    })
  )
}

const maxTimeoutMillis = 2 ** 31 - 1

/**
 * Waits up to `busyTimeout` for locks that others hold: in SQLite in total, in PostgreSQL for each lock. A client of SQLite may open a connection
 * for each transaction, so the timeout is set right before each one: with libSQL, a BEGIN that fails because of a lock can never be repeated.
 */
const inTransaction = <A, E, R>({ busyTimeout, dialect, sql }: Target, effect: Effect.Effect<A, E, R>) => {
  const millis = Math.min(maxTimeoutMillis, Math.max(1, Math.round(Duration.toMillis(busyTimeout))))
  const transaction =
    dialect === "sqlite"
      ? Effect.zipRight(sql.unsafe(`PRAGMA busy_timeout = ${millis}`), sql.withTransaction(effect))
      : sql.withTransaction(Effect.zipRight(sql`SELECT set_config('lock_timeout', ${String(millis)}, true)`, effect))
  // The client reports a failed commit, such as on a full disk, as a defect.
  return Effect.catchSomeDefect(transaction, (defect) =>
    defect instanceof SqlError ? Option.some(Effect.fail(defect)) : Option.none()
  )
}

const textOf = (start: Start, position: Checkpoint.Position): string =>
  Checkpoint.toText({ fingerprint: start.fingerprint, position })

const idsPerRead = 10_000

/** Reads the ids that an earlier run wrote, by the time that it marked them with. */
const readIds = (sql: Sql, table: string, lastSeenAt: string) =>
  Effect.gen(function* () {
    const ids: Array<string> = []
    const id = sql("expressCustomerId")
    for (let last = "", more = true; more; last = ids.at(-1) ?? "") {
      const rows = yield* sql<{ id: string }>`SELECT ${id} AS id FROM ${sql(table)}
        WHERE ${sql("lastSeenAt")} = ${lastSeenAt} AND ${id} > ${last} ORDER BY ${id} LIMIT ${idsPerRead}`
      for (const row of rows) ids.push(row.id)
      more = rows.length === idsPerRead
    }
    return ids
  })

/** Finds the position to continue from. A list that was complete, or has no page yet, starts again. */
const findPosition = (table: string, start: Start, state: string | undefined) =>
  Effect.gen(function* () {
    const path = `${checkpointTable}: ${table}`
    if (state === undefined || start.discard) return yield* beginning
    const { fingerprint, position } = yield* Effect.mapError(Checkpoint.fromText(path, state), (error) =>
      start.resume ? error : new Unfinished({ destination: table })
    )
    if (position.endedAt !== undefined || position.pages === 0) return yield* beginning
    if (!start.resume) return yield* new Unfinished({ destination: table, rows: position.rows })
    yield* Checkpoint.assertSame(path, fingerprint, start.fingerprint)
    return position
  })

/** The last run that claims the table owns it. An older run notices at its next page, which it cannot write before this transaction ends. */
const claim = ({ dialect, sql, table }: Target, start: Start, run: string) =>
  Effect.gen(function* () {
    const [row] = yield* sql<{ state: string }>`SELECT state FROM ${sql(checkpointTable)}
      WHERE name = ${table} ${sql.literal(dialect === "pg" ? "FOR UPDATE" : "")}`
    const position = yield* findPosition(table, start, row?.state)
    yield* sql`INSERT INTO ${sql(checkpointTable)} (name, run, state)
      VALUES (${table}, ${run}, ${textOf(start, position)})
      ON CONFLICT (name) DO UPDATE SET run = EXCLUDED.run, state = EXCLUDED.state`
    return position
  })

/** In PostgreSQL, two exports that create the tables at the same time would fail, and both could claim a new table. */
const oneAtATime = ({ dialect, sql }: Target) =>
  dialect === "pg" ? sql`SELECT pg_advisory_xact_lock(hashtext(${checkpointTable}))` : Effect.void

/** Runs in one transaction, so that a refused table leaves the database unchanged. */
const open = (target: Target, start: Start, run: string) =>
  Effect.gen(function* () {
    const { sql, table } = target
    yield* oneAtATime(target)
    yield* createTables(target)
    yield* assertWritable(target)
    const position = yield* claim(target, start, run)
    const lastSeenAt = DateTime.formatIso(position.startedAt)
    const seen = position.pages === 0 ? [] : yield* readIds(sql, table, lastSeenAt)
    return { position, lastSeenAt, seen }
  })

const openSession = (target: Target, start: Start) =>
  Effect.gen(function* () {
    const { dialect, sql, table } = target
    const run = randomUUID()
    const { lastSeenAt, position, seen } = yield* inTransaction(target, open(target, start, run))

    const advance = (to: Checkpoint.Position) =>
      Effect.flatMap(
        sql`UPDATE ${sql(checkpointTable)} SET state = ${textOf(start, to)}
          WHERE name = ${table} AND run = ${run} RETURNING name`,
        (rows) => (rows.length === 1 ? Effect.void : Effect.fail(new Locked({ path: table, owner: "a later export" })))
      )
    const write = upsert(target, lastSeenAt)
    let last = position
    const after = ({ position, rows }: Page): Checkpoint.Position => {
      const unstorableTimes = (last.unstorableTimes ?? 0) + countUnstorableTimes(rows, dialect)
      return { ...position, ...(unstorableTimes === 0 ? {} : { unstorableTimes }) }
    }
    const append = (page: Page) => {
      const next = after(page)
      return inTransaction(target, Effect.zipRight(advance(next), write(page.rows))).pipe(
        Effect.catchTag("SqlError", failed(target)),
        Effect.tap(() => {
          last = next
        })
      )
    }
    const session: Session = {
      position,
      seen,
      append,
      save: Effect.void,
      finish: Effect.sync(() => manifestOf("sql", last, start.filter))
    }
    return session
  }).pipe(Effect.catchTag("SqlError", failed(target)))

/** Runs an export into a table. Each page and the checkpoint after it are one transaction. @internal */
export const withTable =
  (table: string, busyTimeout: Duration.Duration) =>
  <A, E, R>(
    start: Start,
    use: (session: Session) => Effect.Effect<A, E, R>
  ): Effect.Effect<A, E | DatabaseFailed | CheckpointRefused | Unfinished, R | SqlClient.SqlClient> =>
    targetOf(table, busyTimeout).pipe(
      Effect.flatMap((target) => openSession(target, start)),
      Effect.flatMap(use)
    )
