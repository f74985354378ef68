import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import * as ClusterWorkflowEngine from "@effect/cluster/ClusterWorkflowEngine"
import * as SingleRunner from "@effect/cluster/SingleRunner"
import * as SqlClient from "@effect/sql/SqlClient"
import { describe, expect, it } from "@effect/vitest"
import * as Activity from "@effect/workflow/Activity"
import * as Workflow from "@effect/workflow/Workflow"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { program } from "../../../../test/support/programs.js"
import { layer } from "../../src/internal/database/sqlite.js"
import { lockWorker } from "../../src/internal/database/sqliteFile.js"

const directory = Effect.acquireRelease(
  Effect.sync(() => fs.mkdtempSync(path.join(os.tmpdir(), "avara-jobs-"))),
  (made) => Effect.sync(() => fs.rmSync(made, { recursive: true, force: true }))
)

const newFile = Effect.map(directory, (made) => path.join(made, "jobs.db"))

const withDatabase = <A, E>(test: (sql: SqlClient.SqlClient) => Effect.Effect<A, E>) =>
  Effect.provide(Effect.flatMap(SqlClient.SqlClient, test), layer({ file: ":memory:" }))

const counted = (sql: SqlClient.SqlClient, table: string) =>
  Effect.map(sql<{ readonly n: number }>`SELECT count(*) AS n FROM ${sql(table)}`, ([row]) => row?.n)

const user = (...args: ReadonlyArray<string>) =>
  Effect.acquireRelease(
    Effect.sync(() =>
      spawn(process.execPath, [program("sqliteUser"), ...args], { stdio: ["ignore", "pipe", "inherit"] })
    ),
    (child) =>
      Effect.zipRight(
        Effect.sync(() => child.kill("SIGKILL")),
        ended(child)
      )
  )

const ended = (child: ChildProcess) =>
  Effect.async<number | null>((resume) => {
    const done = () => resume(Effect.succeed(child.exitCode))
    if (child.exitCode !== null || child.signalCode !== null) return done()
    child.once("close", done)
  })

describe("values", () => {
  it.effect("are read as they were stored", () =>
    withDatabase((sql) =>
      Effect.gen(function* () {
        yield* sql`CREATE TABLE kept (id INTEGER PRIMARY KEY, value, words TEXT)`
        const bytes = new Uint8Array([0, 1, 2, 3]).subarray(1, 3)
        const values = [3, 0.5, -1, 9_007_199_254_740_991, 9_007_199_254_740_993n, -(2n ** 63n), "é", null, true, bytes]
        for (const value of values) yield* sql`INSERT INTO kept (value) VALUES (${value})`
        const rows = yield* sql`SELECT value FROM kept ORDER BY id`.values
        expect(rows.map(([value]) => value)).toEqual([...values.slice(0, 8), 1, Buffer.from([1, 2])])
        const exact = yield* Effect.provideService(sql`SELECT id FROM kept`, SqlClient.SafeIntegers, true)
        expect(exact[0]).toEqual({ id: 1n })
        yield* sql`INSERT INTO kept ${sql.insert({ id: 20, value: new Date(5), words: 3 })}`
        expect(yield* sql`SELECT * FROM kept WHERE id = ${20}`).toEqual([{ id: 20, value: 5, words: "3" }])
        const refused = yield* Effect.flip(sql`INSERT INTO kept (words) VALUES (${"a\0b"})`)
        expect(refused.cause).toMatchObject({ message: expect.stringContaining("NUL") })
      })
    )
  )

  it.effect("reflect a change of the table, and a failed statement can be used again", () =>
    withDatabase((sql) =>
      Effect.gen(function* () {
        yield* sql`CREATE TABLE kept (id INTEGER PRIMARY KEY)`
        const insert = sql`INSERT INTO kept VALUES (${1}) RETURNING *`
        expect(yield* insert).toEqual([{ id: 1 }])
        expect((yield* Effect.flip(insert)).cause).toMatchObject({ code: "SQLITE_CONSTRAINT_PRIMARYKEY" })
        yield* sql`DELETE FROM kept`
        yield* insert
        yield* sql`SELECT * FROM kept`
        yield* sql`ALTER TABLE kept ADD COLUMN more TEXT DEFAULT 'm'`
        expect(yield* sql`SELECT * FROM kept`).toEqual([{ id: 1, more: "m" }])
      })
    )
  )
})

describe("a transaction", () => {
  it.effect("is isolated from the writes of others, and leaves nothing when it fails or is interrupted", () =>
    withDatabase((sql) =>
      Effect.gen(function* () {
        yield* sql`CREATE TABLE kept (id INTEGER PRIMARY KEY)`
        const begun = yield* Deferred.make<void>()
        const slow = Effect.gen(function* () {
          yield* sql`INSERT INTO kept VALUES (1)`
          yield* Deferred.succeed(begun, undefined)
          return yield* Effect.never
        })
        const first = yield* Effect.fork(sql.withTransaction(slow))
        yield* Deferred.await(begun)
        const other = yield* Effect.fork(sql`INSERT INTO kept VALUES (2)`)
        yield* Fiber.interrupt(first)
        yield* Fiber.join(other)
        expect(yield* sql`SELECT id FROM kept`).toEqual([{ id: 2 }])
        const failing = Effect.zipRight(sql`INSERT INTO kept VALUES (3)`, Effect.fail("no"))
        expect(yield* Effect.flip(sql.withTransaction(failing))).toBe("no")
        const outer = Effect.zipRight(sql`INSERT INTO kept VALUES (4)`, Effect.ignore(sql.withTransaction(failing)))
        yield* sql.withTransaction(Effect.zipRight(outer, sql.withTransaction(sql`INSERT INTO kept VALUES (5)`)))
        expect(yield* sql`SELECT id FROM kept`).toEqual([{ id: 2 }, { id: 4 }, { id: 5 }])
      })
    )
  )

  it.effect("fails when it cannot be committed, and the next one works", () =>
    withDatabase((sql) =>
      Effect.gen(function* () {
        yield* sql`CREATE TABLE parent (id INTEGER PRIMARY KEY)`
        yield* sql`CREATE TABLE child (id INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)`
        const orphan = sql.withTransaction(sql`INSERT INTO child VALUES (1)`)
        expect((yield* Effect.flip(orphan)).cause).toMatchObject({ code: "SQLITE_CONSTRAINT_FOREIGNKEY" })
        yield* sql.withTransaction(sql`INSERT INTO parent VALUES (1)`)
        yield* orphan
        expect(yield* counted(sql, "child")).toBe(1)
      })
    )
  )

  it.scoped("reads and writes at the same time as other processes", () =>
    Effect.gen(function* () {
      const file = yield* newFile
      yield* Effect.provide(
        Effect.gen(function* () {
          const sql = yield* SqlClient.SqlClient
          yield* sql`CREATE TABLE counter (n INTEGER)`
          yield* sql`INSERT INTO counter VALUES (0)`
          const users = yield* Effect.all([user(file, "count", "40"), user(file, "count", "40")])
          expect(yield* Effect.forEach(users, ended)).toEqual([0, 0])
          expect(yield* sql`SELECT n FROM counter`).toEqual([{ n: 80 }])
        }),
        layer({ file })
      )
    })
  )
})

describe("a file", () => {
  it.scoped("is created for its owner only, and writes are on disk when they are committed", () =>
    Effect.gen(function* () {
      const file = yield* newFile
      const settings = Effect.flatMap(SqlClient.SqlClient, (sql) =>
        Effect.forEach(["journal_mode", "synchronous", "foreign_keys", "busy_timeout"], (name) =>
          Effect.map(sql.unsafe(`PRAGMA ${name}`).values, ([row]) => row?.[0])
        )
      )
      expect(yield* Effect.provide(settings, layer({ file }))).toEqual(["wal", 2, 1, 5000])
      expect(fs.statSync(file).mode & 0o777).toBe(0o600)
    })
  )

  it.scoped("contains all writes after it is closed, and no longer needs its log", () =>
    Effect.gen(function* () {
      const file = yield* newFile
      const write = Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        yield* sql`CREATE TABLE kept (n INTEGER)`
        yield* sql`INSERT INTO kept VALUES (1)`
        expect(yield* sql`SELECT n FROM kept`).toEqual([{ n: 1 }])
      })
      yield* Effect.provide(write, layer({ file }))
      const copy = path.join(yield* directory, "copy.db")
      fs.copyFileSync(file, copy)
      const read = Effect.flatMap(SqlClient.SqlClient, (sql) => counted(sql, "kept"))
      expect(yield* Effect.provide(read, layer({ file: copy }))).toBe(1)
    })
  )

  it.scoped("is refused if it is not a database, and is not changed", () =>
    Effect.gen(function* () {
      const folder = yield* directory
      const at = (name: string) => path.join(folder, name)
      fs.writeFileSync(at("clinics.csv"), "name\nCity Medical Center\n".repeat(100))
      spawnSync("mkfifo", [at("pipe")])
      const refused = (file: string) => Effect.flip(Effect.provide(Effect.void, layer({ file })))
      const messages = yield* Effect.forEach(["", "clinics.csv", "pipe", "missing/jobs.db"], (name) =>
        Effect.map(refused(at(name)), ({ message }) => message.replaceAll(folder, "DIR"))
      )
      const start = "the jobs database cannot be used:"
      expect(messages).toEqual([
        `${start} its path is not a database file (DIR is a directory; choose the path of a file)`,
        `${start} its path is not a database file (DIR/clinics.csv is not an SQLite database; choose another path)`,
        `${start} its path is not a database file (DIR/pipe is a named pipe; choose the path of a file)`,
        `${start} the database or one of its tables does not exist (DIR/missing/jobs.db is in a directory that does not exist; create the directory first)`
      ])
      expect(fs.readdirSync(folder).sort()).toEqual(["clinics.csv", "pipe"])
      expect(fs.statSync(at("clinics.csv")).size).toBe(2500)
    })
  )

  it.scoped("allows one worker until it ends or is killed", () =>
    Effect.gen(function* () {
      const file = yield* newFile
      const child = yield* user(file, "lock")
      yield* Effect.async<void>((resume) => {
        child.stdout.once("data", () => resume(Effect.void))
      })
      fs.symlinkSync(file, `${file}-link`)
      const refused = yield* Effect.flip(lockWorker(`${file}-link`))
      expect(refused.message).toBe(
        `the jobs database cannot be used: another program holds a lock on it (a worker already runs on ${file}-link, and an SQLite file can have only one; stop that worker, or use PostgreSQL to run several)`
      )
      const client = Effect.flatMap(SqlClient.SqlClient, (sql) => sql`CREATE TABLE kept (id INTEGER)`)
      yield* Effect.provide(client, layer({ file }))
      child.kill("SIGKILL")
      yield* ended(child)
      yield* Effect.scoped(Effect.zipRight(lockWorker(file), Effect.flip(lockWorker(file))))
      yield* lockWorker(file)
    })
  )
})

describe("the engine of workflows", () => {
  const Doubled = Workflow.make({
    name: "Doubled",
    payload: { number: Schema.Number },
    success: Schema.Number,
    idempotencyKey: ({ number }) => String(number)
  })

  const engine = (file: string, runs: { count: number }) =>
    Doubled.toLayer(({ number }) =>
      Activity.make({
        name: "double",
        success: Schema.Number,
        execute: Effect.sync(() => number * 2 + 0 * runs.count++)
      })
    ).pipe(
      Layer.provideMerge(ClusterWorkflowEngine.layer),
      Layer.provideMerge(SingleRunner.layer({ shardingConfig: { shardsPerGroup: 4, entityMessagePollInterval: 50 } })),
      Layer.provide(layer({ file }))
    )

  it.scopedLive("keeps its messages and its runners in it", () =>
    Effect.gen(function* () {
      const file = yield* newFile
      const runs = { count: 0 }
      for (const _ of [1, 2]) {
        expect(yield* Effect.provide(Doubled.execute({ number: 21 }), engine(file, runs))).toBe(42)
      }
      expect(runs.count).toBe(1)
    })
  )
})
