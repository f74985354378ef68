import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { recordingServer } from "../../../test/support/recordingServer.js"
import { apiKey, concurrent, linesOf, run } from "./support.js"

const id = "cus_1234567890abcdef1234567890abcdef"

const customer = {
  expressCustomerId: id,
  expressCustomerName: "City Medical Center",
  isActive: true,
  userCount: 15,
  createdAt: 1705309200,
  updatedAt: null
}

const busy = { status: 503, headers: { "retry-after-ms": "1" } }

/** Runs the command against a server that refuses the first of these requests. */
const against = (args: ReadonlyArray<string>, refusals: number, env: Readonly<Record<string, string>>) =>
  Effect.gen(function* () {
    const { requests, url } = yield* recordingServer((_, index) =>
      index < refusals ? busy : { headers: { "x-request-id": "req-1" }, body: customer }
    )
    const connection = { AVARA_API_KEY: apiKey, AVARA_BASE_URL: url }
    return { ...(yield* run(args, { env: { ...connection, ...env } })), requests }
  })

const get = ["customers", "get", id, "--lenient"]

const drift = "avara: customers.retrieve: a field does not have its documented shape and is read as absent: createdAt"

const retried =
  /^attempt failed, waiting before the next one: (?=.*method GET)(?=.*attempt 1)(?=.*error ServerError).*, 1 ms$/

const succeeded = /^call succeeded: (?=.*status 200)(?=.*attempts 2)(?=.*requestId req-1)(?=.*elapsedMillis \d+)/

const sending = /^sending a request: (?=.*attempt [12])/

describe("AVARA_LOG", () => {
  for (const [level, lines] of [
    ["", []],
    ["off", []],
    ["error", []],
    ["warn", [retried]],
    ["info", [retried, succeeded]],
    ["debug", [sending, retried, sending, succeeded]]
  ] as const) {
    it.scopedLive(
      `${level} writes ${lines.length} lines to standard error, in addition to the warning about a field`,
      () =>
        Effect.gen(function* () {
          const { code, stderr, stdout } = yield* against([...get, "--json"], 1, { AVARA_LOG: level })
          const written = linesOf(stderr)
          expect(written.filter((line) => line !== drift)).toEqual(lines.map((line) => expect.stringMatching(line)))
          expect(written.filter((line) => line === drift)).toHaveLength(1)
          expect(stderr).not.toContain(id)
          expect(linesOf(stdout)).toHaveLength(1)
          expect(code).toBe(0)
        }),
      concurrent
    )
  }

  it.scopedLive(
    "writes a line for a call that fails, and the advice once",
    () =>
      Effect.gen(function* () {
        const { code, stderr } = yield* against(get, 9, { AVARA_LOG: "error", AVARA_MAX_RETRIES: "1" })
        expect(linesOf(stderr)).toEqual([
          expect.stringMatching(/^call failed: (?=.*error ServerError)(?=.*status 503)(?=.*attempts 2)/),
          expect.stringMatching(/^avara: customers\.retrieve: the server failed \(503\)/)
        ])
        expect(code).toBe(7)
      }),
    concurrent
  )
})

describe("the environment", () => {
  it.scopedLive(
    "may have white space around the key, and sets the user agent",
    () =>
      Effect.gen(function* () {
        const env = { AVARA_API_KEY: `${apiKey}\r\n`, AVARA_CUSTOM_HEADERS: "User-Agent: nightly/2" }
        const { code, requests } = yield* against(get, 0, env)
        expect(requests.map(({ headers }) => [headers["authorization"], headers["user-agent"]])).toEqual([
          [`Bearer ${apiKey}`, "nightly/2"]
        ])
        expect(code).toBe(0)
      }),
    concurrent
  )

  it.scopedLive(
    "is what doctor checks",
    () =>
      Effect.gen(function* () {
        const { stdout } = yield* against(["doctor", "--table"], 0, { AVARA_API_KEY: ` ${apiKey}\n` })
        expect(stdout).toMatch(/ok {2,}API key {2,}set, ends in cdef/)
      }),
    concurrent
  )
})
