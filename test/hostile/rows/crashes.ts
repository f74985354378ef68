import * as assert from "node:assert/strict"
import * as fs from "node:fs"
import { connect } from "node:net"
import * as path from "node:path"
import { pathToFileURL } from "node:url"
import * as SqlClient from "@effect/sql/SqlClient"
import * as LibsqlClient from "@effect/sql-libsql/LibsqlClient"
import { Emulator } from "@effect-avara/emulator"
import * as Effect from "effect/Effect"
import { runAgainst, runAgainstEmulator } from "../../../packages/cli/test/inProcess.js"
import { apiKey, envOf, jsonLinesOf, run, runHere, temporaryDirectory } from "../../../packages/cli/test/support.js"
import { fickleServer } from "../../export/fickleServer.js"
import { installed, postgresFrom } from "../../export/postgres.js"
import { program } from "../../support/programs.js"
import type { Row } from "../support/row.js"

interface Kill {
  readonly at: number
  readonly call: "send" | "write" | "rename"
  readonly mode: "before" | "after" | "torn"
}

/** The environment for a process that is killed at its nth call of that name. */
const killedAt = ({ at, call, mode }: Kill) => ({
  NODE_OPTIONS: `--import=${pathToFileURL(program("killer")).href}`,
  AVARA_KILL_AT: String(at),
  AVARA_KILL_CALL: call,
  AVARA_KILL_MODE: mode
})

const write = (folder: string, name: string, lines: ReadonlyArray<string>) => {
  fs.writeFileSync(path.join(folder, name), lines.map((line) => `${line}\n`).join(""))
}

const idsIn = (file: string) =>
  jsonLinesOf(fs.readFileSync(file, "utf8")).map(({ expressCustomerId }) => expressCustomerId)

const refusedAfterKill = Effect.gen(function* () {
  const server = yield* fickleServer(8)
  const cwd = yield* temporaryDirectory
  const customers = server.list()
  const userId = `usr_${"e".repeat(32)}`
  write(cwd, "users.csv", ["expressCustomerId,userId", ...customers.map(({ id }) => `${id},${userId}`)])
  const args = ["bulk", "add-users", path.join(cwd, "users.csv"), "--concurrency", "1", "--resume", "--json"]
  const env = envOf(server.url)
  const killed = yield* run(args, { env: { ...env, ...killedAt({ at: 3, call: "send", mode: "after" }) } })
  assert.equal(killed.code, null)

  server.changeMind("refuses")
  const { code, stdout } = yield* runAgainst(server.url, args)
  const done = customers.filter(({ users }) => users.has(userId))
  assert.ok(done.length < customers.length)
  const [report = {}] = jsonLinesOf(stdout)
  assert.deepEqual(
    [Number(report["done"]) + Number(report["skipped"]), report["rejected"]],
    [done.length, customers.length - done.length]
  )
  assert.equal(code, 5)
})

const importedOnce = Effect.gen(function* () {
  const server = yield* fickleServer(3)
  const cwd = yield* temporaryDirectory
  const names = Array.from({ length: 6 }, (_, index) => `Imported ${index}`)
  write(cwd, "new.csv", ["expressCustomerName", ...names])
  const args = ["import", "customers", path.join(cwd, "new.csv"), "--concurrency", "1", "--resume"]
  const env = { AVARA_API_KEY: apiKey, AVARA_BASE_URL: server.url }
  const killed = yield* run(args, { env: { ...env, ...killedAt({ at: 2, call: "send", mode: "after" }) } })
  assert.equal(killed.code, null)

  const { code } = yield* runAgainst(server.url, args)
  assert.equal(code, 0)
  const created = server.list().flatMap(({ name }) => (name.startsWith("Imported") ? [name] : []))
  assert.deepEqual(created.sort(), names)
})

const withCustomers = Effect.provide(Emulator.layer({ customers: 350 }))

/** Compares an export that is killed once and resumed with one that is not. */
const exportedTwice = (kill: Kill) =>
  Effect.gen(function* () {
    const cwd = yield* temporaryDirectory
    const exportTo = (file: string) => ["export", "customers", "--out", path.join(cwd, file), "--resume"]
    const killed = yield* runHere(exportTo("killed.ndjson"), { env: killedAt(kill) })
    assert.equal(killed.code, null)
    for (const file of ["killed.ndjson", "whole.ndjson"]) {
      const { code } = yield* runAgainstEmulator(exportTo(file))
      assert.equal(code, 0)
    }
    assert.deepEqual(fs.readFileSync(path.join(cwd, "killed.ndjson")), fs.readFileSync(path.join(cwd, "whole.ndjson")))
    assert.deepEqual(fs.readdirSync(cwd).sort(), [
      "killed.ndjson",
      "killed.ndjson.manifest.json",
      "whole.ndjson",
      "whole.ndjson.manifest.json"
    ])
    return cwd
  })

const halfWritten = Effect.asVoid(exportedTwice({ at: 3, call: "write", mode: "torn" })).pipe(withCustomers)

const renamed = Effect.gen(function* () {
  const { customers } = yield* Emulator.Emulator
  const cwd = yield* exportedTwice({ at: 3, call: "rename", mode: "before" })
  const ids = (yield* customers).map(({ expressCustomerId }) => expressCustomerId)
  assert.deepEqual(idsIn(path.join(cwd, "killed.ndjson")), ids)
}).pipe(withCustomers)

const exportedToTable = Effect.gen(function* () {
  const cwd = yield* temporaryDirectory
  const args = ["export", "customers", "--to", `sqlite:${path.join(cwd, "customers.db")}`, "--resume"]
  const killed = yield* runHere(args, { env: killedAt({ at: 3, call: "send", mode: "after" }) })
  assert.equal(killed.code, null)
  const { code, stdout } = yield* runAgainstEmulator(args)
  assert.equal(code, 0)
  assert.equal(jsonLinesOf(stdout)[0]?.["rows"], 350)
  const { customers } = yield* Emulator.Emulator
  const expected = (yield* customers).map(({ expressCustomerId }) => expressCustomerId)
  const ids = Effect.flatMap(SqlClient.SqlClient, (sql) => sql`SELECT "expressCustomerId" AS id FROM avara_customers`)
  const found = yield* Effect.provide(ids, LibsqlClient.layer({ url: `file:${path.join(cwd, "customers.db")}` }))
  assert.deepEqual(found.map(({ id }) => id).sort(), expected.sort())
}).pipe(withCustomers)

const accounts = () => ["/etc/passwd", "/etc/group"].map((file) => fs.existsSync(file) && fs.readFileSync(file, "utf8"))

const isOpen = (url: string) =>
  Effect.async<boolean>((resume) => {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    socket.once("connect", () => resume(Effect.succeed(true)))
    socket.once("error", () => resume(Effect.succeed(false)))
    return Effect.sync(() => socket.destroy())
  })

const noUserMade = Effect.gen(function* () {
  const before = accounts()
  const folder = yield* temporaryDirectory
  assert.equal(fs.statSync(folder).mode & 0o777, 0o700)
  const native = path.join(folder, "native")
  fs.cpSync(installed(), native, { recursive: true, verbatimSymlinks: true })
  const url = yield* Effect.scoped(
    Effect.gen(function* () {
      const url = yield* postgresFrom(native)
      assert.ok(yield* isOpen(url))
      return url
    })
  )
  assert.equal(yield* isOpen(url), false)
  assert.deepEqual(accounts(), before)
})

export const crashes: ReadonlyArray<Row> = [
  {
    fault: "`kill -9` right after a request is sent; from then on the server refuses every row for another reason",
    command: "avara bulk add-users FILE --resume",
    result: "Only the rows that the server did count as done. The others are rejected, and the command ends with 5.",
    check: refusedAfterKill
  },
  {
    fault: "`kill -9` right after a create is sent",
    command: "avara import customers FILE --resume",
    result: "The run finds the customer that the lost request created. Each row's customer exists exactly once.",
    check: importedOnce
  },
  {
    fault: "`kill -9` after half a page is written",
    command: "avara export customers --out FILE --resume",
    result: "The file is byte-for-byte the same as without the kill, and nothing else is left.",
    check: halfWritten
  },
  {
    fault: "`kill -9` right before the finished file gets its name",
    command: "avara export customers --out FILE --resume",
    result: "The second run gives the file its name. No customer is missing, and none is in it twice.",
    check: renamed
  },
  {
    fault: "`kill -9` between two pages",
    command: "avara export customers --to sqlite:FILE --resume",
    result: "The table has each customer once.",
    check: exportedToTable
  },
  {
    fault: "The tests run as root, in a directory that only root can enter",
    command: "pnpm test",
    result:
      "PostgreSQL runs under the user id of `nobody`, from a copy of its programs. No account is created, and nothing is left.",
    check: noUserMade
  }
]
