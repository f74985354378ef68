import { randomUUID } from "node:crypto"
import * as SqlClient from "@effect/sql/SqlClient"
import { SqlError } from "@effect/sql/SqlError"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import * as Option from "effect/Option"
import * as Checkpoint from "../Checkpoint.js"
import { type CheckpointRefused, DatabaseFailed, Locked, Unfinished } from "../ExportError.js"
import { jsonOf } from "./row.js"
import { beginning, manifestOf, type Page, type Row, type Session, type Start } from "./session.js"

const checkpointTable = "avara_export_checkpoint"

type Sql = SqlClient.SqlClient

const messageOf = ({ cause, message }: SqlError): string =>
  cause instanceof Error && cause.message !== "" ? cause.message.split("\n", 1).join() : message

const failed = (table: string) => (error: SqlError) =>
  Effect.fail(new DatabaseFailed({ table, detail: messageOf(error) }))

interface Types {
  readonly boolean: string
  readonly integer: string
  readonly time: string
  readonly json: string
  readonly received: string
}

const dialectOf = (sql: Sql): "sqlite" | "pg" | "other" =>
  sql.onDialectOrElse({ sqlite: () => "sqlite" as const, pg: () => "pg" as const, orElse: () => "other" as const })

/** JSONB would refuse some texts that JSON allows, and reorder keys: what was received is kept as JSON. */
const typesByDialect: Readonly<Record<"sqlite" | "pg", Types>> = {
  sqlite: { boolean: "INTEGER", integer: "INTEGER", time: "TEXT", json: "TEXT", received: "TEXT" },
  pg: { boolean: "BOOLEAN", integer: "BIGINT", time: "TIMESTAMPTZ", json: "JSONB", received: "JSON" }
}

const createTables = (sql: Sql, table: string) =>
  Effect.gen(function* () {
    const dialect = dialectOf(sql)
    if (dialect === "other") {
      return yield* new DatabaseFailed({ table, detail: "only SQLite and PostgreSQL are supported" })
    }
    const type = typesByDialect[dialect]
    const column = (name: string, definition: string) => sql`${sql(name)} ${sql.literal(definition)}`
    const columns = [
      column("expressCustomerId", "TEXT PRIMARY KEY"),
      column("expressCustomerName", "TEXT NOT NULL"),
      column("isActive", `${type.boolean} NOT NULL`),
      column("userCount", `${type.integer} NOT NULL`),
      column("createdAt", type.time),
      column("updatedAt", type.time),
      column("createdByApiKeyId", "TEXT"),
      column("createdByUserId", "TEXT"),
      column("metadata", type.json),
      column("received", `${type.received} NOT NULL`),
      column("lastSeenAt", `${type.time} NOT NULL`)
    ]
    yield* sql`CREATE TABLE IF NOT EXISTS ${sql(table)} (${sql.csv(columns)})`
    yield* sql`CREATE TABLE IF NOT EXISTS ${sql(checkpointTable)} (name TEXT PRIMARY KEY, run TEXT NOT NULL, state TEXT NOT NULL)`
  })

/** What PostgreSQL takes in no text: NUL, and halves of characters. */
const halfCharacter = /\p{Surrogate}/gu

const storable = (text: string): string => text.replaceAll("\0", "\uFFFD").replace(halfCharacter, "\uFFFD")

const storableJson = (metadata: Readonly<Record<string, string>>): string =>
  jsonOf(Object.entries(metadata).map(([key, value]) => [storable(key), storable(value)]))

const toIso = (time: DateTime.Utc | null): string | null => (time === null ? null : DateTime.formatIso(time))

const toColumns =
  (boolean: (value: boolean) => boolean | number, lastSeenAt: string) =>
  ({ customer, received }: Row) => ({
    expressCustomerId: customer.expressCustomerId,
    expressCustomerName: storable(customer.expressCustomerName),
    isActive: boolean(customer.isActive),
    userCount: customer.userCount,
    createdAt: toIso(customer.createdAt),
    updatedAt: toIso(customer.updatedAt),
    createdByApiKeyId: customer.createdByApiKeyId === undefined ? null : storable(customer.createdByApiKeyId),
    createdByUserId: customer.createdByUserId ?? null,
    metadata: customer.metadata === undefined ? null : storableJson(customer.metadata),
    received: JSON.stringify(received),
    lastSeenAt
  })

const updatedColumns = [
  "expressCustomerName",
  "isActive",
  "userCount",
  "createdAt",
  "updatedAt",
  "createdByApiKeyId",
  "createdByUserId",
  "metadata",
  "received",
  "lastSeenAt"
]

const upsert = (sql: Sql, table: string, lastSeenAt: string) => {
  const convert = toColumns(dialectOf(sql) === "sqlite" ? Number : identity<boolean>, lastSeenAt)
  const updates = sql.csv(updatedColumns.map((name) => sql`${sql(name)} = EXCLUDED.${sql(name)}`))
  return (rows: ReadonlyArray<Row>) =>
    rows.length === 0
      ? Effect.void
      : sql`INSERT INTO ${sql(table)} ${sql.insert(rows.map(convert))} ON CONFLICT (${sql("expressCustomerId")}) DO UPDATE SET ${updates}`
}

/** A commit that fails, as on a full disk, is a defect of the client's. */
const inTransaction = <A, E, R>(sql: Sql, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | SqlError, R> =>
  Effect.catchSomeDefect(sql.withTransaction(effect), (defect) =>
    defect instanceof SqlError ? Option.some(Effect.fail(defect)) : Option.none()
  )

const textOf = (start: Start, position: Checkpoint.Position): string =>
  Checkpoint.toText({ fingerprint: start.fingerprint, position })

const idsPerRead = 10_000

/** The ids that an earlier run wrote: those that it marked with its own time. */
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

/** The position to go on from; a list that ended, or never began, is begun again. */
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

/** Whoever claims the table last owns it: an older run notices at its next page, and a page that it wrote just before is not missed. */
const claim = (
  sql: Sql,
  table: string,
  start: Start,
  run: string
): Effect.Effect<Checkpoint.Position, SqlError | CheckpointRefused | Unfinished> =>
  Effect.gen(function* () {
    const [row] = yield* sql<{ state: string }>`SELECT state FROM ${sql(checkpointTable)} WHERE name = ${table}`
    const position = yield* findPosition(table, start, row?.state)
    const claimed = yield* sql`INSERT INTO ${sql(checkpointTable)} (name, run, state)
      VALUES (${table}, ${run}, ${textOf(start, position)})
      ON CONFLICT (name) DO UPDATE SET run = EXCLUDED.run, state = EXCLUDED.state
      WHERE ${sql(checkpointTable)}.state = ${row?.state ?? ""} RETURNING name`
    return claimed.length === 1 ? position : yield* claim(sql, table, start, run)
  })

const openSession = (table: string, start: Start) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    yield* createTables(sql, table)
    const run = randomUUID()
    const position = yield* claim(sql, table, start, run)
    const lastSeenAt = DateTime.formatIso(position.startedAt)
    const seen = position.pages === 0 ? [] : yield* readIds(sql, table, lastSeenAt)

    const advance = (to: Checkpoint.Position) =>
      Effect.flatMap(
        sql`UPDATE ${sql(checkpointTable)} SET state = ${textOf(start, to)}
          WHERE name = ${table} AND run = ${run} RETURNING name`,
        (rows) => (rows.length === 1 ? Effect.void : Effect.fail(new Locked({ path: table, owner: "a later export" })))
      )
    const write = upsert(sql, table, lastSeenAt)
    let last = position
    const append = (page: Page) =>
      inTransaction(sql, Effect.zipRight(advance(page.position), write(page.rows))).pipe(
        Effect.catchTag("SqlError", failed(table)),
        Effect.tap(() => {
          last = page.position
        })
      )
    const session: Session = {
      position,
      seen,
      append,
      save: Effect.void,
      finish: Effect.sync(() => manifestOf("sql", last, start.filter))
    }
    return session
  }).pipe(Effect.catchTag("SqlError", failed(table)))

/** An export into a table, each page in one transaction with the checkpoint behind it. @internal */
export const withTable =
  (table: string) =>
  <A, E, R>(
    start: Start,
    use: (session: Session) => Effect.Effect<A, E, R>
  ): Effect.Effect<A, E | DatabaseFailed | CheckpointRefused | Unfinished, R | SqlClient.SqlClient> =>
    Effect.flatMap(openSession(table, start), use)
