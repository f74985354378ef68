import * as assert from "node:assert/strict"
import * as http from "node:http"
import * as net from "node:net"
import * as path from "node:path"
import { Avara, AvaraClient, Customers, RetryPolicy } from "@effect-avara/core"
import { Emulator } from "@effect-avara/emulator"
import { NodeAvara } from "@effect-avara/node"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { runAgainst, type Shown } from "../../../packages/cli/test/inProcess.js"
import {
  apiKey,
  command,
  emulatorEnv,
  envOf,
  jsonLinesOf,
  run,
  start,
  temporaryDirectory
} from "../../../packages/cli/test/support.js"
import { listen } from "../../support/listen.js"
import { largestCustomers, measured, withScript } from "../support/largest.js"
import type { Row } from "../support/row.js"

const customer = `"createdAt":null,"expressCustomerId":"cus_1","expressCustomerName":"Clinic","isActive":true,"updatedAt":null,"userCount":0`

/** A server whose only customer has an unknown field with `levels` levels of nesting. */
const nesting = (levels: number) =>
  listen(
    http.createServer((_, response) => {
      const plan = "[".repeat(levels - 1) + "]".repeat(levels - 1)
      response.end(`{"expressCustomers":[{${customer},"plan":${plan}}],"hasMore":false}`)
    })
  )

const everyForm = (directory: string): ReadonlyArray<ReadonlyArray<string>> => [
  ["export", "customers", "--out", path.join(directory, "customers.ndjson")],
  ["export", "customers", "--out", path.join(directory, "customers.csv")],
  ["export", "customers", "--out", path.join(directory, "customers.parquet")],
  ["export", "customers", "--to", `sqlite:${path.join(directory, "customers.db")}`],
  ["customers", "list", "--json"]
]

const inEveryForm = (levels: number, check: (ended: Shown) => void) =>
  Effect.gen(function* () {
    const url = yield* nesting(levels)
    const directory = yield* temporaryDirectory
    yield* Effect.forEach(everyForm(directory), (args) => Effect.map(runAgainst(url, args), check))
  })

const depth: ReadonlyArray<Row> = [
  {
    fault: "An unknown field has 1,000 levels of nested arrays",
    command: "avara export customers and avara customers list --json",
    result: "Every format contains the row.",
    check: inEveryForm(1000, ({ code, stderr }) => assert.equal(code, 0, stderr))
  },
  {
    fault: "The same field has 100,000 levels",
    command: "avara export customers and avara customers list --json",
    result:
      "The command refuses the response and says which field of which customer is nested too deeply, and how deeply.",
    check: inEveryForm(100_000, ({ code, stderr }) => {
      assert.equal(code, 9, stderr)
      assert.match(stderr, /expressCustomers\[0\]\.plan: expected a row of at most 1000 levels .*, not 100000/)
    })
  }
]

/** The wall clock is set back by an hour soon after the start. */
const setBack = "const now = Date.now; setTimeout(() => { Date.now = () => now() - 3600000 }, 250)"

const clock: ReadonlyArray<Row> = [
  {
    fault: "The wall clock is set back by an hour while the command runs",
    command: "avara export customers --rate 4/s --out FILE",
    result: "The rate of requests stays the same, and the elapsed time is correct.",
    check: Effect.gen(function* () {
      const env = yield* emulatorEnv
      const file = path.join(yield* temporaryDirectory, "customers.ndjson")
      const args = ["export", "customers", "--rate", "4/s", "--out", file, "--json"]
      const { ended } = yield* start(args, { env }, withScript(command(), setBack))
      const { code, stderr, stdout } = yield* Effect.timeoutFail(ended, {
        duration: "20 seconds",
        onTimeout: () => new Error("the export did not end after the clock was set back")
      })
      assert.equal(code, 0, stderr)
      assert.equal(jsonLinesOf(stdout)[0]?.["rows"], 500)
    }).pipe(Effect.provide(Emulator.layer({ customers: 500 })))
  }
]

const character = "\u6f22"

const memory: ReadonlyArray<Row> = [
  {
    fault: "Customers with all the metadata that is allowed, 165 KB each",
    command: "avara export customers --out customers.parquet",
    result: "The export takes less than 256 MiB of memory, however long the list is.",
    check: Effect.gen(function* () {
      const file = path.join(yield* temporaryDirectory, "customers.parquet")
      const env = envOf(yield* largestCustomers(character, 5))
      const { code, peakMebibytes, stderr } = yield* measured(
        ["export", "customers", "--out", file, "--quiet"],
        env,
        command()
      )
      assert.equal(code, 0, stderr)
      assert.ok(peakMebibytes < 256, `${peakMebibytes} MiB`)
    })
  },
  {
    fault: "A page of 100 such customers whose server escapes each character, 66 MB",
    command: "avara export customers --out FILE",
    result: "The page is read: the largest page that the API allows is under the default `maxBodySize`.",
    check: Effect.gen(function* () {
      const env = envOf(yield* largestCustomers("\\ud83d\\ude00", 1))
      const file = path.join(yield* temporaryDirectory, "customers.ndjson")
      const { code, stderr, stdout } = yield* run(["export", "customers", "--out", file, "--json"], { env })
      assert.equal(code, 0, stderr)
      assert.equal(jsonLinesOf(stdout)[0]?.["rows"], 100)
    })
  }
]

const key = Redacted.make(apiKey)

/** Checks that a layer fails and names the option and the allowed values. */
const refusedLayer = (layer: ReturnType<typeof NodeAvara.layer>, message: string) =>
  Effect.map(Effect.flip(Effect.scoped(Layer.build(layer))), (error) =>
    assert.ok(Avara.formatConfigError(error).startsWith(message), Avara.formatConfigError(error))
  )

/** Checks that a call fails before anything is sent and names the option and the allowed values. */
const refusedCall = (call: Effect.Effect<unknown, unknown, Avara.Services>, message: string) =>
  Effect.map(
    Effect.flip(Effect.provide(call, NodeAvara.layer({ apiKey: key, baseUrl: "https://api.avara.invalid" }))),
    (error) => assert.ok(String(error).includes(message), String(error))
  )

const layerRow = (call: string, layer: () => ReturnType<typeof NodeAvara.layer>, message: string): Row => ({
  fault: "An unusable limit",
  command: call,
  result: `A \`ConfigError\`: ${message}.`,
  check: Effect.suspend(() => refusedLayer(layer(), message))
})

const callRow = (
  call: string,
  effect: Effect.Effect<unknown, unknown, Avara.Services>,
  message: string,
  fault = "An unusable limit"
): Row => ({
  fault,
  command: call,
  result: `A \`Validation\`, before anything is sent: ${message}.`,
  check: refusedCall(effect, message)
})

const above = 'expected a duration above zero and at most 24 days, such as "10 seconds"'

const limit = "expected a duration above zero"

const list = Effect.flatMap(Customers, (customers) => customers.list())

const listUnder = (env: Readonly<Record<string, string>>) =>
  Effect.suspend(() => run(["customers", "list"], { env: { AVARA_API_KEY: apiKey, ...env } }))

const options: ReadonlyArray<Row> = [
  layerRow(
    "NodeAvara.layer(options, { keepAlive: 0 })",
    () => NodeAvara.layer({ apiKey: key }, { keepAlive: 0 }),
    `keepAlive: ${above}`
  ),
  layerRow(
    "NodeAvara.layer(options, { connectTimeout: NaN })",
    () => NodeAvara.layer({ apiKey: key }, { connectTimeout: Number.NaN }),
    `connectTimeout: ${above}`
  ),
  layerRow(
    "NodeAvara.layer({ maxBodySize: Infinity })",
    () => NodeAvara.layer({ apiKey: key, maxBodySize: Infinity }),
    "maxBodySize: expected a whole number of bytes above zero"
  ),
  layerRow(
    'NodeAvara.layer({ retry: RetryPolicy.make(schedule, { maxRetryAfter: "60 days" }) })',
    () =>
      NodeAvara.layer({
        apiKey: key,
        retry: RetryPolicy.make(RetryPolicy.standard.schedule, { maxRetryAfter: "60 days" })
      }),
    "retry: maxRetryAfter: expected a duration from zero to 24 days"
  ),
  layerRow(
    'NodeAvara.layer({ timeout: "60 days" })',
    () => NodeAvara.layer({ apiKey: key, timeout: "60 days" }),
    `timeout: ${limit}`
  ),
  layerRow(
    'NodeAvara.layer({ headers: { Expect: "100-continue" } })',
    () => NodeAvara.layer({ apiKey: key, headers: { Expect: "100-continue" } }),
    "headers.Expect: is set by the client and cannot be set as an extra header"
  ),
  callRow(
    "customers.createOnce({ settle: Infinity })",
    Effect.flatMap(Customers, (customers) =>
      customers.createOnce({ expressCustomerName: "Clinic", key: "1", settle: Infinity })
    ),
    "settle: expected a duration from zero to 24 days"
  ),
  callRow(
    "AvaraClient.withOptions({ deadline: -1 })",
    AvaraClient.withOptions({ deadline: -1 })(list),
    `deadline: ${limit}`
  ),
  {
    fault: "An environment variable that is not a duration",
    command: "AVARA_TIMEOUT=1e99 avara customers list",
    result: "The command names the variable and says what is allowed.",
    check: Effect.map(listUnder({ AVARA_TIMEOUT: "1e99" }), (ended) => {
      assert.equal(ended.code, 3, ended.stderr)
      assert.match(ended.stderr, /AVARA_TIMEOUT: expected a duration above zero/)
    })
  },
  {
    fault: "An environment variable that sets a header of the connection",
    command: "AVARA_CUSTOM_HEADERS='Keep-Alive: 5' avara customers list",
    result: "The command names the header and says why it cannot be set.",
    check: Effect.map(listUnder({ AVARA_CUSTOM_HEADERS: "Keep-Alive: 5" }), (ended) => {
      assert.equal(ended.code, 3, ended.stderr)
      assert.match(ended.stderr, /AVARA_CUSTOM_HEADERS: line 1: is set by the client/)
    })
  },
  {
    fault: "An environment variable that sets the header of the API key",
    command: "AVARA_CUSTOM_HEADERS='Authorization: Bearer …' avara customers list",
    result: "The command says that `AVARA_API_KEY` sets this header. It does not show the value.",
    check: Effect.map(listUnder({ AVARA_CUSTOM_HEADERS: "Authorization: Bearer s3cret" }), (ended) => {
      assert.equal(ended.code, 3, ended.stderr)
      assert.match(ended.stderr, /AVARA_CUSTOM_HEADERS: line 1: .*set the option apiKey, or AVARA_API_KEY, instead/)
      assert.doesNotMatch(ended.stderr, /s3cret/)
    })
  },
  {
    fault: "An API key from a file that ends with a line break",
    command: "AVARA_API_KEY=$'sk_live_…\\r\\n' avara customers list",
    result: "The command ignores the white space around the key.",
    check: Effect.gen(function* () {
      const url = yield* listen(
        http.createServer(({ headers }, response) => {
          const isSent = headers.authorization === `Bearer ${apiKey}`
          response.writeHead(isSent ? 200 : 401).end(`{"expressCustomers":[{${customer}}],"hasMore":false}`)
        })
      )
      const { code, stderr } = yield* run(["customers", "list"], {
        env: { ...envOf(url), AVARA_API_KEY: `${apiKey}\r\n` }
      })
      assert.equal(code, 0, stderr)
    })
  },
  callRow(
    'AvaraClient.withOptions({ baseUrl: "http://api.example.com" })',
    AvaraClient.withOptions({ baseUrl: "http://api.example.com" })(list),
    "baseUrl: expected https://, because http:// sends the API key unprotected",
    "A base URL that would expose the key"
  ),
  callRow(
    'AvaraClient.request({ path: "/v1/studies?limit=5" })',
    AvaraClient.request({ method: "GET", path: "/v1/studies?limit=5", response: Schema.Unknown }),
    'path: expected a path without "?" and "#": pass query parameters as query',
    "A path with a query"
  )
]

const malformed: ReadonlyArray<Row> = [
  {
    fault: "The server's response is not HTTP",
    command: "avara customers get cus_1",
    result: "The command says that it received a response that is not HTTP, not that there was no connection.",
    check: Effect.gen(function* () {
      const url = yield* listen(
        net.createServer((socket) => {
          socket.on("error", () => socket.destroy())
          socket.once("data", () => socket.end("SSH-2.0-OpenSSH_9.6\r\n\r\n"))
        })
      )
      const { code, stderr } = yield* run(["customers", "get", "cus_1"], { env: envOf(url) })
      assert.equal(code, 7, stderr)
      assert.match(stderr, /received a response that is not valid HTTP/)
    })
  }
]

export const limits: ReadonlyArray<Row> = [...depth, ...clock, ...memory, ...options, ...malformed]
