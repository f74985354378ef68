import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as HttpClient from "@effect/platform/HttpClient"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { describe, expect, it } from "@effect/vitest"
import { AvaraClient, Customers } from "@effect-avara/core"
import { Emulator } from "@effect-avara/emulator"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as backend from "../src/backend.js"
import * as Clinics from "../src/Clinics.js"
import * as callOptions from "../src/callOptions.js"
import * as jobs from "../src/jobs.js"
import * as lifecycle from "../src/lifecycle.js"
import * as quickstart from "../src/quickstart.js"
import * as recover from "../src/recover.js"
import * as request from "../src/request.js"
import * as resume from "../src/resume.js"
import * as retryPolicy from "../src/retryPolicy.js"
import * as search from "../src/search.js"
import { inProcess, observed } from "./support/avara.js"
import { start } from "./support/process.js"

const stored = Effect.flatMap(Emulator.Emulator, ({ customers }) => customers)

describe("quickstart", () => {
  it.effect("creates a customer, adds a user and counts the active customers", () =>
    Effect.gen(function* () {
      const active = yield* quickstart.program
      const customers = yield* stored
      expect(customers).toHaveLength(251)
      expect(active).toBe(customers.filter(({ isActive }) => isActive).length)
      expect(
        customers.filter(({ expressCustomerName }) => expressCustomerName === "City Medical Center")
      ).toMatchObject([{ isActive: true, userCount: 1, metadata: { region: "northeast" } }])
    }).pipe(Effect.provide(inProcess({ customers: 250 })))
  )
})

describe("jobs", () => {
  it.live("imports a file as a job, and reports the invalid row", () =>
    Effect.gen(function* () {
      const { done, rejected, state } = yield* jobs.program
      expect({ done, state }).toEqual({ done: 3, state: "done" })
      expect(rejected).toEqual([{ line: 4, issues: [expect.objectContaining({ path: ["expressCustomerName"] })] }])
      expect(yield* stored).toHaveLength(3)
    }).pipe(Effect.provide(inProcess({})))
  )
})

describe("lifecycle", () => {
  it.effect("goes through every state", () =>
    Effect.gen(function* () {
      const { cleared, deactivated, last, reactivated, refusal, renamed, staffed } = yield* lifecycle.program
      const name = "City Medical Center - Radiology"
      expect(renamed).toMatchObject({ expressCustomerName: name, metadata: { region: "northeast" } })
      expect(cleared.expressCustomerName).toBe(name)
      expect(cleared).not.toHaveProperty("metadata")
      expect(staffed).toMatchObject({ isActive: true, userCount: 1 })
      expect(deactivated).toMatchObject({ isActive: false, userCount: 1 })
      expect(refusal).toBe(`customers.retrieveActive: the customer ${last.expressCustomerId} is deactivated`)
      expect(reactivated.isActive).toBe(true)
      expect(yield* stored).toEqual([last])
      expect(last.userCount).toBe(0)
    }).pipe(Effect.provide(inProcess({})))
  )
})

describe("recover", () => {
  it.effect("turns each failure into the application's own result", () =>
    Effect.gen(function* () {
      const { assigned, missing, problems } = yield* recover.program
      expect(missing).toEqual(Option.none())
      expect(assigned.success).toBe(true)
      expect(problems).toEqual([
        "expressCustomerName: expected text of at least 1 character",
        expect.stringMatching(/^metadata\.k+…: expected a key of at most 100 characters, not 101$/)
      ])
      expect(yield* stored).toMatchObject([{ expressCustomerName: "Riverside Imaging", isActive: true, userCount: 1 }])
    }).pipe(Effect.provide(inProcess({})))
  )

  it.effect("returns a success unchanged", () =>
    Effect.gen(function* () {
      const { registered } = yield* recover.register({ expressCustomerName: "Riverside Imaging" })
      const customer = yield* registered
      expect(yield* recover.find(customer.expressCustomerId)).toEqual(Option.some(customer))
    }).pipe(Effect.provide(inProcess({})))
  )
})

describe("search", () => {
  it.effect("finds the matching customers, and reads at most one page ahead", () => {
    const { layer, requests } = observed({ customers: 1000 })
    return Effect.gen(function* () {
      const found = yield* search.busiest({ atLeastUsers: 2, count: 5 })
      const expected = (yield* stored).filter(({ isActive, userCount }) => isActive && userCount >= 2).slice(0, 5)
      expect(found).toEqual(expected.map(({ expressCustomerName, userCount }) => ({ expressCustomerName, userCount })))
      expect(found).toHaveLength(5)
      expect(requests.length).toBeLessThanOrEqual(2)
    }).pipe(Effect.provide(layer))
  })
})

describe("resume", () => {
  it.effect("reads every customer once despite a failure in between", () =>
    Effect.gen(function* () {
      expect(yield* resume.program).toEqual({ failure: "DiskFull", before: 100, after: 450, distinct: 450 })
    }).pipe(Effect.provide(inProcess({ customers: 450 })))
  )
})

describe("retryPolicy", () => {
  it.live("still retries when the standard policy gives up", () => {
    const { layer, requests } = observed({ customers: 5 }, [429, 429, 503, 503])
    return Effect.gen(function* () {
      const names = yield* retryPolicy.program
      expect(names).toEqual((yield* stored).map(({ expressCustomerName }) => expressCustomerName))
      expect(requests).toHaveLength(5)
    }).pipe(Effect.provide(layer))
  })

  it.live("does not retry other failures", () => {
    const { layer, requests } = observed({ customers: 5 }, [408])
    return Effect.gen(function* () {
      expect(yield* Effect.flip(retryPolicy.program)).toMatchObject({
        _tag: "UnexpectedStatus",
        status: 408,
        attempts: 1
      })
      expect(requests).toHaveLength(1)
    }).pipe(Effect.provide(layer))
  })
})

describe("callOptions", () => {
  it.effect("sends the call's header and returns the server's response", () => {
    const { layer, requests } = observed({ customers: 5 })
    return Effect.gen(function* () {
      const said = yield* yield* callOptions.program
      expect(said).toEqual({ customers: 1, status: 200, attempts: 1, requestId: expect.stringMatching(/^req_/) })
      yield* Effect.flatMap(Customers, (customers) => customers.list())
      expect(requests.map(({ headers }) => headers["x-team"])).toEqual(["billing", undefined])
    }).pipe(Effect.provide(layer))
  })
})

describe("request", () => {
  it.effect("reads an endpoint that the library does not cover", () =>
    Effect.gen(function* () {
      expect(yield* request.program).toContain("/v1/express/{expressCustomerId}/users")
      const missing = AvaraClient.request({
        method: "GET",
        path: "/v1/{what}",
        params: { what: "a/b" },
        response: backend.Clinic
      })
      expect(yield* Effect.flip(missing)).toMatchObject({ _tag: "NotFound", resource: "/v1/{what}", id: "a/b" })
    }).pipe(Effect.provide(inProcess({})))
  )
})

describe("clinics", () => {
  it.effect("opens the same clinic again", () =>
    Effect.gen(function* () {
      const { again, opened } = yield* Clinics.program
      expect(again.expressCustomerId).toBe(opened.expressCustomerId)
      expect(yield* stored).toEqual([again])
    }).pipe(Effect.provide(inProcess({})))
  )
})

describe("backend", () => {
  const serving = (avara: ReturnType<typeof inProcess>) =>
    Layer.provide(HttpApiBuilder.serve(), backend.ApiLive).pipe(
      Layer.provide(avara),
      Layer.provideMerge(NodeHttpServer.layerTest)
    )
  const status = (path: string) => Effect.map(HttpClient.get(path), (response) => response.status)

  it.scoped("responds with a clinic, and with its own 404 and 400", () =>
    Effect.gen(function* () {
      const avara = yield* Layer.build(inProcess({}))
      const clinic = yield* Effect.gen(function* () {
        const customers = yield* Customers
        return yield* customers.create({ expressCustomerName: "City Medical Center" })
      }).pipe(Effect.provide(avara))
      const id = clinic.expressCustomerId

      yield* Effect.gen(function* () {
        const response = yield* HttpClient.get(`/clinics/${id}`)
        expect(yield* response.json).toEqual({ id, name: "City Medical Center", users: 0 })
        expect(yield* status("/clinics/cus_00000000000000000000000000000000")).toBe(404)
        expect(yield* status("/clinics/nonsense")).toBe(400)
        yield* Effect.flatMap(Customers, (customers) => customers.deactivate(id)).pipe(Effect.provide(avara))
        expect(yield* status(`/clinics/${id}`)).toBe(404)
      }).pipe(Effect.provide(serving(Layer.succeedContext(avara))))
    })
  )

  it.scoped("does not tell its own clients what is wrong with its key", () =>
    Effect.gen(function* () {
      const response = yield* HttpClient.get("/clinics/cus_00000000000000000000000000000000")
      expect(response.status).toBe(503)
      expect(yield* response.text).not.toMatch(/key/i)
    }).pipe(
      Effect.provide(
        Layer.merge(
          serving(inProcess({ apiKey: Redacted.make("accepted") }, { apiKey: Redacted.make("nonsense") })),
          Logger.remove(Logger.defaultLogger)
        )
      )
    )
  )
})

describe("run", () => {
  it.scopedLive("prints what an example returns", () =>
    Effect.gen(function* () {
      const { ended } = yield* start("run.ts", { args: ["resume"] })
      const { code, stderr, stdout } = yield* ended
      expect(JSON.parse(stdout)).toEqual({ failure: "DiskFull", before: 100, after: 1000, distinct: 1000 })
      expect(stderr).toMatch(
        /^AVARA_API_KEY is not set: using the embedded emulator at http:\/\/127\.0\.0\.1:\d+ with 1,000 customers\.\n$/
      )
      expect(code).toBe(0)
    })
  )

  it.scopedLive("names the examples", () =>
    Effect.gen(function* () {
      const { ended } = yield* start("run.ts", { args: ["nonsense"] })
      const { code, stderr } = yield* ended
      expect(stderr).toMatch(/^UnknownExample: expected the name of an example: quickstart, lifecycle, .*backend\n$/)
      expect(code).toBe(1)
    })
  )
})
