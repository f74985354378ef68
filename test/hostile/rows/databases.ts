import * as assert from "node:assert/strict"
import { execFileSync } from "node:child_process"
import * as fs from "node:fs"
import * as http from "node:http"
import * as path from "node:path"
import * as SqlClient from "@effect/sql/SqlClient"
import * as LibsqlClient from "@effect/sql-libsql/LibsqlClient"
import * as PgClient from "@effect/sql-pg/PgClient"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Runtime from "effect/Runtime"
import type * as Scope from "effect/Scope"
import { runAgainst, runPiped } from "../../../packages/cli/test/inProcess.js"
import {
  apiKey,
  type Ended,
  envOf,
  jsonLinesOf,
  linesOf,
  run,
  start,
  temporaryDirectory
} from "../../../packages/cli/test/support.js"
import { postgres } from "../../export/support.js"
import { hold, reading, writing } from "../../support/databaseLock.js"
import { listen } from "../../support/listen.js"
import type { Row } from "../support/row.js"

const emulatorFlags = (file: string) => ["emulator", "--port", "0", "--customers", "3", "--file", file]

/** A running emulator, and its URL. */
const startWith = (flags: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const running = yield* start([...flags, "--json"])
    let out = ""
    running.child.stdout.on("data", (text: string) => {
      out += text
    })
    yield* running.until(/"url":"[^"]+".*\n/)
    return { ...running, url: String(jsonLinesOf(out)[0]?.["url"]) }
  })

const startEmulator = (file: string) => startWith(emulatorFlags(file))

/** The status of a request with headers that `fetch` would set by itself. */
const statusWith = (url: string, method: string, headers: http.OutgoingHttpHeaders) =>
  Effect.async<number>((resume) => {
    http
      .request(url, { method, headers, agent: false }, (response) => {
        response.resume().on("end", () => resume(Effect.succeed(response.statusCode ?? 0)))
      })
      .on("error", (error) => resume(Effect.die(error)))
      .end()
  })

const statusOf = (url: string, method: "GET" | "POST") =>
  Effect.promise(async () => {
    const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" }
    const body = method === "POST" ? { body: '{"expressCustomerName":"kept"}' } : {}
    const response = await fetch(`${url}/v1/express`, { method, headers, ...body })
    await response.arrayBuffer()
    return response.status
  })

const oneLine = ({ code, stderr, stdout }: Ended, expected: number, pattern: RegExp) => {
  assert.equal(code, expected, stderr)
  assert.equal(stdout, "")
  assert.equal(linesOf(stderr).length, 1, stderr)
  assert.match(stderr, pattern)
}

const countOf = (url: string) =>
  Effect.promise(async () => {
    const response = await fetch(`${url}/__emulator/customers`)
    const { total }: { readonly total: number } = JSON.parse(await response.text())
    return total
  })

type Body = Readonly<Record<string, unknown>>

interface Asked {
  readonly method: string
  readonly cursor: number
  readonly body: Body
}

const textOf = async (request: http.IncomingMessage): Promise<string> => {
  let text = ""
  for await (const chunk of request) text += String(chunk)
  return text
}

/** A separate server; its URL. */
const serve = <R>(answer: (asked: Asked) => Effect.Effect<object, never, R>) =>
  Effect.gen(function* () {
    const runtime = yield* Effect.runtime<R>()
    const server = http.createServer(async (request, response) => {
      const text = await textOf(request)
      const { searchParams } = new URL(request.url ?? "", "http://server")
      const body: Body = text === "" ? {} : JSON.parse(text)
      const asked = { method: request.method ?? "", cursor: Number(searchParams.get("cursor") ?? 0), body }
      const json = await Runtime.runPromise(runtime)(answer(asked))
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(json))
    })
    return yield* listen(server)
  })

const customer = (number: number, more: Body = {}): Body => ({
  expressCustomerId: `cus_${String(number).padStart(32, "0")}`,
  expressCustomerName: `Clinic ${number}`,
  isActive: true,
  userCount: 0,
  createdAt: null,
  updatedAt: null,
  ...more
})

const pageOf = (rows: ReadonlyArray<Body>, from: number, limit: number) => {
  const next = from + limit
  const rest = next < rows.length ? { hasMore: true, cursor: String(next) } : { hasMore: false }
  return { expressCustomers: rows.slice(from, next), ...rest }
}

const exported = (to: string, ...more: ReadonlyArray<string>) => ["export", "customers", "--to", to, "--json", ...more]

const emulated = ["--emulator", "250"]

const query = (file: string, text: string) =>
  Effect.flatMap(SqlClient.SqlClient, (sql) => sql.unsafe<Body>(text)).pipe(
    Effect.provide(LibsqlClient.layer({ url: `file:${file}` })),
    Effect.orDie
  )

const inDirectory = (check: (at: (name: string) => string) => Effect.Effect<void, unknown, Scope.Scope>) =>
  Effect.flatMap(temporaryDirectory, (directory) => check((name) => path.join(directory, name)))

const emulatorFile: ReadonlyArray<Row> = [
  {
    fault: "Another process writes to the file for a second",
    command: "avara emulator --file FILE",
    result: "The emulator waits for it, up to 3 seconds, and starts.",
    check: inDirectory((at) =>
      Effect.gen(function* () {
        const file = at("customers.db")
        yield* Effect.scoped(startEmulator(file))
        const writer = yield* hold(file, [...writing, "UPDATE customers SET name = 'renamed'"], 1000)
        const { url } = yield* startEmulator(file)
        assert.equal(yield* writer.released, true)
        assert.equal(yield* statusOf(url, "POST"), 200)
      })
    )
  },
  {
    fault: "A process tries to lock the file of a running emulator",
    command: "avara emulator --file FILE",
    result: "The other process is refused, and every request to the emulator succeeds.",
    check: inDirectory((at) =>
      Effect.gen(function* () {
        const { url } = yield* startEmulator(at("customers.db"))
        const holders = yield* Effect.forEach([writing, reading], (statements) =>
          hold(at("customers.db"), statements, 300)
        )
        for (const method of ["POST", "GET", "POST"] as const) assert.equal(yield* statusOf(url, method), 200)
        assert.deepEqual(yield* Effect.forEach(holders, ({ released }) => released), [false, false])
      })
    )
  },
  {
    fault: "A second emulator uses the same file",
    command: "avara emulator --file FILE",
    result: "The second emulator refuses to start; after `kill -9` of the first one, the next one starts.",
    check: inDirectory((at) =>
      Effect.gen(function* () {
        const first = yield* startEmulator(at("customers.db"))
        oneLine(
          yield* run(emulatorFlags(at("customers.db"))),
          10,
          /another program, such as a second emulator, has locked it/
        )
        assert.equal(yield* statusOf(first.url, "POST"), 200)
        first.child.kill("SIGKILL")
        yield* first.ended
        const next = yield* startEmulator(at("customers.db"))
        assert.equal(yield* statusOf(next.url, "GET"), 200)
      })
    )
  },
  {
    fault: "FILE is a device, a FIFO, a directory or a text",
    command: "avara emulator --file /dev/null",
    result: "One line says what the file is, and the exit code is 10.",
    check: inDirectory((at) =>
      Effect.gen(function* () {
        fs.mkdirSync(at("folder"))
        fs.writeFileSync(at("text"), "name,region\n".repeat(100))
        execFileSync("mkfifo", [at("fifo")])
        const reasons = {
          "/dev/null": /not a regular file/,
          [at("fifo")]: /not a regular file/,
          [at("folder")]: /a directory/,
          [at("text")]: /not an SQLite database/
        }
        for (const [file, reason] of Object.entries(reasons)) oneLine(yield* run(emulatorFlags(file)), 10, reason)
        assert.equal(fs.readFileSync(at("text"), "utf8"), "name,region\n".repeat(100))
      })
    )
  },
  {
    fault: "FILE is another program's database with the emulator's version number",
    command: "avara emulator --file FILE",
    result: "The emulator refuses it as another program's database and leaves it unchanged.",
    check: inDirectory((at) =>
      Effect.gen(function* () {
        yield* query(at("other.db"), "CREATE TABLE customers (id INTEGER)")
        yield* query(at("other.db"), "PRAGMA user_version = 1")
        const before = fs.readFileSync(at("other.db"))
        oneLine(yield* run(emulatorFlags(at("other.db"))), 10, /database of another program/)
        assert.deepEqual(fs.readFileSync(at("other.db")), before)
      })
    )
  },
  {
    fault: "A page of another site calls the emulator on its reader's machine",
    command: "avara emulator",
    result:
      "421 for a foreign host name that resolves to this machine, 403 for a change from another origin; nothing changes.",
    check: Effect.scoped(
      Effect.gen(function* () {
        const { url } = yield* startWith(["emulator", "--port", "0", "--customers", "3"])
        const reset = `${url}/__emulator/reset`
        const create = statusOf(url, "POST")
        assert.equal(yield* create, 200)
        const origin = "http://site.example"
        assert.equal(yield* statusWith(`${url}/__emulator/customers`, "GET", { host: "site.example" }), 421)
        assert.equal(yield* statusWith(reset, "POST", { host: "site.example", origin }), 421)
        assert.equal(yield* statusWith(reset, "POST", { origin }), 403)
        assert.equal(yield* statusWith(reset, "POST", { "sec-fetch-site": "cross-site" }), 403)
        assert.equal(yield* countOf(url), 4)
        assert.equal(yield* statusWith(reset, "POST", { origin: url, "sec-fetch-site": "same-origin" }), 200)
        assert.equal(yield* countOf(url), 3)
      })
    )
  }
]

const locked: ReadonlyArray<Row> = [
  {
    fault: "Another process writes to the database for a second",
    command: "avara export customers --to sqlite:FILE",
    result: "The export waits for it, up to 30 seconds or `--busy-timeout`, and is complete.",
    check: inDirectory((at) =>
      Effect.gen(function* () {
        const file = at("mirror.db")
        yield* query(file, "CREATE TABLE notes (a)")
        const writer = yield* hold(file, [...writing, "INSERT INTO notes VALUES (1)"], 1000)
        const { code, stderr } = yield* run([...emulated, ...exported(`sqlite:${file}`)])
        assert.equal(code, 0, stderr)
        assert.equal(yield* writer.released, true)
        assert.deepEqual(yield* query(file, "SELECT count(*) AS n FROM avara_customers"), [{ n: 250 }])
      })
    )
  },
  {
    fault: "Another process reads for longer than the timeout, from the last page on",
    command: "avara export customers --to sqlite:FILE --busy-timeout 300ms",
    result:
      "The export ends with 10 and says that another program holds a lock; no page is half-written, and the command that it prints resumes it.",
    check: inDirectory((at) =>
      Effect.gen(function* () {
        const file = at("mirror.db")
        const rows = Array.from({ length: 5 }, (_, index) => customer(index))
        let isHeld = false
        const url = yield* serve(({ cursor }) =>
          Effect.gen(function* () {
            if (cursor === 4 && !isHeld) {
              isHeld = true
              yield* hold(file, reading, 2500)
            }
            return pageOf(rows, cursor, 2)
          })
        )
        const env = envOf(url)
        const ended = yield* run(exported(`sqlite:${file}`, "--busy-timeout", "300ms"), { env })
        assert.equal(ended.code, 10, ended.stderr)
        assert.match(ended.stderr, /another program held a lock on the database for 300ms/)
        assert.deepEqual(yield* query(file, "SELECT count(*) AS n FROM avara_customers"), [{ n: 4 }])
        const [, again = ""] = /\n {2}avara (export .*)\n/.exec(ended.stderr) ?? []
        const resumed = yield* run(again.replace("--busy-timeout 300ms", "--busy-timeout 30s").split(" "), { env })
        assert.equal(resumed.code, 0, resumed.stderr)
        assert.equal(jsonLinesOf(resumed.stdout)[0]?.["rows"], 5)
      })
    )
  },
  {
    fault: "A new database of customers on a machine with other users",
    command: "avara export customers --to sqlite:FILE",
    result: "The file has mode 0600; an existing file keeps its mode.",
    check: inDirectory((at) =>
      Effect.gen(function* () {
        const file = at("new/mirror.db")
        const modeAfter = Effect.map(runPiped([...emulated, ...exported(`sqlite:${file}`)]), ({ code }) => [
          code,
          (fs.statSync(file).mode & 0o777).toString(8)
        ])
        assert.deepEqual(yield* modeAfter, [0, "600"])
        fs.chmodSync(file, 0o644)
        assert.deepEqual(yield* modeAfter, [0, "644"])
      })
    )
  },
  {
    fault: "The database is a FIFO, a device or a directory, or is in a place where no file can be created",
    command: "avara export customers --to sqlite:/dev/null",
    result: "One line says what is wrong, and the exit code is 10; nothing hangs.",
    check: inDirectory((at) =>
      Effect.gen(function* () {
        execFileSync("mkfifo", [at("fifo")])
        fs.mkdirSync(at("folder"))
        for (const file of ["/dev/null", at("fifo"), at("folder"), "/proc/1/none/mirror.db"]) {
          oneLine(yield* run([...emulated, "--quiet", ...exported(`sqlite:${file}`)]), 10, /cannot be used: /)
        }
        const toFile = [...emulated, "--quiet", "export", "customers", "--out", "/proc/1/none/customers.csv"]
        const { code, stderr } = yield* run(toFile)
        assert.match(stderr, /^avara: \/proc\/1\/none\S*: .*\nUse another path, /)
        assert.equal(code, 10)
      })
    )
  }
]

const names: ReadonlyArray<Row> = [
  {
    fault: "The name of the checkpoint table, in any case, or a name that SQLite reserves",
    command: "avara export customers --to sqlite:FILE --into avara_export_checkpoint",
    result: "The command refuses it with exit code 2 before it creates the file.",
    check: inDirectory((at) =>
      Effect.gen(function* () {
        const refused = {
          Avara_Export_CHECKPOINT: /checkpoints/,
          "main.avara_export_checkpoint": /checkpoints/,
          sqlite_x: /sqlite_/
        }
        for (const [name, reason] of Object.entries(refused)) {
          oneLine(yield* runPiped([...emulated, ...exported(`sqlite:${at("a.db")}`, "--into", name)]), 2, reason)
        }
        assert.deepEqual(fs.readdirSync(at(".")), [])
      })
    )
  },
  {
    fault: "A name of 64 bytes, which PostgreSQL would truncate",
    command: "avara export customers --to postgres://… --into NAME",
    result: "The command refuses it with exit code 2 and says what is allowed, before it connects to the server.",
    check: Effect.gen(function* () {
      const to = "postgres://nobody@127.0.0.1:1/none"
      oneLine(yield* runPiped([...emulated, ...exported(to, "--into", "é".repeat(32))]), 2, /at most 63 bytes, not 64/)
    })
  },
  {
    fault: "The user already has a table or a view with this name",
    command: "avara export customers --to sqlite:FILE --into notes",
    result: "The export refuses it and changes nothing in the database.",
    check: inDirectory((at) =>
      Effect.gen(function* () {
        const all = "SELECT name, sql FROM sqlite_master"
        yield* query(at("own.db"), "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)")
        yield* query(at("own.db"), "CREATE VIEW seen AS SELECT * FROM notes")
        const before = yield* query(at("own.db"), all)
        for (const name of ["notes", "seen"]) {
          const ended = yield* runPiped([...emulated, "--quiet", ...exported(`sqlite:${at("own.db")}`, "--into", name)])
          oneLine(ended, 10, /it exists, but it is not a table of an export .*; choose another name/)
        }
        assert.deepEqual(yield* query(at("own.db"), all), before)
      })
    )
  }
]

const hostileTimes = ["0000-01-01T00:00:00Z", "+010000-01-01T00:00:00Z", "-000044-03-15T12:00:00Z"]

const values: ReadonlyArray<Row> = [
  {
    fault: "Timestamps of the year 0, with five-digit years and BC",
    command: "avara export customers --to postgres://…",
    result: "The column is NULL, `received` keeps the text, and the summary counts them; the export continues.",
    check: Effect.gen(function* () {
      const rows = hostileTimes.map((time, index) => customer(index, { createdAt: time }))
      const server = yield* serve(({ cursor }) => Effect.succeed(pageOf(rows, cursor, 2)))
      const url = yield* postgres
      const { code, stderr, stdout } = yield* runAgainst(server, exported(url))
      assert.equal(code, 0, stderr)
      assert.equal(jsonLinesOf(stdout)[0]?.["unstorableTimes"], 3)
      const text = `SELECT "createdAt", received->>'createdAt' AS sent FROM avara_customers ORDER BY "expressCustomerId"`
      const stored = yield* Effect.flatMap(SqlClient.SqlClient, (sql) => sql.unsafe<Body>(text)).pipe(
        Effect.provide(PgClient.layer({ url: Redacted.make(url) }))
      )
      assert.deepEqual(
        stored.map((row) => ({ ...row })),
        hostileTimes.map((sent) => ({ createdAt: null, sent }))
      )
    })
  }
]

const once = { createOnceKey: "number 7" }

/** A server of one customer whose updates merge or replace metadata. */
const withMetadata = (kind: "merges" | "replaces", metadata: Body) =>
  Effect.gen(function* () {
    let now = metadata
    const url = yield* serve(({ body, method }) =>
      Effect.sync(() => {
        const given = body["metadata"]
        if (method === "PATCH" && given === null) now = {}
        if (method === "PATCH" && typeof given === "object") {
          now = kind === "merges" ? { ...now, ...given } : { ...given }
        }
        return customer(1, { metadata: now })
      })
    )
    const update = (...flags: ReadonlyArray<string>) =>
      runAgainst(url, ["customers", "update", String(customer(1)["expressCustomerId"]), ...flags, "--json"])
    return { update, metadata: () => now }
  })

const metadata: ReadonlyArray<Row> = [
  {
    fault: "A server whose updates replace all metadata, and one whose updates merge it",
    command: "avara customers update ID --metadata region=south",
    result: "On both, the customer has its old pairs and the new one.",
    check: Effect.forEach(["merges", "replaces"] as const, (kind) =>
      Effect.gen(function* () {
        const server = yield* withMetadata(kind, { region: "north", tier: "1", ...once })
        assert.equal((yield* server.update("--metadata", "region=south")).code, 0)
        assert.deepEqual(server.metadata(), { region: "south", tier: "1", ...once })
        assert.equal((yield* server.update("--name", "Other")).code, 0)
        assert.deepEqual(server.metadata(), { region: "south", tier: "1", ...once })
      })
    ).pipe(Effect.asVoid)
  },
  {
    fault: "A customer that carries the key of `create --once`",
    command: "avara customers update ID --clear-metadata",
    result: "The key stays, even with `--replace-metadata`, unless `--metadata createOnceKey=…` sets it.",
    check: Effect.gen(function* () {
      const server = yield* withMetadata("replaces", { region: "north", ...once })
      assert.equal((yield* server.update("--metadata", "tier=1", "--replace-metadata")).code, 0)
      assert.deepEqual(server.metadata(), { ...once, tier: "1" })
      assert.equal((yield* server.update("--clear-metadata")).code, 0)
      assert.deepEqual(server.metadata(), once)
      assert.equal((yield* server.update("--metadata", "createOnceKey=8", "--replace-metadata")).code, 0)
      assert.deepEqual(server.metadata(), { createOnceKey: "8" })
    })
  },
  {
    fault: "The server merges metadata that the command should replace",
    command: "avara customers update ID --metadata a=b --replace-metadata",
    result: "The command ends with 1 and says how many of the old pairs the server kept.",
    check: Effect.gen(function* () {
      const server = yield* withMetadata("merges", { region: "north", tier: "1" })
      const { code, stderr } = yield* server.update("--metadata", "tier=2", "--replace-metadata")
      assert.equal(code, 1, stderr)
      assert.match(stderr, /merges metadata instead of replacing it and kept 1 of the pairs to remove/)
    })
  },
  {
    fault: "More than 50 pairs, counting those that the customer has",
    command: "avara customers update ID --metadata a=b",
    result: "Nothing is sent; the command ends with 5, and says the limit and how many pairs the customer has.",
    check: Effect.gen(function* () {
      const full = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`key${index}`, "x"]))
      const server = yield* withMetadata("replaces", full)
      const { code, stderr } = yield* server.update("--metadata", "one=more")
      assert.equal(code, 5, stderr)
      assert.match(stderr, /at most 50 pairs.*\nThe limit includes the 50 pairs that the customer already has/)
      assert.deepEqual(server.metadata(), full)
    })
  }
]

export const databases: ReadonlyArray<Row> = [...emulatorFile, ...locked, ...names, ...values, ...metadata]
