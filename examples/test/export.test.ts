/** The export as a user has it: a process of its own, in a directory of its own. */

import * as fs from "node:fs"
import type { RequestListener } from "node:http"
import { join } from "node:path"
import { describe, expect, it, vi } from "@effect/vitest"
import { CustomerId } from "@effect-avara/core"
import { Emulator } from "@effect-avara/emulator"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { type Ended, start, temporaryDirectory } from "./support/process.js"
import { serve, unreachable } from "./support/server.js"

// Each test starts a process, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const apiKey = "sk_live_0123456789abcdef0123456789abcdef"

const Line = Schema.parseJson(Schema.Struct({ expressCustomerId: CustomerId }))

const idsIn = (cwd: string) =>
  fs
    .readFileSync(join(cwd, "out/customers.ndjson"), "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => Schema.decodeSync(Line)(line).expressCustomerId)

/** A first page of one customer; what comes after it is up to the test. */
const firstPage = JSON.stringify({
  expressCustomers: [
    {
      expressCustomerId: "cus_1234567890abcdef1234567890abcdef",
      expressCustomerName: "City Medical Center",
      isActive: true,
      userCount: 0,
      createdAt: null,
      updatedAt: null
    }
  ],
  hasMore: true,
  cursor: "second"
})

const afterTheFirstPage =
  (answer: RequestListener): RequestListener =>
  (request, response) => {
    if (request.url?.includes("cursor=") === true) return answer(request, response)
    response.writeHead(200, { "content-type": "application/json" }).end(firstPage)
  }

const run = (cwd: string, env: Readonly<Record<string, string>> = {}) =>
  Effect.flatMap(start("export.ts", { cwd, env }), ({ ended }) => ended)

const withOlderExport = Effect.tap(temporaryDirectory, (cwd) =>
  Effect.sync(() => {
    fs.mkdirSync(join(cwd, "out"))
    fs.writeFileSync(join(cwd, "out/customers.ndjson"), "older\n")
  })
)

const expectOlderExport = (cwd: string) => {
  expect(fs.readdirSync(join(cwd, "out"))).toEqual(["customers.ndjson"])
  expect(fs.readFileSync(join(cwd, "out/customers.ndjson"), "utf8")).toBe("older\n")
}

/** One line that says what is wrong, and nothing else. */
const expectFailure = ({ code, stderr, stdout }: Ended, line: RegExp) => {
  const lines = stderr.split("\n").filter((text) => !text.startsWith("AVARA_API_KEY is "))
  expect(lines).toEqual([expect.stringMatching(line), ""])
  expect(stdout).toBe("")
  expect(code).toBe(1)
}

describe("export", () => {
  it.scopedLive("exports the embedded emulator without a key, and says so", () =>
    Effect.gen(function* () {
      const cwd = yield* temporaryDirectory
      const { code, stderr, stdout } = yield* run(cwd, { AVARA_API_KEY: " " })
      const ids = idsIn(cwd)
      expect(ids).toHaveLength(10_000)
      expect(new Set(ids).size).toBe(10_000)
      expect(fs.readdirSync(join(cwd, "out"))).toEqual(["customers.ndjson"])
      expect(stderr).toMatch(
        /^AVARA_API_KEY is blank, which counts as not set: using the embedded emulator at http:\/\/127\.0\.0\.1:\d+ with 10,000 customers\.\n/
      )
      expect(
        stderr
          .split("\n")
          .slice(1, -1)
          .filter((line) => !/^[\d,]+ customers, \d+ pages$/.test(line))
      ).toEqual([])
      expect(stdout).toContain(`Exported 10,000 customers to ${join(fs.realpathSync(cwd), "out/customers.ndjson")}\n`)
      expect(stdout).toMatch(
        /\n {2}pages {4}100\n {2}elapsed {2}\d+\.\d s\n {2}rate {5}[\d,]+ rows\/s\n {2}retries {2}0\n$/
      )
      expect(code).toBe(0)
    })
  )

  it.scopedLive("exports what the base URL serves, id for id, in place of an older export", () =>
    Effect.gen(function* () {
      const { customers, url } = yield* Emulator.Emulator
      const cwd = yield* withOlderExport
      const { code, stderr } = yield* run(cwd, { AVARA_API_KEY: apiKey, AVARA_BASE_URL: url })
      expect(idsIn(cwd)).toEqual((yield* customers).map(({ expressCustomerId }) => expressCustomerId))
      expect(stderr).not.toContain("emulator")
      expect(code).toBe(0)
    }).pipe(Effect.provide(Emulator.layer({ customers: 1234 })))
  )

  it.scopedLive("exports an empty list to an empty file", () =>
    Effect.gen(function* () {
      const { url } = yield* Emulator.Emulator
      const cwd = yield* withOlderExport
      const { code, stdout } = yield* run(cwd, { AVARA_API_KEY: apiKey, AVARA_BASE_URL: url })
      expect(idsIn(cwd)).toEqual([])
      expect(stdout).toMatch(/^Exported 0 customers to .*pages {4}1\n/s)
      expect(code).toBe(0)
    }).pipe(Effect.provide(Emulator.layer()))
  )

  it.scopedLive("counts its retries", () =>
    Effect.gen(function* () {
      let refused = 0
      const url = yield* serve(
        afterTheFirstPage((_, response) => {
          refused += 1
          if (refused === 1) response.writeHead(503, { "retry-after-ms": "1" }).end()
          else
            response
              .writeHead(200, { "content-type": "application/json" })
              .end(`{"expressCustomers":[],"hasMore":false}`)
        })
      )
      const cwd = yield* temporaryDirectory
      const { code, stderr, stdout } = yield* run(cwd, { AVARA_API_KEY: apiKey, AVARA_BASE_URL: url })
      expect(stderr).toBe("")
      expect(stdout).toMatch(/Exported 1 customers.*pages {4}2\n.*retries {2}1\n$/s)
      expect(code).toBe(0)
    })
  )
})

describe("interrupted", () => {
  const cases = [
    ["SIGINT", 130],
    ["SIGTERM", 143]
  ] as const
  it.scopedLive.each(cases)("by %s, it ends at once and leaves nothing behind", ([signal, expected]) =>
    Effect.gen(function* () {
      const isMidway = yield* Deferred.make<void>()
      const url = yield* serve(afterTheFirstPage(() => Deferred.unsafeDone(isMidway, Effect.void)))
      const cwd = yield* withOlderExport
      const { ended, kill } = yield* start("export.ts", { cwd, env: { AVARA_API_KEY: apiKey, AVARA_BASE_URL: url } })
      yield* Deferred.await(isMidway)
      expect(fs.readdirSync(join(cwd, "out"))).toEqual([
        expect.stringMatching(/^\.customers\.ndjson\.\d+\.partial$/),
        "customers.ndjson"
      ])
      yield* kill(signal)
      const { code, stderr, stdout } = yield* Effect.timeout(ended, "5 seconds")
      expect(stderr).toBe("Interrupted: out/customers.ndjson is as it was before.\n")
      expect(stdout).toBe("")
      expect(code).toBe(expected)
      expectOlderExport(cwd)
    })
  )
})

describe("failed", () => {
  const environments = {
    "a wrong key": [
      Effect.map(Layer.build(Emulator.layer()), (context) => ({
        AVARA_API_KEY: "nonsense",
        AVARA_BASE_URL: Context.get(context, Emulator.Emulator).url
      })),
      /^Unauthorized: customers\.list: the API key was not accepted \(401\)/
    ],
    "a base URL that serves HTML": [
      Effect.map(
        serve((_, response) =>
          response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html>\n<p>Hello</p>")
        ),
        (url) => ({ AVARA_BASE_URL: url })
      ),
      /^InvalidResponse: customers\.list: .*expected JSON/
    ],
    "a host that cannot be reached": [
      Effect.map(unreachable, (url) => ({ AVARA_BASE_URL: url, AVARA_MAX_RETRIES: "0" })),
      /^ConnectionFailed: customers\.list: no server listens at http:\/\/127\.0\.0\.1:\d+, ECONNREFUSED$/
    ],
    "a failure in the middle": [
      Effect.map(serve(afterTheFirstPage((_, response) => response.writeHead(500).end())), (url) => ({
        AVARA_BASE_URL: url,
        AVARA_MAX_RETRIES: "0"
      })),
      /^ServerError: customers\.list: the server failed \(500\)$/
    ],
    "a wrong setting": [
      Effect.succeed({ AVARA_TIMEOUT: "soon" }),
      /^Wrong configuration: AVARA_TIMEOUT: expected a duration above zero, such as "30 seconds" or "500 millis"$/
    ]
  } as const

  for (const [name, [environment, line]] of Object.entries(environments)) {
    it.scopedLive(`on ${name}, it says so in one line and keeps the older export`, () =>
      Effect.gen(function* () {
        const cwd = yield* withOlderExport
        expectFailure(yield* run(cwd, { AVARA_API_KEY: apiKey, ...(yield* environment) }), line)
        expectOlderExport(cwd)
      })
    )
  }

  it.scopedLive("on an output directory that is a file, it leaves the file alone", () =>
    Effect.gen(function* () {
      const cwd = yield* temporaryDirectory
      fs.writeFileSync(join(cwd, "out"), "mine")
      expectFailure(
        yield* run(cwd, { AVARA_API_KEY: apiKey }),
        /^WriteFailed: out\/customers\.ndjson cannot be written: EEXIST/
      )
      expect(fs.readdirSync(cwd)).toEqual(["out"])
      expect(fs.readFileSync(join(cwd, "out"), "utf8")).toBe("mine")
    })
  )
})
