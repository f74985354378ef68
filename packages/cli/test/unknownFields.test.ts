/** Commands that show one customer keep fields that no schema names, like `list`. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { recordingServer } from "../../../test/support/recordingServer.js"
import { runAgainst } from "./inProcess.js"
import { stubEnvironment } from "./stubEnvironment.js"

const id = "cus_1234567890abcdef1234567890abcdef"

const customer = {
  plan: { tier: "gold", seats: [1, null] },
  expressCustomerId: id,
  expressCustomerName: "City Medical Center",
  isActive: true,
  userCount: 15,
  createdAt: "2024-01-15",
  updatedAt: null,
  metadata: null
}

const nested = `${JSON.stringify(customer).slice(0, -1)},"deep":${"[".repeat(20_000)}${"]".repeat(20_000)}}`

/** A server that returns this customer for every request; its URL. */
const serving = (body: string) =>
  Effect.map(
    recordingServer(({ method, target }) => ({
      body:
        method === "GET" && target.startsWith("/v1/express?") ? `{"expressCustomers":[${body}],"hasMore":false}` : body
    })),
    ({ url }) => url
  )

stubEnvironment()

describe("fields that no schema names are written by", () => {
  for (const args of [
    ["get", id],
    ["create", "--name", "City Medical Center"],
    ["update", id, "--name", "City Medical Center"],
    ["update", id, "--metadata", "region=northeast"],
    ["deactivate", id],
    ["reactivate", id],
    ["list"]
  ]) {
    it.scopedLive(`customers ${args.join(" ")} --json`, () =>
      Effect.gen(function* () {
        const ended = yield* runAgainst(yield* serving(JSON.stringify(customer)), ["customers", ...args, "--json"])
        expect(ended).toEqual({ code: 0, stderr: "", stdout: `${JSON.stringify(customer)}\n` })
      })
    )
  }

  it.scopedLive(
    "not by customers create --once if it finds the customer in the list: it writes only documented fields",
    () =>
      Effect.gen(function* () {
        const url = yield* serving(JSON.stringify({ ...customer, metadata: { createOnceKey: "7" } }))
        const args = ["customers", "create", "--name", "City Medical Center", "--once", "7", "--json"]
        const { code, stdout } = yield* runAgainst(url, args)
        expect([code, Object.keys(JSON.parse(stdout))]).toEqual([0, expect.not.arrayContaining(["plan"])])
      })
  )

  it.scopedLive("not by any command if they nest too deep to be written", () =>
    Effect.gen(function* () {
      const ended = yield* runAgainst(yield* serving(nested), ["customers", "get", id, "--json"])
      expect(ended).toMatchObject({ code: 0, stderr: "" })
      expect(JSON.parse(ended.stdout)).toMatchObject({ expressCustomerId: id, createdAt: "2024-01-15T00:00:00.000Z" })
    })
  )
})
