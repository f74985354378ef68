/** Jobs in PostgreSQL where it differs from SQLite: privileges, versions, and concurrent programs. */

import * as fs from "node:fs"
import * as path from "node:path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as SqlClient from "@effect/sql/SqlClient"
import * as PgClient from "@effect/sql-pg/PgClient"
import { expect, layer } from "@effect/vitest"
import { Customers } from "@effect-avara/core/Customers"
import { CustomerUsers } from "@effect-avara/core/CustomerUsers"
import { Jobs } from "@effect-avara/jobs"
import * as Chunk from "effect/Chunk"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import * as String from "effect/String"
import * as TestClock from "effect/TestClock"
import * as TestServices from "effect/TestServices"
import { open } from "../../packages/jobs/src/internal/database/database.js"
import { checkPool } from "../../packages/jobs/src/internal/worker/engine.js"
import { directory, postgres } from "../export/support.js"

class Server extends Context.Tag("test/Server")<Server, string>() {}

const Platform = Layer.merge(NodeFileSystem.layer, NodePath.layer)

const clientOf = (url: string, more: Partial<PgClient.PgClientConfig> = {}) =>
  PgClient.layer({ url: Redacted.make(url), ...more })

/** Runs statements as the owner of the server. */
const asOwner = (...statements: ReadonlyArray<string>) =>
  Effect.flatMap(Server, (url) =>
    Effect.flatMap(SqlClient.SqlClient, (sql) =>
      Effect.forEach(statements, (text) => sql.unsafe(text), { discard: true })
    ).pipe(Effect.provide(clientOf(url)))
  )

let made = 0

/** A separate database, as its owner sees it. */
const database = Effect.gen(function* () {
  made += 1
  const name = `jobs_${made}`
  yield* asOwner(`CREATE DATABASE ${name}`)
  return (yield* Server).replace(/postgres$/, name)
})

/** The same database for another user. */
const asUser = (url: string, user: string) => url.replace("//postgres:", `//${user}:`)

const run = (url: string, ...statements: ReadonlyArray<string>) =>
  Effect.flatMap(SqlClient.SqlClient, (sql) =>
    Effect.forEach(statements, (text) => sql.unsafe<Record<string, unknown>>(text))
  ).pipe(Effect.provide(clientOf(url)))

const clinics = Effect.map(directory, (folder) => {
  const file = path.join(folder, "clinics.csv")
  fs.writeFileSync(file, 'expressCustomerName\nNorth\n""\nSouth\n')
  return file
})

const jobsOf = (url: string, more: Partial<PgClient.PgClientConfig> = {}) =>
  Effect.map(Layer.build(Jobs.layerClient.pipe(Layer.provide(clientOf(url, more)))), (context) =>
    Context.get(context, Jobs.Jobs)
  )

/** A worker whose API is never called. */
const worker = (url: string) => {
  const Api = Layer.merge(Layer.mock(Customers, {}), Layer.mock(CustomerUsers, {}))
  return Layer.build(Layer.provide(Jobs.layer, [Layer.provide(Jobs.layerPostgres(), clientOf(url)), Api]))
}

const refused = (url: string) => Effect.flip(Effect.scoped(jobsOf(url)))

layer(Layer.scoped(Server, postgres).pipe(Layer.merge(Platform)), { timeout: "60 seconds" })("PostgreSQL", (it) => {
  it.scoped("stores jobs as SQLite does, whatever the client's naming options", () =>
    Effect.gen(function* () {
      const url = yield* database
      const names = { transformResultNames: String.snakeToCamel, transformQueryNames: String.camelToSnake }
      const jobs = yield* jobsOf(url, names)
      const id = yield* jobs.submitImport({ file: yield* clinics })
      const job = yield* jobs.status(id)
      expect(job).toMatchObject({ state: "queued", progress: { total: 3, pending: 2, rejected: 1 } })
      expect(yield* jobs.cancel(id)).toMatchObject({ state: "cancelled" })
      expect(yield* jobs.retry(id)).toMatchObject({ state: "queued", run: 2, submittedAt: job.submittedAt })
      const mirror = yield* jobs.submitMirror({ table: "clinics" })
      yield* run(url, "INSERT INTO avara_job_samples SELECT id, 1795660133035, 1, 2 FROM avara_jobs")
      expect(yield* jobs.samples(mirror)).toMatchObject([{ done: 1, rejected: 2 }])
      const listed = yield* Stream.runCollect(jobs.list())
      expect(Chunk.toReadonlyArray(listed).map(({ id }) => id)).toEqual([mirror, id])
      const after = yield* Stream.runCollect(jobs.list({ after: mirror, state: "queued" }))
      expect(Chunk.toReadonlyArray(after).map(({ id }) => id)).toEqual([id])
      const rejects = yield* Stream.runCollect(jobs.rejects(id))
      expect(Chunk.toReadonlyArray(rejects)).toMatchObject([{ line: 3, row: { expressCustomerName: "" } }])
    })
  )

  it.scoped("lets programs create the tables at the same time, and accepts their file once", () =>
    Effect.gen(function* () {
      const url = yield* database
      const file = yield* clinics
      const clients = yield* Effect.all(
        Array.from({ length: 4 }, () => jobsOf(url)),
        { concurrency: "unbounded" }
      )
      const submitted = yield* Effect.forEach(clients, (jobs) => Effect.either(jobs.submitImport({ file })), {
        concurrency: "unbounded"
      })
      const ids = submitted.filter(Either.isRight).map(({ right }) => right)
      expect(ids).toHaveLength(1)
      const errors = submitted.filter(Either.isLeft).map(({ left }) => left)
      expect(errors).toMatchObject(Array(3).fill({ _tag: "AlreadySubmitted", id: ids[0] }))
      expect(yield* run(url, "SELECT COUNT(*)::int AS jobs FROM avara_jobs")).toEqual([[{ jobs: 1 }]])
    })
  )

  it.scoped("lets only one continue: a retry, or a job with the same work", () =>
    Effect.gen(function* () {
      const url = yield* database
      const clients = yield* Effect.all(
        Array.from({ length: 4 }, () => jobsOf(url)),
        { concurrency: "unbounded" }
      )
      const [jobs] = clients
      const id = yield* Effect.fromNullable(jobs).pipe(
        Effect.flatMap(({ submitMirror }) => submitMirror({ table: "clinics" }))
      )
      for (let round = 0; round < 10; round++) {
        yield* run(url, "UPDATE avara_jobs SET state = 'failed'")
        yield* Effect.forEach(
          clients,
          ({ retry, submitMirror }, index) =>
            index % 2 === 0 ? Effect.ignore(retry(id)) : Effect.ignore(submitMirror({ table: "clinics" })),
          { concurrency: "unbounded" }
        )
        expect(yield* run(url, "SELECT COUNT(*)::int AS queued FROM avara_jobs WHERE state = 'queued'")).toEqual([
          [{ queued: 1 }]
        ])
      }
    })
  )

  it.scoped("acquires a key that another program is releasing", () =>
    Effect.gen(function* () {
      const url = yield* database
      const jobs = yield* jobsOf(url)
      const id = yield* jobs.submitMirror({ table: "clinics" })
      const free = "DELETE FROM avara_job_keys"
      const take = `INSERT INTO avara_job_keys VALUES ('mirror:clinics', '${id}') ON CONFLICT DO NOTHING`
      const others = Effect.forever(run(url, ...Array.from({ length: 50 }, () => [free, take]).flat()))
      yield* Effect.fork(others)
      for (let round = 0; round < 40; round++) {
        const submitted = yield* Effect.either(jobs.submitMirror({ table: "clinics" }))
        if (Either.isLeft(submitted)) expect(submitted.left).toMatchObject({ _tag: "AlreadySubmitted" })
      }
    })
  )

  it.scoped("refuses the tables of another version", () =>
    Effect.gen(function* () {
      const url = yield* database
      yield* jobsOf(url)
      yield* run(url, "UPDATE avara_jobs_meta SET value = '2'")
      const error = yield* refused(url)
      expect(error).toMatchObject({ _tag: "JobsDatabaseFailed", reason: "version" })
      expect(error.message).toMatch(/have version 2, .* uses version 1; use the same version everywhere/)
    })
  )

  it.scoped("needs privileges to create the tables once, and to read and write them", () =>
    Effect.gen(function* () {
      const url = yield* database
      yield* asOwner("CREATE USER clerk PASSWORD 'password'", "CREATE USER reader PASSWORD 'password'")
      yield* run(
        url,
        "CREATE SCHEMA work",
        "ALTER ROLE clerk SET search_path = work",
        "ALTER ROLE reader SET search_path = work"
      )
      const denied = (user: string, reason: RegExp) =>
        Effect.map(refused(asUser(url, user)), (error) => {
          expect(error).toMatchObject({ _tag: "JobsDatabaseFailed", reason: "denied" })
          expect(error.message).toMatch(reason)
          expect(error.message).not.toContain("password")
        })
      yield* denied("clerk", /the user clerk may not use any schema of the search path work; GRANT USAGE/)
      yield* run(url, "GRANT USAGE ON SCHEMA work TO clerk, reader")
      yield* denied(
        "clerk",
        /permission denied for schema work; .*GRANT CREATE on it, or let a user who has this right create/
      )
      yield* run(url, "GRANT CREATE ON SCHEMA work TO clerk")
      yield* jobsOf(asUser(url, "clerk"))
      yield* denied("reader", /permission denied for table avara_jobs_meta/)
      yield* run(url, "GRANT SELECT ON ALL TABLES IN SCHEMA work TO reader")
      const jobs = yield* jobsOf(asUser(url, "reader"))
      expect(yield* Effect.flip(jobs.submitMirror({ table: "clinics" }))).toMatchObject({
        reason: "denied",
        detail: "permission denied for table avara_job_keys"
      })
      yield* run(url, "GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA work TO reader")
      yield* jobs.submitMirror({ table: "clinics" })
    })
  )

  it.scoped("refuses a worker whose user may not create tables", () =>
    Effect.gen(function* () {
      const url = yield* database
      yield* asOwner("CREATE USER runner PASSWORD 'password'")
      yield* Effect.scoped(jobsOf(url))
      yield* run(url, "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO runner")
      const error = yield* Effect.flip(Effect.scoped(worker(asUser(url, "runner"))))
      expect(error).toMatchObject({ _tag: "JobsDatabaseFailed", reason: "denied" })
      expect(error.message).toMatch(/permission denied for schema public; a worker needs CREATE on it/)
      expect(error.message).not.toContain("password")
    }).pipe(TestServices.provideLive)
  )

  it.scoped("reports that a worker needs more than one connection", () =>
    Effect.gen(function* () {
      const url = yield* database
      const waiting = yield* Effect.flatMap(open, checkPool).pipe(
        Effect.provide(clientOf(url, { maxConnections: 1 })),
        Effect.flip,
        Effect.fork
      )
      yield* Effect.forever(Effect.zipRight(TestClock.adjust("1 second"), Effect.yieldNow())).pipe(
        Effect.raceFirst(Fiber.join(waiting)),
        Effect.map((error) => expect(error.message).toMatch(/no second connection .* 8 connections or more/))
      )
    })
  )

  it.scoped("reports why it cannot be used, without showing a password", () =>
    Effect.gen(function* () {
      const url = yield* database
      const jobs = yield* jobsOf(url)
      const id = yield* jobs.submitMirror({ table: "clinics" })
      yield* run(url, "DROP TABLE avara_job_samples")
      expect(yield* Effect.flip(jobs.samples(id))).toMatchObject({ reason: "missing" })
      yield* asOwner(`DROP DATABASE ${url.split("/").at(-1)} WITH (FORCE)`)
      const error = yield* Effect.flip(jobs.status(id))
      expect(error).toMatchObject({ _tag: "JobsDatabaseFailed" })
      expect(`${error}${JSON.stringify(error)}`).not.toContain("password")
      expect(yield* Effect.flip(jobs.status(id))).toMatchObject({
        reason: "missing",
        detail: expect.stringMatching(/does not exist/)
      })
    })
  )
})
