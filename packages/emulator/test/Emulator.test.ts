import { expect, it, layer } from "@effect/vitest"
import { Customer } from "@effect-avara/core/Customer"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Emulator from "../src/Emulator.js"
import { type AnswerJson, ask, create, key, missingCustomer, user } from "./support.js"

const decodeCustomer = Schema.decodeUnknownSync(Customer)

const issuesOf = (json: AnswerJson) => json.error.issues.map(({ path }) => path.join("."))

layer(Emulator.layer({ customers: 250, seed: 7 }), { excludeTestServices: true })("Emulator", (it) => {
  it.effect("create returns the new customer", () =>
    Effect.gen(function* () {
      const answer = yield* ask("/v1/express", {
        method: "POST",
        body: { expressCustomerName: "Ünï ☃", metadata: { region: "北" } }
      })
      expect(answer.status).toBe(200)
      expect(answer.json).toEqual({
        expressCustomerId: expect.stringMatching(/^cus_[0-9a-f]{32}$/),
        expressCustomerName: "Ünï ☃",
        isActive: true,
        userCount: 0,
        createdAt: answer.json.updatedAt,
        updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        createdByApiKeyId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/),
        createdByUserId: null,
        metadata: { region: "北" }
      })
      const again = yield* ask(`/v1/express/${answer.json.expressCustomerId}`)
      expect(again.json).toEqual(answer.json)
      expect((yield* create("without metadata")).metadata).toBeUndefined()
    })
  )

  it.effect("a metadata key of __proto__ survives", () =>
    Effect.gen(function* () {
      const raw = `{"expressCustomerName":"p","metadata":{"__proto__":"x","constructor":"y"}}`
      const { json, text } = yield* ask("/v1/express", { method: "POST", raw })
      expect(text).toContain(`{"__proto__":"x","constructor":"y"}`)
      const { text: retrieved } = yield* ask(`/v1/express/${json.expressCustomerId}`)
      expect(retrieved).toContain(`{"__proto__":"x","constructor":"y"}`)
    })
  )

  it.effect("update does not change a missing field, replaces metadata and clears it with null", () =>
    Effect.gen(function* () {
      const { expressCustomerId } = yield* create("first", { a: "1", b: "2" })
      const patch = (body: unknown) => ask(`/v1/express/${expressCustomerId}`, { method: "PATCH", body })
      const renamed = yield* patch({ expressCustomerName: "second" })
      expect(renamed.json).toMatchObject({ expressCustomerName: "second", metadata: { a: "1", b: "2" } })
      expect((yield* patch({ metadata: { c: "3" } })).json.metadata).toEqual({ c: "3" })
      expect((yield* patch({ metadata: {} })).json.metadata).toEqual({})
      const cleared = yield* patch({ metadata: null })
      expect(cleared.status).toBe(200)
      expect("metadata" in cleared.json).toBe(false)
      expect(cleared.json.expressCustomerName).toBe("second")
      expect((yield* patch({ expressCustomerName: null })).status).toBe(400)
    })
  )

  it.effect("updatedAt changes only if another field changes", () =>
    Effect.gen(function* () {
      const { createdAt, expressCustomerId } = yield* create("clock", { a: "1" })
      const patch = (body: unknown) => ask(`/v1/express/${expressCustomerId}`, { method: "PATCH", body })
      yield* Effect.sleep(5)
      expect((yield* patch({})).json.updatedAt).toBe(createdAt)
      expect((yield* patch({ expressCustomerName: "clock", metadata: { a: "1" } })).json.updatedAt).toBe(createdAt)
      const changed = yield* patch({ metadata: { a: "2" } })
      expect(Date.parse(changed.json.updatedAt ?? "")).toBeGreaterThan(Date.parse(createdAt ?? ""))
      expect(changed.json.createdAt).toBe(createdAt)
    })
  )

  it.effect("deactivate and reactivate need no body and are idempotent", () =>
    Effect.gen(function* () {
      const { expressCustomerId } = yield* create("switch")
      const post = (action: string) => ask(`/v1/express/${expressCustomerId}/${action}`, { method: "POST" })
      const off = yield* post("deactivate")
      expect(off).toMatchObject({ status: 200, json: { isActive: false } })
      yield* Effect.sleep(5)
      expect((yield* post("deactivate")).json).toEqual(off.json)
      const on = yield* post("reactivate")
      expect(on).toMatchObject({ status: 200, json: { isActive: true } })
      expect((on.json.updatedAt ?? "") > (off.json.updatedAt ?? "")).toBe(true)
      expect((yield* post("reactivate")).json).toEqual(on.json)
    })
  )

  it.effect("users are added once, counted, and removed", () =>
    Effect.gen(function* () {
      const { expressCustomerId } = yield* create("users")
      const users = (method: string, userId: string) =>
        ask(`/v1/express/${expressCustomerId}/users`, { method, body: { userId } })
      const count = Effect.map(ask(`/v1/express/${expressCustomerId}`), ({ json }) => json.userCount)
      expect(yield* users("POST", user)).toMatchObject({ status: 200, json: { success: true } })
      expect(yield* users("POST", user)).toMatchObject({ status: 409, json: { error: { code: "already_assigned" } } })
      expect(yield* users("POST", "usr_another")).toMatchObject({ status: 200 })
      expect(yield* count).toBe(2)
      expect(yield* users("DELETE", user)).toMatchObject({ status: 200, json: { success: true } })
      expect(yield* users("DELETE", user)).toMatchObject({
        status: 404,
        json: { error: { code: "membership_not_found" } }
      })
      expect(yield* count).toBe(1)
    })
  )

  it.effect("only one of many equal, concurrent assignments succeeds", () =>
    Effect.gen(function* () {
      const { expressCustomerId } = yield* create("race")
      const path = `/v1/express/${expressCustomerId}/users`
      const answers = yield* Effect.all(
        Array.from({ length: 12 }, () => ask(path, { method: "POST", body: { userId: user } })),
        { concurrency: "unbounded" }
      )
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 11 }, () => 409)])
      expect((yield* ask(`/v1/express/${expressCustomerId}`)).json.userCount).toBe(1)
    })
  )

  it.effect("users cannot be added to an inactive customer, but can be removed from it", () =>
    Effect.gen(function* () {
      const { expressCustomerId } = yield* create("inactive")
      const path = `/v1/express/${expressCustomerId}`
      yield* ask(`${path}/users`, { method: "POST", body: { userId: user } })
      yield* ask(`${path}/deactivate`, { method: "POST" })
      const refused = yield* ask(`${path}/users`, { method: "POST", body: { userId: "usr_other" } })
      expect(refused).toMatchObject({ status: 409, json: { error: { code: "customer_inactive" } } })
      expect(refused.json.error.message).toMatch(/inactive/)
      expect((yield* ask(`${path}/users`, { method: "DELETE", body: { userId: user } })).status).toBe(200)
    })
  )

  it.effect("an unknown customer is a 404 everywhere", () =>
    Effect.gen(function* () {
      const path = `/v1/express/${missingCustomer}`
      const answers = yield* Effect.all([
        ask(path),
        ask(path, { method: "PATCH", body: {} }),
        ask(`${path}/deactivate`, { method: "POST" }),
        ask(`${path}/reactivate`, { method: "POST" }),
        ask(`${path}/users`, { method: "POST", body: { userId: user } }),
        ask(`${path}/users`, { method: "DELETE", body: { userId: user } })
      ])
      for (const answer of answers) {
        expect(answer).toMatchObject({ status: 404, json: { error: { code: "customer_not_found" } } })
      }
    })
  )

  it.effect("an unknown route is a 404, and every response has its own request id", () =>
    Effect.gen(function* () {
      const answers = yield* Effect.all([
        ask("/nowhere"),
        ask("/v1/express/a/b"),
        ask("/v2/express"),
        ask("/v1/express", { method: "PUT", body: {} }),
        ask("/v1/express/%E0%A4%A")
      ])
      for (const answer of answers)
        expect(answer).toMatchObject({ status: 404, json: { error: { code: "not_found" } } })
      const others = yield* Effect.all([ask("/docs"), ask("/openapi.json"), ask("/v1/express?limit=1")])
      const ids = [...answers, ...others].map(({ headers }) => headers.get("x-request-id"))
      expect(ids.every((id) => id !== null && /^req_[0-9a-f]{32}$/.test(id))).toBe(true)
      expect(new Set(ids).size).toBe(ids.length)
    })
  )

  it.effect("every key that is not blank is accepted", () =>
    Effect.gen(function* () {
      const withHeader = (authorization: string) => ask("/v1/express?limit=1", { headers: { authorization } })
      for (const wrong of ["", "Bearer", "Bearer ", "Bearer    ", `Basic ${key}`, key]) {
        const answer = yield* withHeader(wrong)
        expect(answer).toMatchObject({ status: 401, json: { error: { code: "unauthorized" } } })
        expect(answer.headers.get("x-request-id")).not.toBeNull()
        expect(answer.text).not.toContain("sk_live_0")
      }
      for (const right of [`bearer ${key}`, "Bearer x", "Bearer My API Key"]) {
        expect([right, (yield* withHeader(right)).status]).toEqual([right, 200])
      }
      const first = yield* ask("/v1/express", { method: "POST", raw: "{", headers: { authorization: "Bearer" } })
      expect(first.status).toBe(401)
    })
  )

  it.effect("one response lists everything that is wrong with a body, without values", () =>
    Effect.gen(function* () {
      const metadata = Object.fromEntries([
        ["k".repeat(101), "v"],
        ["long", "v".repeat(1001)]
      ])
      const body = { expressCustomerName: "", metadata, secret: "marked-value" }
      const answer = yield* ask("/v1/express", { method: "POST", body })
      expect(answer).toMatchObject({ status: 400, json: { error: { code: "invalid_request" } } })
      expect(issuesOf(answer.json).sort()).toEqual(
        ["expressCustomerName", `metadata.${"k".repeat(100)}…`, "metadata.long", "secret"].sort()
      )
      expect(answer.text).not.toContain("marked-value")
      expect(answer.text).not.toContain("vvv")
      const pairs = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`key${index}`, "v"]))
      const crowded = yield* ask("/v1/express", { method: "POST", body: { expressCustomerName: "x", metadata: pairs } })
      expect(crowded.status).toBe(400)
      expect(crowded.json.error.issues).toEqual([
        { path: ["metadata"], message: expect.stringContaining("at most 50 pairs") }
      ])
      const typed = yield* ask("/v1/express", {
        method: "POST",
        body: { expressCustomerName: 5555, metadata: { a: ["marked"] } }
      })
      expect(issuesOf(typed.json)).toEqual(["expressCustomerName", "metadata.a"])
      expect(typed.text).not.toMatch(/marked|5555/)
    })
  )

  it.effect("values at the limits are accepted", () =>
    Effect.gen(function* () {
      const metadata = Object.fromEntries([
        ...Array.from({ length: 48 }, (_, index) => [`key${index}`, ""] as const),
        ["k".repeat(100), "v".repeat(1000)],
        ["🏥".repeat(100), "🏥".repeat(1000)]
      ])
      const answer = yield* ask("/v1/express", { method: "POST", body: { expressCustomerName: "x", metadata } })
      expect(answer.status).toBe(200)
      expect(answer.json.metadata).toEqual(metadata)
    })
  )

  const bodies: ReadonlyArray<readonly [string, string]> = [
    ["malformed", '{"expressCustomerName":'],
    ["empty", ""],
    ["an array", "[]"],
    ["null", "null"],
    ["text", '"x"'],
    ["nothing but __proto__", '{"__proto__":{"expressCustomerName":"x"}}']
  ]
  for (const [name, raw] of bodies) {
    it.effect(`a body that is ${name} is a 400`, () =>
      Effect.gen(function* () {
        const answer = yield* ask("/v1/express", { method: "POST", raw })
        expect(answer).toMatchObject({ status: 400, json: { error: { code: "invalid_request" } } })
        expect(answer.json.error.issues.length).toBeGreaterThan(0)
      })
    )
  }

  it.effect("a body of another type, a missing body and a body that is too large are 400s", () =>
    Effect.gen(function* () {
      const form = yield* ask("/v1/express", {
        method: "POST",
        raw: "expressCustomerName=x",
        headers: { "content-type": "application/x-www-form-urlencoded" }
      })
      expect(form).toMatchObject({ status: 400, json: { error: { code: "invalid_request" } } })
      expect((yield* ask("/v1/express", { method: "POST" })).status).toBe(400)
      const large = yield* ask("/v1/express", { method: "POST", body: { expressCustomerName: "x".repeat(2_000_000) } })
      expect(large.status).toBe(400)
      const noUser = yield* ask(`/v1/express/${missingCustomer}/users`, { method: "DELETE", body: {} })
      expect(noUser.status).toBe(400)
    })
  )

  it.effect("invalid ids, limits and cursors are 400s with their path", () =>
    Effect.gen(function* () {
      const id = yield* ask("/v1/express/abc")
      expect(id.status).toBe(400)
      expect(issuesOf(id.json)).toEqual(["expressCustomerId"])
      expect((yield* ask("/v1/express/cus_a%2Fb")).status).toBe(400)
      const userId = yield* ask(`/v1/express/${missingCustomer}/users`, { method: "POST", body: { userId: "u", x: 1 } })
      expect(issuesOf(userId.json).sort()).toEqual(["userId", "x"])
      for (const limit of ["0", "101", "-1", "1.5", "abc", "", "1e1", "+1"]) {
        const answer = yield* ask(`/v1/express?limit=${encodeURIComponent(limit)}`)
        expect([limit, answer.status, issuesOf(answer.json)]).toEqual([limit, 400, ["limit"]])
      }
      const base64 = (text: string) => encodeURIComponent(Buffer.from(text).toString("base64"))
      const cursors = [
        "",
        "x",
        "%%%",
        base64("{}"),
        base64('{"offset":-1}'),
        base64('{"offset":1.5}'),
        base64('{"offset": 1}')
      ]
      for (const cursor of cursors.map((text) => (text === "%%%" ? "%25%25" : text))) {
        const answer = yield* ask(`/v1/express?cursor=${cursor}`)
        expect([cursor, answer.status, issuesOf(answer.json)]).toEqual([cursor, 400, ["cursor"]])
      }
      const both = yield* ask("/v1/express?cursor=x&limit=0")
      expect(issuesOf(both.json).sort()).toEqual(["cursor", "limit"])
    })
  )

  it.effect("the cursor has the form of the published example, and the default limit is 20", () =>
    Effect.gen(function* () {
      const first = yield* ask("/v1/express")
      expect(first.json.expressCustomers).toHaveLength(20)
      expect(first.json).toMatchObject({ hasMore: true, cursor: Buffer.from('{"offset":20}').toString("base64") })
      const unknown = yield* ask("/v1/express?limit=5&name=x")
      expect(unknown.json.expressCustomers).toHaveLength(5)
      const beyond = yield* ask(`/v1/express?cursor=${Buffer.from('{"offset":99999}').toString("base64")}`)
      expect(beyond.json).toEqual({ expressCustomers: [], hasMore: false })
    })
  )

  for (const limit of [1, 20, 100]) {
    it.effect(`pages of ${limit} together are the complete list`, () =>
      Effect.gen(function* () {
        const emulator = yield* Emulator.Emulator
        const walked: Array<Customer> = []
        let cursor: string | undefined
        do {
          const query: string = cursor === undefined ? "" : `&cursor=${encodeURIComponent(cursor)}`
          const { json } = yield* ask(`/v1/express?limit=${limit}${query}`)
          expect(json.hasMore).toBe("cursor" in json)
          walked.push(...json.expressCustomers.map((customer) => decodeCustomer(customer)))
          cursor = json.cursor
        } while (cursor !== undefined)
        const table = yield* emulator.customers
        expect(walked.length).toBeGreaterThanOrEqual(250)
        expect(walked.length).toBe(yield* emulator.count)
        expect(walked).toEqual(table)
      })
    )
  }

  it.effect("the OpenAPI description is complete", () =>
    Effect.gen(function* () {
      const anonymous = { headers: { authorization: "" } }
      const { json, status, text } = yield* ask("/openapi.json", anonymous)
      expect(status).toBe(200)
      const operations = Object.entries(json.paths).flatMap(([path, item]) =>
        Object.keys(item).map((method) => `${method} ${path}`)
      )
      expect(operations.sort()).toEqual([
        "delete /v1/express/{expressCustomerId}/users",
        "get /v1/express",
        "get /v1/express/{expressCustomerId}",
        "patch /v1/express/{expressCustomerId}",
        "post /v1/express",
        "post /v1/express/{expressCustomerId}/deactivate",
        "post /v1/express/{expressCustomerId}/reactivate",
        "post /v1/express/{expressCustomerId}/users"
      ])
      expect(text).not.toContain("HttpApiDecodeError")
      expect(json.components.securitySchemes["bearer"]).toMatchObject({ type: "http", scheme: "bearer" })
      expect(json.components.schemas["CreateParams"]).toMatchObject({ additionalProperties: false })
      expect(json.components.schemas["Customer"]).toMatchObject({
        required: ["createdAt", "expressCustomerId", "expressCustomerName", "isActive", "updatedAt", "userCount"],
        properties: { metadata: { $ref: "#/components/schemas/Metadata" } }
      })
      expect(json.components.schemas["CustomerPage"]).toMatchObject({ properties: { cursor: { type: "string" } } })
      expect(json.components.schemas["RequestIssue"]).toMatchObject({ required: ["path", "message"] })
      const refs = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map((match) => match[1] ?? "")
      expect(refs.filter((ref) => !(ref in json.components.schemas))).toEqual([])
    })
  )
})

it.effect("reset restores only the generated customers", () =>
  Effect.gen(function* () {
    const emulator = yield* Emulator.Emulator
    const before = yield* emulator.customers
    yield* create("gone")
    yield* ask(`/v1/express/${before[0]?.expressCustomerId}`, {
      method: "PATCH",
      body: { expressCustomerName: "changed" }
    })
    expect(yield* emulator.count).toBe(31)
    yield* emulator.reset
    expect(yield* emulator.customers).toEqual(before)
  }).pipe(Effect.provide(Emulator.layer({ customers: 30 })))
)
