import * as path from "node:path"
import * as SqlClient from "@effect/sql/SqlClient"
import * as LibsqlClient from "@effect/sql-libsql/LibsqlClient"
import * as PgClient from "@effect/sql-pg/PgClient"
import { expect } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { type Case, customers, testCases } from "./randomKills.js"
import { directory, postgres, tableOf } from "./support.js"

const wholeTable = Effect.tap(tableOf, (rows) => expect(rows).toHaveLength(customers)).pipe(Effect.map(JSON.stringify))

/** A page and its checkpoint exist together or not at all; rows of an earlier, complete run do not count. */
const rowsAreCounted = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const runs = yield* sql<{ state: string; seen: string | Date | null; rows: unknown }>`
    SELECT state, ${sql("lastSeenAt")} AS seen, count(${sql("expressCustomerId")}) AS rows
    FROM avara_export_checkpoint LEFT JOIN avara_customers ON TRUE GROUP BY state, ${sql("lastSeenAt")}`
  const [first] = runs
  if (first === undefined) return
  const { position } = JSON.parse(first.state).checkpoint
  const written = runs.find(({ seen }) => seen !== null && new Date(seen).getTime() === Date.parse(position.startedAt))
  expect(Number(written?.rows ?? 0)).toBe(position.rows)
})

const sqliteCase = (folder: string): Case => {
  const at = <A, E>(file: string, effect: Effect.Effect<A, E, SqlClient.SqlClient>) =>
    Effect.orDie(Effect.provide(effect, LibsqlClient.layer({ url: `file:${file}` })))
  return {
    format: "sqlite",
    destination: (index) => Effect.succeed(path.join(folder, `${index}.db`)),
    inspect: (file) => at(file, Effect.zipLeft(wholeTable, rowsAreCounted)),
    afterKill: (file) => at(file, Effect.ignore(rowsAreCounted))
  }
}

const postgresCase = (url: string): Case => {
  const at = <A, E>(effect: Effect.Effect<A, E, SqlClient.SqlClient>) =>
    Effect.orDie(Effect.provide(effect, PgClient.layer({ url: Redacted.make(url) })))
  const drop = Effect.flatMap(SqlClient.SqlClient, (sql) =>
    Effect.zipRight(sql`DROP TABLE IF EXISTS avara_customers`, sql`DROP TABLE IF EXISTS avara_export_checkpoint`)
  )
  return {
    format: "postgres",
    destination: () => Effect.as(at(drop), url),
    inspect: () => at(Effect.zipLeft(wholeTable, rowsAreCounted)),
    afterKill: () => at(Effect.ignore(rowsAreCounted))
  }
}

testCases({ SQLite: Effect.map(directory, sqliteCase), PostgreSQL: Effect.map(postgres, postgresCase) })
