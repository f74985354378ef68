import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import * as HttpBody from "@effect/platform/HttpBody"
import * as HttpClient from "@effect/platform/HttpClient"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as fc from "effect/FastCheck"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as TestClock from "effect/TestClock"
import * as Emulator from "../src/Emulator.js"
import type { Fault } from "../src/Fault.js"
import * as Generator from "../src/Generator.js"
import type { GivenCustomer, State } from "../src/State.js"

const user = "usr_1234567890abcdef1234567890abcdef"

const state = Effect.flatMap(Emulator.Emulator, (emulator) => emulator.state)

const documented = Generator.generate(1, 0).customer

const build = (options: Emulator.StoreOptions) => Layer.build(Emulator.layerHttpClient(options))

const jsonFile = (content: string) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const directory = fs.mkdtempSync(path.join(os.tmpdir(), "emulator-"))
      fs.writeFileSync(path.join(directory, "given.json"), content)
      return path.join(directory, "given.json")
    }),
    (file) => Effect.sync(() => fs.rmSync(path.dirname(file), { recursive: true }))
  )

describe("given customers", () => {
  it.effect("have the values of the test, and the time of the test's clock", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.UTC(2030, 0, 1))
      const given: ReadonlyArray<GivenCustomer> = [
        { expressCustomerName: "Riverside", users: [user, "usr_b"], metadata: { a: "1" } },
        { expressCustomerName: "Lakeview", isActive: false, createdAt: "2024-01-15", createdByUserId: null },
        { ...documented, expressCustomerName: "As returned" }
      ]
      const { customers } = yield* Effect.provide(state, Emulator.layerHttpClient({ customers: given, generated: 2 }))
      expect(customers).toEqual([
        {
          expressCustomerId: expect.stringMatching(/^cus_[0-9a-f]{32}$/),
          expressCustomerName: "Riverside",
          isActive: true,
          createdAt: "2030-01-01T00:00:00.000Z",
          updatedAt: "2030-01-01T00:00:00.000Z",
          metadata: { a: "1" },
          users: [user, "usr_b"],
          userCount: 2
        },
        expect.objectContaining({ isActive: false, createdAt: "2024-01-15T00:00:00.000Z", users: [], userCount: 0 }),
        { ...documented, expressCustomerName: "As returned", users: expect.objectContaining({ length: 15 }) },
        // The generated customer with the same id is left out.
        expect.objectContaining({ expressCustomerId: Generator.customerId(1, 1) })
      ])
    })
  )

  it.effect("are restored unchanged by a reset", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator.Emulator
      const before = yield* emulator.state
      yield* emulator.load({ customers: [{ expressCustomerName: "other" }] })
      expect(yield* emulator.count).toBe(1)
      yield* TestClock.adjust("1 hour")
      yield* emulator.reset
      expect(yield* emulator.state).toEqual(before)
    }).pipe(Effect.provide(Emulator.layerHttpClient({ customers: [{ expressCustomerName: "given" }], generated: 3 })))
  )

  const wrong: Readonly<Record<string, readonly [customers: string, message: string]>> = {
    "a missing name": ["[{}]", "[0].expressCustomerName: is required"],
    "an invalid id": ['[{"expressCustomerName":"a","expressCustomerId":"1"}]', "[0].expressCustomerId: expected"],
    "an id that already exists": [
      '[{"expressCustomerName":"a","expressCustomerId":"cus_1"},{"expressCustomerName":"b","expressCustomerId":"cus_1"}]',
      "[1].expressCustomerId: expected an id that no earlier customer has"
    ],
    "a user twice": [
      '[{"expressCustomerName":"a","users":["usr_1","usr_1"]}]',
      "[0].users: expected an array of users"
    ],
    "a count that does not match the users": [
      '[{"expressCustomerName":"a","users":["usr_1"],"userCount":2}]',
      "[0].userCount: expected the number of users, 1"
    ],
    "an invalid time": ['[{"expressCustomerName":"a","createdAt":"soon"}]', "[0].createdAt: expected an ISO 8601"],
    "an unknown field": ['[{"expressCustomerName":"a","plan":1}]', "[0].plan: is not a known field"]
  }

  for (const [what, [customers, message]] of Object.entries(wrong)) {
    it.scoped(`${what} is refused with its path`, () =>
      Effect.gen(function* () {
        const given = JSON.parse(customers) as ReadonlyArray<GivenCustomer>
        expect(String(yield* Effect.flip(build({ customers: given })))).toContain(message)
        const file = yield* jsonFile(`{"customers":${customers}}`)
        const error = yield* Effect.flip(build({ seedFile: file }))
        expect(error).toMatchObject({ _tag: "InvalidInput", input: file })
        expect(String(error)).toContain(`customers${message}`)
      })
    )
  }
})

describe("a seed file", () => {
  it.scoped("restores the exact state of another emulator", () =>
    Effect.gen(function* () {
      const name = 'Ünï ☃ 🏥 "quoted" \\ \u0000 \u202e \n <script>'
      const first = yield* Effect.provide(
        Effect.zipRight(
          Effect.flatMap(Emulator.Emulator, ({ load }) =>
            load({
              customers: [
                { expressCustomerName: name, metadata: JSON.parse(`{"__proto__":"x","a":${JSON.stringify(name)}}`) }
              ]
            })
          ),
          state
        ),
        Emulator.layerHttpClient()
      )
      const file = yield* jsonFile(`\uFEFF${JSON.stringify(first)}`)
      const second = yield* Effect.provide(state, Emulator.layerHttpClient({ seedFile: file }))
      expect(JSON.stringify(second)).toBe(JSON.stringify(first))
      expect(second.customers[0]?.expressCustomerName).toBe(name)
      expect(JSON.stringify(second)).toContain('"__proto__":"x"')
    })
  )

  it.scoped("of 3,000 generated customers restores the same state", () =>
    Effect.gen(function* () {
      const first = yield* Effect.provide(state, Emulator.layerHttpClient({ customers: 3000 }))
      const file = yield* jsonFile(JSON.stringify(first))
      expect(yield* Effect.provide(state, Emulator.layerHttpClient({ seedFile: file }))).toEqual(first)
    })
  )

  it.scoped("that cannot be used is an error that names the file and the reason", () =>
    Effect.gen(function* () {
      const text = yield* jsonFile("{")
      const missing = path.join(path.dirname(text), "missing.json")
      const reasons = new Map([
        [text, "expected well-formed JSON"],
        [missing, "the file does not exist"],
        [path.dirname(text), "it is a directory; choose the path of a file"]
      ])
      for (const [file, reason] of reasons) {
        for (const options of [{ seedFile: file }, { faultsFile: file }]) {
          const error = yield* Effect.flip(build(options))
          expect(error).toMatchObject({ _tag: "InvalidInput", message: `${file}: ${reason}` })
        }
      }
    })
  )

  it.scoped("of faults sets them", () =>
    Effect.gen(function* () {
      const file = yield* jsonFile('{"faults":[{"type":"reset","nth":2}]}')
      const faults = Effect.flatMap(Emulator.Faults, ({ list }) => list)
      const given = Emulator.layerHttpClient({ faults: [{ type: "html" }], faultsFile: file })
      expect(yield* Effect.provide(faults, given)).toMatchObject([{ type: "html" }, { type: "reset", nth: 2 }])
    })
  )
})

const arbitraryFault = fc.record(
  {
    type: fc.oneof(fc.constantFrom("status", "delay", "reset", "rateLimit", "insertCustomer"), fc.jsonValue()),
    status: fc.jsonValue(),
    millis: fc.jsonValue(),
    headers: fc.jsonValue(),
    customer: fc.jsonValue(),
    nth: fc.jsonValue(),
    operation: fc.oneof(fc.constantFrom("customers.list"), fc.jsonValue())
  },
  { requiredKeys: ["type"] }
)

it.effect("any JSON is a fault or a state, or is refused with what is allowed", () =>
  Effect.gen(function* () {
    const emulator = yield* Emulator.Emulator
    const faults = yield* Emulator.Faults
    const inputs = fc.sample(fc.oneof(arbitraryFault, fc.jsonValue()), { numRuns: 500, seed: 7 })
    for (const input of inputs) {
      // Plain JavaScript may pass such a value.
      const fault: Fault = JSON.parse(JSON.stringify(input))
      const state: State = JSON.parse(JSON.stringify(input))
      const customers: State["customers"] = JSON.parse(JSON.stringify([input]))
      const results = [
        yield* Effect.either(faults.set(fault)),
        yield* Effect.either(emulator.load(state)),
        yield* Effect.either(emulator.load({ customers }))
      ]
      for (const result of results) {
        if (Either.isLeft(result)) expect(result.left.issues.length).toBeGreaterThan(0)
      }
    }
  }).pipe(Effect.provide(Emulator.layerHttpClient()))
)

it.effect("a customer that is created after a deletion has a new id", () =>
  Effect.gen(function* () {
    const emulator = yield* Emulator.Emulator
    const faults = yield* Emulator.Faults
    const create = HttpClient.post("https://x/v1/express", {
      headers: { authorization: "Bearer x" },
      body: HttpBody.unsafeJson({ expressCustomerName: "new" })
    })
    const list = HttpClient.get("https://x/v1/express", { headers: { authorization: "Bearer x" } })
    yield* create
    yield* create
    yield* faults.set({ type: "deleteCustomer", times: 1 }, { type: "insertCustomer", index: 99, times: 1 })
    yield* list
    yield* create
    const ids = (yield* emulator.customers).map(({ expressCustomerId }) => expressCustomerId)
    expect(new Set(ids).size).toBe(3)
    yield* faults.set({ type: "deleteCustomer", index: 99 })
    expect((yield* list).status).toBe(200)
    expect(yield* emulator.count).toBe(3)
  }).pipe(Effect.provide(Emulator.layerHttpClient()))
)

it.scoped("progress is reported until all customers are generated", () =>
  Effect.gen(function* () {
    const told: Array<readonly [number, number]> = []
    yield* build({ customers: 5000, onProgress: (made, total) => Effect.sync(() => told.push([made, total])) })
    expect(told).toEqual([
      [2000, 5000],
      [4000, 5000],
      [5000, 5000]
    ])
  })
)

it.scopedLive("a slow start can be interrupted", () =>
  Effect.gen(function* () {
    const start = performance.now()
    const built = yield* Effect.timeoutOption(build({ customers: 1_000_000 }), "50 millis")
    expect(built).toEqual(Option.none())
    expect(performance.now() - start).toBeLessThan(3000)
  })
)
