/** Each class of failure: its exit code and its one-line message. */
import { execFile } from "node:child_process"
import * as http from "node:http"
import { promisify } from "node:util"
import { expect, layer } from "@effect/vitest"
import { Emulator } from "@effect-avara/emulator"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { listen } from "../../../test/support/listen.js"
import { apiKey, commandLine, concurrent, emulatorEnv, envOf, linesOf, run, runHere, start } from "./support.js"

const shell = promisify(execFile)

const serve = (listener: http.RequestListener) => Effect.map(listen(http.createServer(listener)), envOf)

const unknownId = "cus_00000000000000000000000000000000"

const emulator = Emulator.layer({ customers: 5000, apiKey: Redacted.make(apiKey) })

layer(emulator, { excludeTestServices: true })("failures", (it) => {
  const against = (env: Readonly<Record<string, string>>) => ({ env })

  const cases = {
    "2: the command line": [
      ["customers", "get"],
      against({}),
      2,
      /^avara: missing required argument 'CUSTOMER_ID'\nTry avara customers get --help\n$/
    ],
    "3: no key": [
      ["customers", "list"],
      against({ AVARA_API_KEY: "" }),
      3,
      /^avara: AVARA_API_KEY.*expected an API key.*\n$/
    ],
    "3: a key with a line break": [
      ["customers", "list"],
      against({ AVARA_API_KEY: `${apiKey}\nx` }),
      3,
      /^avara: AVARA_API_KEY: .*character 41 is .*\n$/
    ],
    "3: a refused key": [
      ["customers", "list"],
      against({ AVARA_API_KEY: "nonsense" }),
      3,
      /^avara: customers\.list: the API key was not accepted \(401\).*\n$/
    ],
    "3: a wrong setting": [
      ["customers", "list"],
      against({ AVARA_TIMEOUT: "soon" }),
      3,
      /^avara: AVARA_TIMEOUT: expected a duration.*\n$/
    ],
    "3: a wrong level of the log": [
      ["customers", "list"],
      against({ AVARA_LOG: "verbose" }),
      3,
      /^avara: AVARA_LOG: expected "error", "warn", "info", "debug" or "off"\n$/
    ],
    "3: a header for the key": [
      ["customers", "list"],
      against({ AVARA_CUSTOM_HEADERS: "Authorization: Bearer x" }),
      3,
      /^avara: AVARA_CUSTOM_HEADERS: line 1: .*set the option apiKey, or AVARA_API_KEY, instead\n$/
    ],
    "4: no such customer": [
      ["customers", "get", unknownId],
      against({}),
      4,
      /^avara: customers\.retrieve: there is no customer cus_0+.*\n$/
    ],
    "5: invalid input": [
      ["customers", "get", "7"],
      against({}),
      5,
      /^avara: customers\.retrieve: not sent because the input is not valid\n {2}expressCustomerId: expected "cus_".*\n$/
    ],
    "7: no server": [
      ["customers", "list"],
      against({ AVARA_BASE_URL: "http://127.0.0.1:1" }),
      7,
      /^avara: customers\.list: no server is listening at http:\/\/127\.0\.0\.1:1, ECONNREFUSED\n$/
    ],
    "10: no manifest": [
      ["verify", "/nonsense/customers.csv"],
      against({ AVARA_API_KEY: "" }),
      10,
      /^avara: .*customers\.csv\.manifest\.json .*\n$/
    ],
    "10: a directory as the file of the emulator": [
      ["emulator", "--port", "0", "--file", "/"],
      against({}),
      10,
      /^avara: \/ cannot store.*\n$/
    ]
  } as const

  for (const [name, [args, settings, code, message]] of Object.entries(cases)) {
    it.effect(
      name,
      () =>
        Effect.gen(function* () {
          const ended = yield* runHere(args, settings)
          expect(ended.stderr).toMatch(message)
          expect(ended).toMatchObject({ code, stdout: "" })
          expect(ended.stderr).not.toContain(apiKey)
        }),
      concurrent
    )
  }

  it.effect(
    "3: no key, with one line about what to set",
    () =>
      Effect.gen(function* () {
        const { code, stderr } = yield* run(["export", "customers", "--out", "x.ndjson"])
        expect(linesOf(stderr)).toEqual([
          expect.stringMatching(/^avara: AVARA_API_KEY is not set: set it to your API key/)
        ])
        expect(code).toBe(3)
      }),
    concurrent
  )

  it.scoped(
    "7: a failing server",
    () =>
      Effect.gen(function* () {
        const env = yield* serve((_, response) => response.writeHead(503).end())
        const { code, stderr } = yield* run(["customers", "list", "--debug", "--max-retries", "1"], { env })
        expect(stderr).toMatch(
          /^attempt failed.*ServerError.*\navara: customers\.list: the server failed \(503\) \(2 attempts\)\n$/
        )
        expect(code).toBe(7)
      }),
    concurrent
  )

  it.scoped(
    "8: a create whose response is lost",
    () =>
      Effect.gen(function* () {
        const env = yield* serve((request) => request.socket.destroy())
        const { code, stderr } = yield* run(["customers", "create", "--name", "x"], { env })
        expect(stderr).toMatch(/^avara: customers\.create: the outcome is not known because the response was lost.*\n$/)
        expect(code).toBe(8)
      }),
    concurrent
  )

  it.scoped(
    "9: a response that is not from the API",
    () =>
      Effect.gen(function* () {
        const env = yield* serve((_, response) =>
          response.writeHead(200, { "content-type": "text/html" }).end("<p>Hi\u001b[2J")
        )
        const { code, stderr, stdout } = yield* run(["customers", "list"], { env })
        expect(linesOf(stderr)).toEqual([
          expect.stringMatching(/^avara: customers\.list: invalid response \(200\): expected JSON/)
        ])
        expect([code, stdout]).toEqual([9, ""])
        const doctor = yield* run(["doctor", "--table"], { env })
        expect(doctor.stdout).toMatch(
          /failed {3}First page {2}customers\.list.*\n {21}check that the base URL leads to the Avara API/
        )
        expect(doctor.code).toBe(1)
      }),
    concurrent
  )

  it.effect(
    "141: without a message, if the reader exits",
    () =>
      Effect.gen(function* () {
        const env = { PATH: process.env["PATH"], ...(yield* emulatorEnv) }
        const script = `{ ${commandLine(["customers", "list"])}; echo "code $?" >&2; } | head -n 1`
        const child = yield* Effect.promise(() => shell("sh", ["-c", script], { env }))
        expect(linesOf(child.stdout)).toHaveLength(1)
        expect(child.stderr).toBe("code 141\n")
      }),
    concurrent
  )

  for (const [signal, expected] of [
    ["SIGINT", 130],
    ["SIGTERM", 143]
  ] as const) {
    it.scoped(
      `${expected}: ${signal}`,
      () =>
        Effect.gen(function* () {
          const isAsked = yield* Deferred.make<void>()
          const env = yield* serve(() => Deferred.unsafeDone(isAsked, Effect.void))
          const { child, ended } = yield* start(["customers", "list", "--debug"], { env })
          yield* Deferred.await(isAsked)
          child.kill(signal)
          expect(yield* ended).toEqual({ code: expected, stdout: "", stderr: "" })
        }),
      concurrent
    )
  }
})
