import * as fs from "node:fs"
import * as path from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { recordingServer } from "../../../test/support/recordingServer.js"
import { runAgainst } from "./inProcess.js"
import { stubEnvironment } from "./stubEnvironment.js"
import { envOf, linesOf, run, temporaryDirectory } from "./support.js"

const id = "cus_1234567890abcdef1234567890abcdef"

const drifted = {
  expressCustomerId: id,
  expressCustomerName: "City Medical Center",
  isActive: true,
  userCount: "15",
  createdAt: 1705309200,
  updatedAt: null,
  metadata: { region: "northeast", beds: 12 }
}

/** A server whose only customer is not as documented. */
const server = recordingServer(({ target }) => ({
  body: JSON.stringify(
    new URL(target, "http://localhost").pathname === "/v1/express"
      ? { expressCustomers: [drifted], hasMore: false, cursor: null }
      : drifted
  )
}))

/** Runs the command against this server, and returns the methods of its requests, too. */
const against = (...args: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const { requests, url } = yield* server
    return { ...(yield* runAgainst(url, args)), methods: requests.map(({ method }) => method) }
  })

const warning = (operation: string, field: string) =>
  `avara: ${operation}: a field does not have its documented shape and is read as absent: ${field}`

const listWarnings = ["createdAt", "userCount", "metadata"]
  .map((field) => warning("customers.list", `expressCustomers[].${field}`))
  .sort()

stubEnvironment()

describe("--lenient", () => {
  it.scopedLive("lists what the server sent, and warns about each field once", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* against("customers", "list", "--json", "--lenient")
      expect(stdout).toBe(`${JSON.stringify(drifted)}\n`)
      expect(linesOf(stderr).toSorted()).toEqual(listWarnings)
      expect(code).toBe(0)
      const strict = yield* against("customers", "list", "--json")
      expect(strict.stdout).toBe("")
      expect(strict.stderr).toContain("expressCustomers[0].createdAt: expected an ISO 8601 date or date-time or null")
    })
  )

  it.scopedLive("shows an empty cell for a count that cannot be read", () =>
    Effect.gen(function* () {
      const { url } = yield* server
      const env = { ...envOf(url), AVARA_VALIDATION: "lenient" }
      const { code, stdout } = yield* run(["customers", "get", id, "--table"], { env })
      expect(code).toBe(0)
      expect(stdout).toContain("City Medical Center")
      expect(stdout).not.toMatch(/NaN|users/)
    })
  )

  it.scopedLive("does not let update lose metadata that it cannot read", () =>
    Effect.gen(function* () {
      const update = ["customers", "update", id, "--metadata", "floor=2", "--lenient"]
      const { code, methods, stderr } = yield* against(...update)
      expect(stderr).toContain("metadata.…: expected a string")
      expect(methods).toEqual(["GET"])
      expect(code).not.toBe(0)
    })
  )

  it.scopedLive("exports what the server sent, but does not filter by a time that it cannot read", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryDirectory
      const out = (name: string) => path.join(folder, name)
      const plain = yield* against("export", "customers", "--out", out("all.ndjson"), "--lenient")
      expect(plain.code).toBe(0)
      expect(fs.readFileSync(out("all.ndjson"), "utf8")).toBe(`${JSON.stringify(drifted)}\n`)
      expect(plain.stderr).toContain(listWarnings[0])
      const since = ["export", "customers", "--out", out("since.ndjson"), "--lenient", "--since", "2024-01-01"]
      const selected = yield* against(...since)
      expect(selected.stderr).toContain("createdAt: expected an ISO 8601 date or date-time or null")
      expect(fs.existsSync(out("since.ndjson"))).toBe(false)
    })
  )
})
