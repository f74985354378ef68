import { execFileSync } from "node:child_process"
import * as fs from "node:fs"
import * as net from "node:net"
import * as os from "node:os"
import * as path from "node:path"
import * as HttpBody from "@effect/platform/HttpBody"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as SqlClient from "@effect/sql/SqlClient"
import * as LibsqlClient from "@effect/sql-libsql/LibsqlClient"
import { describe, expect, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/TestClock"
import { hold, reading, writing } from "../../../test/support/databaseLock.js"
import * as Emulator from "../src/Emulator.js"
import { ask, create, key, user } from "./support.js"

const temporary = Effect.acquireRelease(
  Effect.sync(() => fs.mkdtempSync(path.join(os.tmpdir(), "emulator-"))),
  (directory) => Effect.sync(() => fs.rmSync(directory, { recursive: true }))
)

describe("on a socket", () => {
  it.scoped("keeps its customers in a file", () =>
    Effect.gen(function* () {
      const directory = yield* temporary
      const options = { file: path.join(directory, "customers # 100%?.db"), customers: 20, seed: 3 }
      const first = yield* Effect.gen(function* () {
        const { expressCustomerId } = yield* create("kept", { a: "1" })
        yield* ask(`/v1/express/${expressCustomerId}/users`, { method: "POST", body: { userId: user } })
        return yield* Effect.flatMap(Emulator.Emulator, ({ customers }) => customers)
      }).pipe(Effect.provide(Emulator.layer(options)))
      expect(fs.readdirSync(directory)).toEqual([path.basename(options.file)])
      const second = yield* Effect.gen(function* () {
        const customers = yield* Effect.flatMap(Emulator.Emulator, (emulator) => emulator.customers)
        const id = customers.at(-1)?.expressCustomerId
        const again = yield* ask(`/v1/express/${id}/users`, { method: "POST", body: { userId: user } })
        expect(again.status).toBe(409)
        expect((yield* create("another")).expressCustomerId).not.toBe(id)
        return customers
      }).pipe(Effect.provide(Emulator.layer({ ...options, customers: 99, seed: 4 })))
      expect(second).toEqual(first)
      expect(second.at(-1)).toMatchObject({ expressCustomerName: "kept", userCount: 1 })
    })
  )

  it.scoped("reports which file cannot be used and why, and does not change it", () =>
    Effect.gen(function* () {
      const directory = yield* temporary
      const at = (name: string) => path.join(directory, name)
      fs.writeFileSync(
        at("text"),
        "not a database, but some text that is long enough to be looked at as one".repeat(20)
      )
      fs.symlinkSync(at("nowhere"), at("link"))
      execFileSync("mkfifo", [at("fifo")])
      const made = (file: string, ...statements: ReadonlyArray<string>) =>
        Effect.flatMap(SqlClient.SqlClient, (sql) => Effect.forEach(statements, (text) => sql.unsafe(text))).pipe(
          Effect.provide(LibsqlClient.layer({ url: `file:${at(file)}` }))
        )
      const ours = "PRAGMA application_id = 1096176197"
      yield* made("foreign", "CREATE TABLE customers (a)", "PRAGMA user_version = 1")
      yield* made("later", ours, "CREATE TABLE customers (a)", "PRAGMA user_version = 3")
      yield* made("changed", ours, "CREATE TABLE customers (a)", "PRAGMA user_version = 2")
      const refused: Readonly<Record<string, RegExp>> = {
        [directory]: /directory/,
        "/dev/null": /not a regular file/,
        [at("fifo")]: /not a regular file/,
        [at("link")]: /link to a missing file/,
        [at("none/x.db")]: /directory does not exist/,
        [at("text")]: /not an SQLite database/,
        [at("foreign")]: /database of another program/,
        [at("later")]: /another version/,
        [at("changed")]: /tables are not those/
      }
      const before = fs.readdirSync(directory)
      for (const [file, reason] of Object.entries(refused)) {
        const error = yield* Effect.flip(Effect.scoped(Layer.build(Emulator.layer({ file }))))
        expect(error).toMatchObject({ _tag: "StorageFailed", file, reason: expect.stringMatching(reason) })
        expect(error.message).toContain(file)
      }
      expect(fs.readFileSync(at("text"), "utf8")).toMatch(/^not a database/)
      expect(fs.readdirSync(directory)).toEqual(before)
    })
  )

  it.scopedLive("creates a file for this user only, and keeps the mode of an existing file", () =>
    Effect.gen(function* () {
      const directory = yield* temporary
      const file = path.join(directory, "customers.db")
      const modeAfter = Effect.map(
        Effect.scoped(Layer.build(Emulator.layer({ file }))),
        () => fs.statSync(file).mode & 0o777
      )
      expect(yield* modeAfter).toBe(0o600)
      fs.chmodSync(file, 0o640)
      expect(yield* modeAfter).toBe(0o640)
    })
  )

  it.scopedLive("waits at its start for another process that writes to its file, and locks the file from then on", () =>
    Effect.gen(function* () {
      const file = path.join(yield* temporary, "customers.db")
      yield* Effect.scoped(Layer.build(Emulator.layer({ file, customers: 3 })))
      const writer = yield* hold(file, [...writing, `UPDATE customers SET name = '"renamed"'`], 1000)
      const emulator = yield* Effect.map(Layer.build(Emulator.layer({ file })), Context.get(Emulator.Emulator))
      expect(yield* writer.released).toBe(true)
      expect((yield* emulator.customers).map((customer) => customer.expressCustomerName)).toEqual(
        Array.from({ length: 3 }, () => "renamed")
      )
      for (const statements of [writing, reading]) {
        const refused = yield* hold(file, statements, 100)
        expect(yield* refused.released).toBe(false)
        yield* Effect.provideService(create("while it tries"), Emulator.Emulator, emulator)
      }
      expect(yield* emulator.count).toBe(5)
    })
  )

  it.scopedLive("refuses a file that another emulator has locked, and accepts it afterwards", () =>
    Effect.gen(function* () {
      const file = path.join(yield* temporary, "customers.db")
      const first = yield* Scope.make()
      const context = yield* Layer.buildWithScope(Emulator.layer({ file, customers: 3 }), first)
      const second = Effect.scoped(
        Effect.flatMap(Layer.build(Emulator.layer({ file })), (built) => Context.get(built, Emulator.Emulator).count)
      )
      expect(yield* Effect.flip(second)).toMatchObject({
        _tag: "StorageFailed",
        reason: expect.stringMatching(/second emulator/)
      })
      yield* Effect.provide(create("kept"), context)
      yield* Scope.close(first, Exit.void)
      expect(yield* second).toBe(4)
    })
  )

  it.scoped("reports that a port is in use", () =>
    Effect.gen(function* () {
      const { url } = yield* Effect.map(Layer.build(Emulator.layer()), Context.get(Emulator.Emulator))
      const port = Number(new URL(url).port)
      const error = yield* Effect.flip(Effect.scoped(Layer.build(Emulator.layer({ port }))))
      expect(error).toMatchObject({ _tag: "ListenFailed", port, host: "127.0.0.1", reason: "busy" })
      expect(error.message).toMatch(/in use/)
      const elsewhere = yield* Effect.flip(Effect.scoped(Layer.build(Emulator.layer({ host: "192.0.2.1" }))))
      expect(elsewhere).toMatchObject({ _tag: "ListenFailed", reason: "unavailable" })
      const noPort = yield* Effect.flip(Effect.scoped(Layer.build(Emulator.layer({ port: 70_000 }))))
      expect(String(noPort)).toContain("port")
    })
  )

  it.effect("two emulators in one program are independent", () =>
    Effect.gen(function* () {
      const count = Effect.gen(function* () {
        yield* create("one more")
        return yield* Effect.flatMap(Emulator.Emulator, (emulator) => emulator.count)
      })
      const counts = yield* Effect.all(
        [
          Effect.provide(count, Emulator.layer({ customers: 1 })),
          Effect.provide(count, Emulator.layer({ customers: 5 }))
        ],
        { concurrency: "unbounded" }
      )
      expect(counts).toEqual([2, 6])
    })
  )

  it.effect("accepts only the configured key", () =>
    Effect.gen(function* () {
      expect((yield* ask("/v1/express")).status).toBe(401)
      expect((yield* ask("/v1/express", { headers: { authorization: "Bearer my-key" } })).status).toBe(200)
    }).pipe(Effect.provide(Emulator.layer({ apiKey: Redacted.make("my-key") })))
  )

  it.live("closes immediately while keep-alive and silent connections are open", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const context = yield* Layer.buildWithScope(Emulator.layer(), scope)
      yield* Effect.provide(ask("/v1/express"), context)
      const { url } = yield* Effect.provide(Emulator.Emulator, context)
      const silent = net.connect(Number(new URL(url).port), "127.0.0.1")
      yield* Effect.promise(() => new Promise((resolve) => silent.once("connect", resolve)))
      yield* Effect.sleep(20)
      const started = performance.now()
      yield* Scope.close(scope, Exit.void)
      expect(performance.now() - started).toBeLessThan(500)
      expect(yield* Effect.exit(Effect.tryPromise(() => fetch(`${url}/docs`)))).toMatchObject({ _tag: "Failure" })
    })
  )

  it.live("lets a response in flight finish, but only within 2 seconds", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const context = yield* Layer.buildWithScope(Emulator.layer(), scope)
      const { url } = yield* Effect.provide(Emulator.Emulator, context)
      const port = Number(new URL(url).port)
      const body = '{"expressCustomerName":"slow"}'
      const open = Effect.promise(
        () =>
          new Promise<{ socket: net.Socket; answer: Promise<string> }>((resolve) => {
            const socket = net.connect(port, "127.0.0.1", () => {
              socket.write(
                `POST /v1/express HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${key}\r\ncontent-length: ${body.length}\r\n\r\n`
              )
              const answer = new Promise<string>((done) => {
                let text = ""
                socket
                  .on("data", (chunk) => {
                    text += chunk
                  })
                  .on("error", () => {})
                  .on("close", () => done(text))
              })
              resolve({ socket, answer })
            })
          })
      )
      const slow = yield* open
      const stuck = yield* open
      yield* Effect.sleep(50)
      const started = performance.now()
      const closing = yield* Effect.fork(Scope.close(scope, Exit.void))
      yield* Effect.sleep(100)
      slow.socket.write(body)
      const text = yield* Effect.promise(() => slow.answer)
      expect(text).toMatch(/^HTTP\/1.1 200 OK/)
      expect(text).toMatch(/connection: close/i)
      yield* Fiber.join(closing)
      expect(performance.now() - started).toBeGreaterThan(1500)
      expect(performance.now() - started).toBeLessThan(3000)
      expect(yield* Effect.promise(() => stuck.answer)).toBe("")
    })
  )
})

describe("in-process", () => {
  const authorized = Effect.map(HttpClient.HttpClient, HttpClient.mapRequest(HttpClientRequest.bearerToken(key)))

  it.effect("responds to every host through HttpClient, with a body, by the test's clock", () =>
    Effect.gen(function* () {
      const client = yield* authorized
      const { count, url } = yield* Emulator.Emulator
      yield* TestClock.setTime(Date.UTC(2030, 0, 1))
      const created = yield* client.post(`${url}/v1/express`, {
        body: HttpBody.unsafeJson({ expressCustomerName: "in" })
      })
      expect(yield* created.json).toMatchObject({ createdAt: "2030-01-01T00:00:00.000Z" })
      const listed = yield* client.get("http://[::1]:9/v1/express?limit=100")
      expect((yield* listed.json) as object).toMatchObject({ hasMore: false, expressCustomers: expect.any(Array) })
      expect(yield* count).toBe(4)
      const { expressCustomerId } = (yield* created.json) as { expressCustomerId: string }
      const users = `https://api.avarasoftware.com/v1/express/${expressCustomerId}/users`
      const body = HttpBody.unsafeJson({ userId: user })
      expect((yield* client.post(users, { body })).status).toBe(200)
      expect((yield* client.del(users, { body })).status).toBe(200)
      const malformed = yield* client.post("https://x/v1/express", { body: HttpBody.text("{", "application/json") })
      expect([malformed.status, yield* malformed.json]).toMatchObject([400, { error: { code: "invalid_request" } }])
      expect((yield* HttpClient.get("https://x/v1/express")).status).toBe(401)
      expect((yield* client.get("https://x/nowhere")).headers["x-request-id"]).toMatch(/^req_/)
    }).pipe(Effect.provide(Emulator.layerHttpClient({ customers: 3 })))
  )

  it.live("can be interrupted, and responds afterwards", () =>
    Effect.gen(function* () {
      const client = yield* authorized
      const { count } = yield* Emulator.Emulator
      for (let round = 0; round < 50; round++) {
        const fiber = yield* Effect.fork(
          client.post("https://x/v1/express", { body: HttpBody.unsafeJson({ expressCustomerName: `n${round}` }) })
        )
        yield* Effect.sleep(round % 5)
        yield* Fiber.interrupt(fiber)
      }
      const before = yield* count
      yield* client.post("https://x/v1/express", { body: HttpBody.unsafeJson({ expressCustomerName: "last" }) })
      expect(yield* count).toBe(before + 1)
    }).pipe(Effect.provide(Emulator.layerHttpClient()))
  )

  it.effect("never logs keys or bodies, even if it fails", () => {
    const lines: Array<string> = []
    const logger = Logger.make(({ message, cause, annotations }) => {
      lines.push(JSON.stringify([message, cause, [...annotations]]))
    })
    return Effect.gen(function* () {
      const scope = yield* Scope.make()
      const context = yield* Layer.buildWithScope(Emulator.layerHttpClient(), scope)
      const post = Effect.gen(function* () {
        const client = yield* authorized
        return yield* client.post("https://x/v1/express", {
          body: HttpBody.unsafeJson({ expressCustomerName: "marked-body" })
        })
      }).pipe(Effect.provide(context))
      expect((yield* post).status).toBe(200)
      yield* Scope.close(scope, Exit.void)
      const failed = yield* post
      expect(failed.status).toBe(500)
      expect(yield* failed.json).toEqual({ error: { code: "internal_error", message: "The emulator itself failed." } })
      expect(lines.length).toBeGreaterThan(0)
      expect(lines.join()).not.toMatch(/marked-body|0123456789abcdef/)
    }).pipe(Effect.provide(Logger.replace(Logger.defaultLogger, logger)))
  })
})
