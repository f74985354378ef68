import assert from "node:assert/strict"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { runAgainst } from "../../../packages/cli/test/inProcess.js"
import {
  apiKey,
  commandLine,
  type Ended,
  envOf,
  hasTerminal,
  jsonLinesOf,
  linesOf,
  quoted,
  run,
  startInTerminal,
  temporaryDirectory
} from "../../../packages/cli/test/support.js"
import { type Answer, type Respond, recordingServer } from "../../support/recordingServer.js"
import type { Row } from "../support/row.js"

const id = "cus_00000000000000000000000000000001"

const otherId = "cus_00000000000000000000000000000003"

/** Clears the screen, links, sets the clipboard, reverses the text, and starts new lines. */
const hostile =
  "A\u001b[2J\u009b31m\u001b]8;;https://example.com\u0007\u001b]52;c;cm0=\u0007\u202eB\u2066\u200b\u{e0041}\u2028\u2029\r\n" +
  "cus_00000000000000000000000000000002  Forged  yes  7\navara: forged\u007f\u0000"

const harmful = /(?!\n)[\p{Cc}\p{Bidi_Control}\u2028\u2029\u200b\u{e0041}]/u

const customer = {
  expressCustomerId: id,
  expressCustomerName: hostile,
  isActive: true,
  userCount: 1,
  createdAt: "2026-01-01T00:00:00Z",
  updatedAt: null,
  createdByApiKeyId: hostile,
  metadata: { [hostile]: hostile }
}

const whole: Answer = { body: { expressCustomers: [customer], hasMore: false } }

/** The environment for a client of a server with this behavior. */
const against = (respond: Respond) => Effect.map(recordingServer(respond), ({ url }) => envOf(url))

/** Runs a command in this process against a server that sends this response. */
const answered = (args: ReadonlyArray<string>, answer: Answer) =>
  Effect.flatMap(
    recordingServer(() => answer),
    ({ url }) => runAgainst(url, args)
  )

const hides = ({ stderr, stdout }: Ended, ...secrets: ReadonlyArray<string>): void => {
  const shown = `${stdout}${stderr}`.toLowerCase()
  for (const secret of secrets) assert.ok(!shown.includes(secret.toLowerCase()), `${secret} is in ${shown}`)
}

const password = "pa55@w:ord/?"

const forms = [password, encodeURIComponent(password), "pa55", "w:ord", "w%3Aord"]

const passwords: ReadonlyArray<Row> = [
  {
    fault: "A database that does not exist, in a URL with a password",
    command: "avara export customers --to=postgres://USER:PASSWORD@HOST/DB?sslpassword=PASSWORD --emulator 5",
    result: "The message names the database without the password, and the exit code is 10.",
    check: Effect.gen(function* () {
      const secret = encodeURIComponent(password)
      const to = `postgres://me:${secret}@127.0.0.1:1/data?sslpassword=${secret}&application_name=app`
      const ended = yield* run(["export", "customers", `--to=${to}`, "--emulator", "5"])
      hides(ended, ...forms)
      assert.match(ended.stderr, /^avara: postgres:\/\/me@127\.0\.0\.1:1\/data cannot be used: connect ECONNREFUSED/m)
      assert.equal(ended.code, 10)
    })
  },
  {
    fault: "A password that is not encoded, a misspelled option, a scheme in capitals, or `host=… password=…`",
    command: "avara export customers --to DATABASE",
    result: "The usage message shows at most the scheme of the value, and the exit code is 2.",
    check: Effect.gen(function* () {
      const lines = [
        ["--to", `postgres://me:${password}@db.example/data`],
        [`--to=postgres://me:1234/${password}@db.example/data`],
        [`--too=postgres://me:${password}@db.example/data`],
        ["--to", `POSTGRES://me:${encodeURIComponent(password)}@db.example/data`],
        ["--to", `host=db.example user=me password=${password}`],
        ["--to", `me:${password}@db.example/data`]
      ]
      for (const args of lines) {
        const ended = yield* run(["export", "customers", ...args])
        hides(ended, ...forms)
        assert.match(ended.stderr, /^avara: (?:option '--to <DATABASE>' argument '|unknown option ')/)
        assert.equal(ended.code, 2)
      }
    })
  },
  {
    fault: "`AVARA_BASE_URL` with a user name and a password",
    command: "avara customers list --emulator-without-key 5",
    result: "The command shows the URL without them, says that they are not allowed, and ends with exit code 3.",
    check: Effect.gen(function* () {
      const env = { AVARA_API_KEY: apiKey, AVARA_BASE_URL: `https://me:${encodeURIComponent(password)}@api.example/v1` }
      const ended = yield* run(["customers", "list", "--emulator-without-key", "5"], { env })
      hides(ended, ...forms)
      assert.deepEqual(linesOf(ended.stderr), [
        "AVARA_API_KEY is set: using https://api.example/v1",
        "avara: AVARA_BASE_URL: expected a URL without a user name and password"
      ])
      assert.equal(ended.code, 3)
    })
  },
  {
    fault: "A proxy URL with a password, and a proxy that is not a URL",
    command: "avara doctor",
    result: "Neither the checks nor the failures show the password; they name the wrong variable.",
    check: Effect.gen(function* () {
      const env = { AVARA_API_KEY: apiKey, AVARA_MAX_RETRIES: "0" }
      const [good, bad] = [`http://me:${encodeURIComponent(password)}@127.0.0.1:1`, `me:${password}@proxy:3128`]
      const closed = yield* run(["doctor", "--table"], { env: { ...env, HTTPS_PROXY: good } })
      const wrong = yield* run(["doctor", "--table"], { env: { ...env, HTTPS_PROXY: bad, NO_PROXY: "*" } })
      hides(closed, ...forms)
      hides(wrong, ...forms)
      assert.match(closed.stdout, /^ok +Proxy +http:\/\/127\.0\.0\.1:1$/m)
      assert.match(wrong.stdout, /^failed +Proxy +HTTPS_PROXY is not the URL of a proxy$/m)
    })
  }
]

const tableLines = 2

const terminals: ReadonlyArray<Row> = [
  {
    fault: "Names with escape sequences, line breaks and marks that reverse text",
    command: "avara customers list --table",
    result: "Each customer stays on its line, and the terminal acts on nothing.",
    check: Effect.gen(function* () {
      const piped = yield* run(["customers", "list", "--table"], { env: yield* against(() => whole) })
      assert.doesNotMatch(piped.stdout, harmful)
      assert.equal(linesOf(piped.stdout).length, tableLines)
      if (!hasTerminal) return
      const env = { ...(yield* against(() => whole)), NO_COLOR: "1" }
      const { ended } = yield* startInTerminal(commandLine(["customers", "list"]), 80, { env })
      const shown = yield* ended
      assert.doesNotMatch(shown.stdout, harmful)
      assert.equal(linesOf(shown.stdout).length, tableLines)
    })
  },
  {
    fault: "The id of an API key and metadata with line breaks that imitate other facts",
    command: "avara customers get ID --table",
    result: "Each fact stays on its line.",
    check: Effect.gen(function* () {
      const { stdout } = yield* answered(["customers", "get", id, "--table"], { body: customer })
      assert.doesNotMatch(stdout, harmful)
      assert.deepEqual(
        linesOf(stdout).map((line) => line.slice(0, 15).trim()),
        ["id", "name", "active", "users", "created", "created by key", "metadata"]
      )
    })
  },
  {
    fault: "The same texts as JSON",
    command: "avara customers list --json",
    result: "JSON with the same values, in which every character that a terminal acts on is escaped.",
    check: Effect.gen(function* () {
      const { stdout } = yield* answered(["customers", "list", "--json"], whole)
      assert.doesNotMatch(stdout, harmful)
      assert.deepEqual(jsonLinesOf(stdout), [customer])
    })
  },
  {
    fault: "A refusal whose issues and request id contain line breaks",
    command: "avara customers create --name NAME",
    result: "One line for the refusal and one for each issue.",
    check: Effect.gen(function* () {
      const answer = {
        status: 422,
        headers: { "x-request-id": "req\u009b2J\u0085" },
        body: { errors: [{ path: [hostile, 0], message: hostile }, hostile] }
      }
      const { code, stderr } = yield* answered(["customers", "create", "--name", "One"], answer)
      assert.doesNotMatch(stderr, harmful)
      assert.deepEqual(
        linesOf(stderr).map((line) => line.slice(0, 8)),
        ["avara: c", "  A [2J ", "  A [2J "]
      )
      assert.equal(code, 5)
    })
  },
  {
    fault: "A file whose name holds a line break and an escape sequence",
    command: "avara bulk deactivate FILE",
    result: "The command that it prints is one line that a shell accepts, and it resumes.",
    check: Effect.gen(function* () {
      const cwd = yield* temporaryDirectory
      const file = join(cwd, "a\n\u001b[31m'b.csv")
      writeFileSync(file, `expressCustomerId\n${id}\n${otherId}\n`)
      const env = yield* against((_, index) =>
        index === 1
          ? { status: 401 }
          : { body: { ...customer, expressCustomerId: index === 0 ? id : otherId, isActive: false } }
      )
      const stopped = yield* run(["bulk", "deactivate", file, "--concurrency", "1"], { env })
      assert.doesNotMatch(stopped.stderr, harmful)
      const again = linesOf(stopped.stderr).find((line) => line.startsWith("  avara "))
      assert.ok(again, stopped.stderr)
      const line = `${commandLine([])} ${again.replace("  avara ", "")}`
      const resumed = yield* run(["-c", line], { env: { ...env, LC_ALL: "C.UTF-8" } }, ["bash"])
      assert.equal(resumed.code, 0, `${quoted(line)}: ${resumed.stderr}`)
    })
  }
]

const name = "Universitätsklinikum Müller & Söhne"

const nameEchoes: ReadonlyArray<string> = [
  name,
  name.toUpperCase(),
  name.normalize("NFD"),
  name.slice(3, 17),
  "Universit&auml;tsklinikum M&#252;ller &amp; S&#xf6;hne",
  "Universit\\u00e4tsklinikum M\\u00fcller",
  encodeURIComponent(encodeURIComponent(name)),
  Buffer.from(name).toString("base64")
]

const keyEchoes: ReadonlyArray<string> = [
  apiKey,
  apiKey.toUpperCase(),
  apiKey.slice("sk_live_".length),
  apiKey.slice(20, 32),
  Buffer.from(apiKey).toString("base64"),
  Buffer.from(`Bearer ${apiKey}`).toString("base64"),
  Buffer.from(apiKey).toString("hex")
]

/** A refusal with an issue for each echo, and the command's message. */
const refusedWith = (echoes: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const answer = { status: 422, body: { errors: echoes.map((echo) => `There is no ${echo} here`) } }
    const ended = yield* answered(["customers", "create", "--name", name], answer)
    hides(ended, ...echoes)
    const [, ...issues] = linesOf(ended.stderr)
    assert.deepEqual(
      issues,
      echoes.map(() => "  There is no <redacted> here")
    )
    return ended
  })

const echoes: ReadonlyArray<Row> = [
  {
    fault: "422 that repeats the name in capitals, in part, escaped for HTML, JSON and URLs, and in base64",
    command: "avara customers create --name NAME",
    result: "The message keeps the server's words without any part of the name.",
    check: Effect.map(refusedWith(nameEchoes), (ended) => hides(ended, "klinikum", "ller", "iversit", "hne"))
  },
  {
    fault: "422 that repeats the key in capitals, without its prefix, in part, in base64 and in hex",
    command: "avara customers create --name NAME",
    result: "The message keeps the server's words without any part of the key.",
    check: Effect.map(refusedWith(keyEchoes), (ended) => hides(ended, apiKey.slice(8, 16), apiKey.slice(-8)))
  },
  {
    fault: "A request id that is the key in base64",
    command: "avara customers list",
    result: "The message shows a request id without it.",
    check: Effect.gen(function* () {
      const echo = Buffer.from(`Bearer ${apiKey}`).toString("base64")
      const answer = { status: 401, headers: { "x-request-id": `req-${echo}` }, body: { message: "No such key" } }
      const ended = yield* answered(["customers", "list"], answer)
      hides(ended, echo, echo.slice(20, 40))
      assert.match(ended.stderr, /the server says: No such key \(request id <redacted>\)/)
    })
  }
]

export const secrets: ReadonlyArray<Row> = [...passwords, ...terminals, ...echoes]
