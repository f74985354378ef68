import { createHash } from "node:crypto"
import * as fs from "node:fs"
import * as path from "node:path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as SqlClient from "@effect/sql/SqlClient"
import * as LibsqlClient from "@effect/sql-libsql/LibsqlClient"
import * as PgClient from "@effect/sql-pg/PgClient"
import { expect, layer } from "@effect/vitest"
import { Format, Verify } from "@effect-avara/export"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as TestServices from "effect/TestServices"
import { program } from "../support/programs.js"
import { scaled } from "../support/scale.js"
import { directory, list, postgres, randomFrom, runChild, tableOf } from "./support.js"

const kills = scaled(50)
const customers = Math.max(2000, scaled(20_000))
/** At least a hundred pages, so that a kill falls between any two steps. */
const limit = Math.min(100, customers / 100)
const seed = 20_261_121

/** The result of an export, as text that is equal for equal results. */
type Inspect = (destination: string) => Effect.Effect<string>

interface Case {
  readonly format: string
  /** A new destination. */
  readonly destination: (index: number) => Effect.Effect<string>
  readonly inspect: Inspect
  /** Checks an unfinished export after a kill. */
  readonly afterKill: (destination: string, expected: string) => Effect.Effect<void>
}

const hashOf = (file: string) => createHash("sha256").update(fs.readFileSync(file)).digest("hex")

const leftovers = (file: string) =>
  fs
    .readdirSync(path.dirname(file))
    .filter((name) => name.startsWith(path.basename(file)))
    .sort()

const inspectFile: Inspect = (file) =>
  Effect.gen(function* () {
    const manifest = yield* Verify.file(file)
    expect(manifest.rows).toBe(customers)
    expect(leftovers(file)).toEqual([path.basename(file), `${path.basename(file)}.manifest.json`])
    return hashOf(file)
  }).pipe(Effect.orDie, Effect.provide(NodeFileSystem.layer))

const fileCase = (format: string, folder: string): Case => ({
  format,
  destination: (index) =>
    Effect.sync(() => {
      const made = path.join(folder, `${format}-${index}`)
      fs.mkdirSync(made)
      return path.join(made, `customers.${format}`)
    }),
  inspect: inspectFile,
  afterKill: (file, expected) =>
    Effect.sync(() => {
      if (fs.existsSync(file)) expect(hashOf(file)).toBe(expected)
    })
})

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

/** Kills and resumes exports at random moments until enough kills hit; every export has the result of an undisturbed one. */
const survives = (server: string, { afterKill, destination, format, inspect }: Case) =>
  Effect.gen(function* () {
    const script = program("child")
    const run = (to: string, killAfter?: number) => runChild(script, [server, format, to, String(limit)], killAfter)
    const random = randomFrom(seed + format.length)

    const reference = yield* destination(0)
    const whole = yield* run(reference)
    expect(whole.code).toBe(0)
    const expected = yield* inspect(reference)

    let hits = 0
    for (let index = 1; hits < kills; index++) {
      const to = yield* destination(index)
      let { killed } = yield* run(to, random() * whole.millis)
      while (killed) {
        hits += 1
        yield* afterKill(to, expected)
        const resumed = yield* run(to, hits < kills ? random() * whole.millis : undefined)
        killed = resumed.killed
        if (!killed) expect(resumed.code).toBe(0)
      }
      expect(yield* inspect(to)).toBe(expected)
    }
    return hits
  })

class Server extends Context.Tag("Server")<Server, string>() {}

const title = `an export that is killed ${kills} times at random moments ends as one that is not (${customers} customers)`

layer(Layer.scoped(Server, list(customers, limit)), { timeout: 60_000 })(title, (it) => {
  const ends = <E>(name: string, made: Effect.Effect<Case, E, Scope.Scope>) =>
    it.scoped(
      name,
      () =>
        Effect.gen(function* () {
          expect(yield* survives(yield* Server, yield* made)).toBeGreaterThanOrEqual(kills)
        }).pipe(TestServices.provideLive),
      { timeout: 1_800_000 }
    )

  for (const format of Format.names) {
    ends(
      format,
      Effect.map(directory, (folder) => fileCase(format, folder))
    )
  }
  ends("SQLite", Effect.map(directory, sqliteCase))
  ends("PostgreSQL", Effect.map(postgres, postgresCase))
})
