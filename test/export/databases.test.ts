/** Databases that are shared, not empty, or cannot store a value: an export waits, refuses, or reports the values it left out. */
import * as path from "node:path"
import * as SqlClient from "@effect/sql/SqlClient"
import * as LibsqlClient from "@effect/sql-libsql/LibsqlClient"
import * as PgClient from "@effect/sql-pg/PgClient"
import { describe, expect, it, layer } from "@effect/vitest"
import { Customer, type StreamPage } from "@effect-avara/core/Customer"
import { Customers } from "@effect-avara/core/Customers"
import { Export, Sink } from "@effect-avara/export"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { type Holder, hold, reading, writing } from "../support/databaseLock.js"
import { directory, postgres } from "./support.js"

interface Sent {
  readonly createdAt: string | null
  readonly updatedAt: string | null
  readonly [field: string]: unknown
}

const sent = (number: number, more: object = {}): Sent => ({
  expressCustomerId: `cus_${String(number).padStart(32, "0")}`,
  expressCustomerName: `Clinic ${number}`,
  isActive: true,
  userCount: number,
  createdAt: "2024-01-15T09:00:00.000Z",
  updatedAt: null,
  ...more
})

const decode = Schema.decodeUnknownSync(Customer)

const pageOf = (rows: ReadonlyArray<Sent>, cursor: string | undefined): StreamPage => ({
  expressCustomers: rows.map((row) => decode(row)),
  received: rows,
  duplicates: 0,
  hasMore: cursor !== undefined,
  ...(cursor === undefined ? {} : { cursor })
})

/** One page per row, from the cursor; `before` runs before each page. */
const listed = (rows: ReadonlyArray<Sent>, before: (page: number) => Effect.Effect<unknown> = () => Effect.void) =>
  Layer.mock(Customers, {
    pages: ({ cursor = "0" } = {}) =>
      Stream.fromIterable(rows.slice(Number(cursor))).pipe(
        Stream.zipWithIndex,
        Stream.mapEffect(([row, index]) => {
          const next = Number(cursor) + index + 1
          return Effect.as(before(next - 1), pageOf([row], next < rows.length ? String(next) : undefined))
        })
      )
  })

const rows = Array.from({ length: 3 }, (_, index) => sent(index))

const tables = (table: string) =>
  Effect.flatMap(
    SqlClient.SqlClient,
    (sql) => sql<Record<string, unknown>>`SELECT * FROM ${sql(table)} ORDER BY ${sql("expressCustomerId")}`
  )

const exportTo = (options: Sink.SqlOptions, all: ReadonlyArray<Sent> = rows) =>
  Effect.provide(Export.run({ sink: Sink.sql(options) }), listed(all))

const run = (...statements: ReadonlyArray<string>) =>
  Effect.flatMap(SqlClient.SqlClient, (sql) =>
    Effect.forEach(statements, (text) => sql.unsafe(text), { discard: true })
  )

/** Checks an export's message about a table, and that it changed nothing. */
const refused = (table: string, listTables: string, reason: RegExp) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const before = yield* sql.unsafe(listTables)
    const error = yield* Effect.flip(exportTo({ table }))
    expect(error).toMatchObject({
      _tag: "DatabaseFailed",
      table,
      unusable: true,
      message: expect.stringMatching(reason)
    })
    expect(yield* sql.unsafe(listTables)).toEqual(before)
  })

const checkpointNames = ["avara_export_checkpoint", "AVARA_Export_Checkpoint", "main.avara_export_checkpoint"]

const hostileTimes = {
  "0000-01-01T00:00:00Z": "0000-01-01T00:00:00.000Z",
  "+010000-01-01T00:00:00Z": "+010000-01-01T00:00:00.000Z",
  "-000044-03-15T12:00:00Z": "-000044-03-15T12:00:00.000Z",
  "+275760-09-13T00:00:00Z": "+275760-09-13T00:00:00.000Z"
}

const storedTimes = ["0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z"]

/** The deepest value that the client accepts. */
const deep = JSON.parse(`${"[".repeat(1000)}${"]".repeat(1000)}`)

const hostile = [
  ...Object.keys(hostileTimes).map((time, index) => sent(index, { createdAt: time, updatedAt: time })),
  ...storedTimes.map((time, index) => sent(10 + index, { createdAt: time })),
  sent(20, {
    expressCustomerName: "a\u0000b\ud800c",
    userCount: Number.MAX_SAFE_INTEGER,
    createdByApiKeyId: "\u0000",
    metadata: { "\u0000": "\udfff", "": "x".repeat(100_000), "'; DROP TABLE avara_customers; --": "\\" },
    later: { big: 1e308, small: -5e-324, nul: "\u0000", half: "\ud800", deep }
  })
]

describe("SQLite", () => {
  const database = Effect.map(directory, (folder) => path.join(folder, "mirror.db"))
  const client = (file: string) => LibsqlClient.layer({ url: `file:${file}` })
  const listTables = "SELECT name, sql FROM sqlite_master ORDER BY name"

  for (const [name, reason] of [
    ...checkpointNames.map((name) => [name, /checkpoints/] as const),
    ["", /empty/] as const,
    ["main.", /empty/] as const,
    ["a\0b", /NUL/] as const,
    ["SQLite_customers", /sqlite_/] as const
  ]) {
    it.scopedLive(`no table can be ${JSON.stringify(name)}`, () =>
      Effect.flatMap(database, (file) => Effect.provide(refused(name, listTables, reason), client(file)))
    )
  }

  for (const [what, ...statements] of [
    ["a table of the user's own", "CREATE TABLE taken (id INTEGER PRIMARY KEY, name TEXT)"],
    ["a table without its key", 'CREATE TABLE taken ("expressCustomerId" TEXT)'],
    ["a view", "CREATE TABLE other (a)", "CREATE VIEW taken AS SELECT * FROM other"]
  ] as const) {
    it.scopedLive(`${what} is refused and left unchanged`, () =>
      Effect.flatMap(database, (file) =>
        Effect.zipRight(run(...statements), refused("taken", listTables, /choose another name/)).pipe(
          Effect.provide(client(file))
        )
      )
    )
  }

  it.scopedLive("stores every value", () =>
    Effect.gen(function* () {
      const { unstorableTimes } = yield* exportTo({}, hostile)
      expect(unstorableTimes).toBeUndefined()
      const found = yield* tables("avara_customers")
      expect(found.map((row) => row["received"])).toEqual(hostile.map((row) => JSON.stringify(row)))
      expect(found.map((row) => row["createdAt"])).toEqual([
        ...Object.values(hostileTimes),
        ...storedTimes,
        "2024-01-15T09:00:00.000Z"
      ])
    }).pipe((test) => Effect.flatMap(database, (file) => Effect.provide(test, client(file))))
  )

  const locks = { writer: writing, reader: reading }

  for (const [who, statements] of Object.entries(locks)) {
    it.scopedLive(`waits for a ${who} in another process, at its start and later`, () =>
      Effect.gen(function* () {
        const file = yield* database
        const scope = yield* Effect.scope
        yield* Effect.provide(exportTo({}, rows.slice(0, 1)), client(file))
        const holding = Effect.provideService(hold(file, statements, 800), Scope.Scope, scope)
        const holders = [yield* holding]
        const before = (page: number) =>
          page === 1 ? Effect.map(holding, (holder) => holders.push(holder)) : Effect.void
        const manifest = yield* Export.run({ sink: Sink.sql() }).pipe(
          Effect.provide(Layer.merge(listed(rows, before), client(file)))
        )
        expect(manifest).toMatchObject({ rows: 3, pages: 3 })
        expect(yield* Effect.forEach(holders, ({ released }) => released)).toEqual([true, true])
        expect(yield* Effect.provide(tables("avara_customers"), client(file))).toHaveLength(3)
      })
    )
  }

  it.scopedLive("gives up after the timeout, keeps the earlier pages, and resumes", () =>
    Effect.gen(function* () {
      const file = yield* database
      const scope = yield* Effect.scope
      const holding = Effect.provideService(hold(file, writing, 1500), Scope.Scope, scope)
      const holders: Array<Holder> = []
      const before = (page: number) =>
        page === 2 ? Effect.map(holding, (holder) => holders.push(holder)) : Effect.void
      const error = yield* Export.run({ sink: Sink.sql({ busyTimeout: "300 millis" }) }).pipe(
        Effect.provide(Layer.merge(listed(rows, before), client(file))),
        Effect.flip
      )
      expect(error).toMatchObject({ _tag: "DatabaseFailed", detail: expect.stringMatching(/held a lock .* for 300ms/) })
      yield* Effect.forEach(holders, ({ released }) => released)
      expect(yield* Effect.provide(tables("avara_customers"), client(file))).toHaveLength(2)
      const again = Export.run({ sink: Sink.sql(), resume: true })
      expect(yield* Effect.provide(again, Layer.merge(listed(rows), client(file)))).toMatchObject({ rows: 3, pages: 3 })
    })
  )
})

const server = Layer.unwrapScoped(Effect.map(postgres, (url) => PgClient.layer({ url: Redacted.make(url) })))

layer(server, { excludeTestServices: true, timeout: 60_000 })("PostgreSQL", (it) => {
  const listTables = `SELECT relname, relkind, array_agg(attname) AS columns FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
    WHERE relnamespace = 'public'::regnamespace GROUP BY 1, 2 ORDER BY 1`
  const ofBytes = (bytes: number) => "é".repeat((bytes - 1) / 2) + "x"

  it.effect("refuses a table name that PostgreSQL would truncate, or the name of the checkpoint table", () =>
    Effect.gen(function* () {
      for (const name of checkpointNames) yield* refused(name, listTables, /checkpoints/)
      yield* refused(ofBytes(65), listTables, /at most 63 bytes, not 65/)
      yield* refused("", listTables, /empty/)
    })
  )

  it.effect("accepts a name of 63 bytes", () =>
    Effect.gen(function* () {
      yield* exportTo({ table: ofBytes(63) })
      expect(yield* tables(ofBytes(63))).toHaveLength(3)
    })
  )

  it.effect("refuses the user's own table or view and leaves it unchanged", () =>
    Effect.gen(function* () {
      yield* run("CREATE TABLE own (id INTEGER)", "CREATE VIEW seen AS SELECT * FROM own")
      yield* run('CREATE TABLE keyless ("expressCustomerId" TEXT)')
      for (const table of ["own", "seen", "keyless"]) yield* refused(table, listTables, /choose another name/)
    })
  )

  it.effect("stores NULL for a timestamp that it cannot store and counts it, even across a resume", () =>
    Effect.gen(function* () {
      const table = "hostile"
      const failing = listed(hostile, (page) => (page === 2 ? Effect.die("stopped") : Effect.void))
      yield* Effect.exit(Effect.provide(Export.run({ sink: Sink.sql({ table }) }), failing))
      expect(yield* tables(table)).toHaveLength(2)
      const resumed = yield* Effect.provide(Export.run({ sink: Sink.sql({ table }), resume: true }), listed(hostile))
      expect(resumed).toMatchObject({ rows: hostile.length, unstorableTimes: 8 })
      const found = yield* tables(table)
      const times = Object.keys(hostileTimes).map(() => null)
      expect(found.map(({ createdAt }) => (createdAt instanceof Date ? createdAt.toISOString() : createdAt))).toEqual([
        ...times,
        ...storedTimes,
        "2024-01-15T09:00:00.000Z"
      ])
      const sql = yield* SqlClient.SqlClient
      const texts = yield* sql<{
        text: string
      }>`SELECT received::text AS text FROM ${sql(table)} ORDER BY ${sql("expressCustomerId")}`
      expect(texts.map(({ text }) => text)).toEqual(hostile.map((row) => JSON.stringify(row)))
      expect(found.at(-1)).toMatchObject({ expressCustomerName: "a\uFFFDb\uFFFDc", createdByApiKeyId: "\uFFFD" })
    })
  )

  it.effect("ends the export at a lock that lasts longer than the timeout, and resumes it", () =>
    Effect.gen(function* () {
      const table = "locked"
      yield* exportTo({ table })
      const sql = yield* SqlClient.SqlClient
      const [locked, done] = yield* Effect.all([Deferred.make<void>(), Deferred.make<void>()])
      const locking = Effect.zipRight(
        sql`LOCK TABLE ${sql(table)} IN ACCESS EXCLUSIVE MODE`,
        Effect.zipRight(Deferred.succeed(locked, undefined), Deferred.await(done))
      )
      const holder = yield* Effect.fork(sql.withTransaction(locking))
      yield* Deferred.await(locked)
      expect(yield* Effect.flip(exportTo({ table, busyTimeout: "200 millis" }))).toMatchObject({
        _tag: "DatabaseFailed",
        detail: expect.stringMatching(/held a lock .* for 200ms/)
      })
      const waiting = yield* Effect.fork(exportTo({ table }))
      yield* Effect.sleep(200)
      yield* Deferred.succeed(done, undefined)
      yield* Fiber.join(holder)
      expect(yield* Fiber.join(waiting)).toMatchObject({ rows: 3 })
    })
  )

  it.effect("completes two exports that start simultaneously in an empty database", () =>
    Effect.gen(function* () {
      yield* run("DROP TABLE IF EXISTS avara_export_checkpoint")
      const both = Effect.all([exportTo({ table: "one" }), exportTo({ table: "two" })], { concurrency: 2 })
      expect((yield* both).map(({ rows }) => rows)).toEqual([3, 3])
    })
  )
})
