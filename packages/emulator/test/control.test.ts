import * as net from "node:net"
import * as HttpClient from "@effect/platform/HttpClient"
import { describe, expect, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import * as Emulator from "../src/Emulator.js"
import type { Fault } from "../src/Fault.js"
import { ask, create, key } from "./support.js"

const anonymous = { headers: { authorization: "" } }

/** Sends a request to a control route of the emulator, without a key. */
const control = (method: string, path: string, body?: unknown) =>
  Effect.map(
    ask(`/__emulator${path}`, { ...anonymous, method, ...(body === undefined ? {} : { body }) }),
    ({ status, text }) => ({ status, json: JSON.parse(text) as unknown })
  )

const documentedId = "cus_1234567890abcdef1234567890abcdef"

describe("the control routes", () => {
  it.live("set, list and remove faults", () =>
    Effect.gen(function* () {
      expect(yield* control("GET", "/faults")).toEqual({ status: 200, json: { faults: [] } })
      const one = { type: "status", status: 503, operation: "customers.list", nth: 2 }
      const added = yield* control("POST", "/faults", one)
      expect(added).toEqual({ status: 201, json: { faults: [{ ...one, id: "fault_1", fired: 0 }] } })
      yield* control("POST", "/faults", [{ type: "html", operation: "customers.retrieve" }])
      yield* control("POST", "/faults", { faults: [{ type: "delay", millis: 0 }] })
      const statuses = yield* Effect.replicateEffect(ask("/v1/express"), 3)
      expect(statuses.map(({ status }) => status)).toEqual([200, 503, 200])
      expect(yield* control("GET", "/faults")).toMatchObject({
        json: {
          faults: [
            { id: "fault_1", fired: 1 },
            { id: "fault_2", fired: 0 },
            { id: "fault_3", fired: 2 }
          ]
        }
      })
      expect(yield* control("DELETE", "/faults/fault_2")).toMatchObject({
        json: { faults: [{ id: "fault_1" }, { id: "fault_3" }] }
      })
      expect(yield* control("DELETE", "/faults/fault_2")).toMatchObject({ status: 404 })
      expect(yield* control("DELETE", "/faults")).toEqual({ status: 200, json: { faults: [] } })
    }).pipe(Effect.provide(Emulator.layer({ customers: 1 })))
  )

  it.live("return the requests after an id", () =>
    Effect.gen(function* () {
      yield* create("first")
      yield* ask(`/v1/express/${documentedId}?x=1`)
      yield* ask("/v1/nothing")
      yield* ask("/docs")
      yield* control("GET", "/faults")
      const { json } = yield* control("GET", "/requests")
      expect(json).toEqual({
        requests: [
          {
            id: 1,
            time: expect.stringMatching(/^\d{4}-.*Z$/),
            operation: "customers.create",
            method: "POST",
            route: "/v1/express",
            path: "/v1/express",
            status: 200,
            durationMillis: expect.any(Number),
            requestId: expect.stringMatching(/^req_/),
            bodySize: 31,
            fault: null
          },
          expect.objectContaining({
            operation: "customers.retrieve",
            route: "/v1/express/:expressCustomerId",
            path: `/v1/express/${documentedId}?x=1`
          }),
          expect.objectContaining({ id: 3, operation: null, route: null, path: "/v1/nothing", status: 404 })
        ]
      })
      expect(yield* control("GET", "/requests?after=2")).toMatchObject({ json: { requests: [{ id: 3 }] } })
      expect(yield* control("GET", "/requests?after=x")).toMatchObject({ status: 400 })
      expect(yield* control("DELETE", "/requests")).toEqual({ status: 200, json: { requests: [] } })
      yield* ask("/v1/express")
      expect(yield* control("GET", "/requests")).toMatchObject({ json: { requests: [{ id: 4 }] } })
    }).pipe(Effect.provide(Emulator.layer({ customers: 1 })))
  )

  it.live("export, import and reset the state", () =>
    Effect.gen(function* () {
      const { json: before } = yield* control("GET", "/state")
      yield* create("more")
      const { json: after } = yield* control("GET", "/state")
      expect(after).not.toEqual(before)
      expect(yield* control("POST", "/reset")).toEqual({ status: 200, json: { customers: 3 } })
      expect((yield* control("GET", "/state")).json).toEqual(before)
      expect(yield* control("PUT", "/state", after)).toEqual({ status: 200, json: { customers: 4 } })
      expect((yield* control("GET", "/state")).json).toEqual(after)
      const { json } = yield* control("GET", `/customers/${documentedId}`)
      expect(json).toMatchObject({ userCount: 15, users: { length: 15 } })
      expect(yield* control("GET", "/customers/cus_none")).toMatchObject({ status: 404 })
    }).pipe(Effect.provide(Emulator.layer({ customers: 3 })))
  )

  it.live("belong to one emulator, whose requests are recorded with their bodies", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator.Emulator
      const streamed = yield* Effect.fork(Stream.runCollect(Stream.take(emulator.requestStream, 2)))
      yield* Effect.yieldNow()
      yield* create("x".repeat(20_000))
      yield* ask("/v1/express", { method: "POST", raw: "{", headers: { authorization: "" } })
      const [first, second] = yield* emulator.requests
      expect([first?.bodySize, first?.body?.length]).toEqual([20_026, 10_000])
      expect(second).toMatchObject({ status: 401, bodySize: 1, body: "{" })
      expect(Chunk.toReadonlyArray(yield* Fiber.join(streamed))).toEqual([first, second])
      yield* emulator.clearRequests
      expect(yield* emulator.requests).toEqual([])
    }).pipe(Effect.provide(Emulator.layer({ recordBodies: true })))
  )
})

it.live("bodies are also recorded for requests that are reset, refused or too large", () =>
  Effect.gen(function* () {
    const emulator = yield* Emulator.Emulator
    const faults = yield* Emulator.Faults
    yield* faults.set({ type: "reset", nth: 1 })
    yield* Effect.exit(Effect.sandbox(create("reset")))
    const large = yield* ask("/v1/express", { method: "POST", body: { expressCustomerName: "x".repeat(2_000_000) } })
    expect(large.status).toBe(400)
    expect(yield* emulator.requests).toMatchObject([
      { status: null, fault: "reset", body: '{"expressCustomerName":"reset"}' },
      { status: 400, bodySize: 2_000_026 }
    ])
  }).pipe(Effect.provide(Emulator.layer({ recordBodies: true })))
)

const nested = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`

const hostile: Readonly<Record<string, string>> = {
  nothing: "",
  "no JSON": '{"type":',
  null: "null",
  text: '"reset"',
  number: "1e999",
  "an empty object": "{}",
  "a type that objects inherit": '{"type":"constructor"}',
  "__proto__ as a type": '{"type":"__proto__"}',
  "a fault under the key __proto__": '{"__proto__":{"type":"reset"}}',
  "faults under the key __proto__": '{"__proto__":{"faults":[]}}',
  "faults that are not an array": '{"faults":{"length":1}}',
  "an invalid fault after a valid one": '[{"type":"reset"},{"type":"reset","nth":-1}]',
  "an nth that is too large": '{"type":"reset","nth":1e300}',
  "a status that no response has": '{"type":"status","status":99}',
  "a header with a line break": '{"type":"status","status":500,"headers":{"a":"b\\r\\nc: d"}}',
  "a header that frames the body": '{"type":"status","status":500,"headers":{"Content-Length":"5"}}',
  "a header without a name": '{"type":"status","status":500,"headers":{"":"x"}}',
  "a delay of a year": '{"type":"delay","millis":31536000000}',
  "an invalid customer": '{"type":"insertCustomer","customer":{"users":["../x"]}}',
  "a list fault of another operation": '{"type":"deleteCustomer","operation":"users.add"}',
  "arrays, 100,000 deep": nested(100_000),
  "2 MB": JSON.stringify({ type: "status", status: 500, body: "x".repeat(2_000_000) })
}

describe("hostile input", () => {
  for (const [what, raw] of Object.entries(hostile)) {
    for (const [method, path] of [
      ["POST", "/__emulator/faults"],
      ["PUT", "/__emulator/state"]
    ] as const) {
      it.live(`${what} to ${method} ${path} is refused and changes nothing`, () =>
        Effect.gen(function* () {
          const { json, status } = yield* ask(path, { ...anonymous, method, raw })
          expect([status, json.error.code]).toEqual([400, "invalid_request"])
          expect(json.error.issues.length).toBeGreaterThan(0)
          const { count } = yield* Emulator.Emulator
          const { list } = yield* Emulator.Faults
          expect([yield* count, yield* list]).toEqual([5, []])
          expect((yield* ask("/v1/express")).status).toBe(200)
        }).pipe(Effect.provide(Emulator.layer({ customers: 5 })))
      )
    }
  }

  it.live("an unknown route, or an unknown method of a route, is a 404", () =>
    Effect.gen(function* () {
      for (const [method, path] of [
        ["GET", "/__emulator/"],
        ["PATCH", "/__emulator/faults"],
        ["GET", "/__emulator/faults/%E0%A4%A"],
        ["POST", "/__emulator/state"],
        ["GET", "/__emulator/../v1/express"]
      ] as const) {
        const { json, status } = yield* ask(path, { ...anonymous, method })
        expect([path, status < 500, json.error.code]).toEqual([path, true, expect.any(String)])
      }
    }).pipe(Effect.provide(Emulator.layer()))
  )

  it.live("an oversized body without a length ends its connection, and the emulator keeps running", () =>
    Effect.gen(function* () {
      const { url } = yield* Emulator.Emulator
      const text = yield* Effect.async<string>((resume) => {
        const socket = net.connect(Number(new URL(url).port), "127.0.0.1")
        let received = ""
        const chunk = `${(65_536).toString(16)}\r\n${"[".repeat(65_536)}\r\n`
        socket.write("POST /__emulator/faults HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n")
        for (let sent = 0; sent < 40; sent++) socket.write(chunk)
        socket.on("data", (data) => {
          received += data
          socket.destroy()
        })
        socket.on("error", () => {})
        socket.on("close", () => resume(Effect.succeed(received)))
      })
      expect(text === "" || text.startsWith("HTTP/1.1 400")).toBe(true)
      expect((yield* ask("/v1/express", { headers: { authorization: `Bearer ${key}` } })).status).toBe(200)
    }).pipe(Effect.provide(Emulator.layer()))
  )
})

describe("the response of a fault", () => {
  const sent = (fault: Fault) =>
    Effect.gen(function* () {
      const faults = yield* Emulator.Faults
      yield* faults.set(fault)
      return yield* ask("/v1/express")
    })

  it.live("has the status, the headers and the body of the fault", () =>
    Effect.gen(function* () {
      const text = yield* sent({ type: "status", status: 503, headers: { "retry-after": "7" }, body: "down" })
      expect([text.status, text.text, text.headers.get("retry-after")]).toEqual([503, "down", "7"])
      expect(text.headers.get("content-type")).toMatch(/^text\/plain/)
      const json = yield* sent({ type: "status", status: 418, body: { tea: ["pot"] } })
      expect([json.status, json.text]).toEqual([418, '{"tea":["pot"]}'])
      expect(json.headers.get("x-request-id")).toMatch(/^req_/)
      const empty = yield* sent({ type: "status", status: 204, body: "dropped" })
      expect([empty.status, empty.text]).toEqual([204, ""])
      const html = yield* sent({ type: "html", status: 502 })
      expect([html.status, html.headers.get("content-type")]).toEqual([502, expect.stringMatching(/^text\/html/)])
      expect((yield* sent({ type: "rateLimit", perSecond: 1 })).status).toBe(200)
      const over = yield* ask("/v1/express")
      expect([over.status, over.headers.get("retry-after")]).toEqual([429, "1"])
    }).pipe(Effect.provide(Emulator.layer({ customers: 3 })))
  )
})

it.live("no other spelling of a route bypasses a fault", () =>
  Effect.gen(function* () {
    const paths = [
      "/v1/express",
      "/v1/express/",
      "//v1/express",
      "/v1//express",
      "/V1/express",
      "/v1/expr%65ss",
      "/v1/express;x",
      `/v1/express/${documentedId}/`,
      `/v1/express/%63${documentedId.slice(1)}`
    ]
    const statuses = yield* Effect.forEach(paths, (path) => Effect.map(ask(path), ({ status }) => status))
    expect(statuses).toEqual([503, 404, 404, 404, 404, 404, 404, 404, 503])
  }).pipe(Effect.provide(Emulator.layer({ customers: 1, faults: [{ type: "status", status: 503 }] })))
)

describe("in-process", () => {
  const requestList = HttpClient.get("https://x/v1/express", { headers: { authorization: "Bearer x" } })

  it.effect("a delay and a rate limit follow the clock of the test", () =>
    Effect.gen(function* () {
      const faults = yield* Emulator.Faults
      const emulator = yield* Emulator.Emulator
      yield* faults.set({ type: "delay", millis: 60_000, nth: 1 }, { type: "rateLimit", perSecond: 1, times: 9 })
      const delayed = yield* Effect.fork(requestList)
      yield* TestClock.adjust("59 seconds")
      expect(yield* Fiber.poll(delayed)).toEqual(Option.none())
      yield* TestClock.adjust("1 second")
      expect((yield* Fiber.join(delayed)).status).toBe(200)
      expect((yield* requestList).status).toBe(200)
      expect((yield* requestList).status).toBe(429)
      yield* TestClock.adjust("1 second")
      expect((yield* requestList).status).toBe(200)
      expect((yield* emulator.requests).map(({ durationMillis, time }) => [time, durationMillis])).toEqual([
        ["1970-01-01T00:00:00.000Z", 60_000],
        ["1970-01-01T00:01:00.000Z", 0],
        ["1970-01-01T00:01:00.000Z", 0],
        ["1970-01-01T00:01:01.000Z", 0]
      ])
    }).pipe(Effect.provide(Emulator.layerHttpClient()))
  )

  it.effect("a reset is a RequestError, and reading a body that is cut off fails", () =>
    Effect.gen(function* () {
      const faults = yield* Emulator.Faults
      yield* faults.set({ type: "reset" })
      expect(yield* Effect.flip(requestList)).toMatchObject({
        _tag: "RequestError",
        reason: "Transport",
        cause: { cause: { code: "ECONNRESET" } }
      })
      yield* faults.set({ type: "cutBody" })
      const response = yield* requestList
      expect(response.status).toBe(200)
      expect(yield* Effect.flip(response.text)).toMatchObject({
        _tag: "ResponseError",
        cause: { cause: { code: "UND_ERR_SOCKET" } }
      })
    }).pipe(Effect.provide(Emulator.layerHttpClient({ customers: 3 })))
  )
})

describe("an option or a call with invalid faults", () => {
  const wrong = JSON.parse('{"type":"status","status":"marked-value"}') as Fault

  it.scoped("is refused with the path and what is allowed, without the value", () =>
    Effect.gen(function* () {
      const options = yield* Effect.flip(Layer.build(Emulator.layerHttpClient({ faults: [wrong] })))
      expect(String(options)).toContain('faults: "[0].status: expected a number')
      const faults = yield* Emulator.Faults
      const call = yield* Effect.flip(faults.add({ type: "reset" }, wrong))
      expect(call).toMatchObject({ _tag: "InvalidInput", input: "faults" })
      expect(call.message).toBe("faults: [1].status: expected a number")
      expect(yield* faults.list).toEqual([])
      expect(JSON.stringify([options, call])).not.toContain("marked-value")
    }).pipe(Effect.provide(Emulator.layerHttpClient()))
  )

  it.effect("is refused for a body that JSON cannot represent", () =>
    Effect.gen(function* () {
      const faults = yield* Emulator.Faults
      const circle: Record<string, unknown> = {}
      circle["circle"] = circle
      for (const body of [{ count: 1n }, circle, () => 1, Symbol("x")]) {
        const refused = yield* Effect.flip(faults.set({ type: "status", status: 503, body }))
        expect(refused.message).toBe("faults: [0].body: expected text, or a value that JSON can represent")
      }
    }).pipe(Effect.provide(Emulator.layerHttpClient()))
  )
})
