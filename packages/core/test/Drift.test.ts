import { describe, expect, it } from "@effect/vitest"
import {
  AvaraClient,
  type AvaraError,
  InvalidResponse,
  OutcomeUnknown,
  Telemetry,
  Validation
} from "@effect-avara/core"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as FastCheck from "effect/FastCheck"
import * as HashMap from "effect/HashMap"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Metric from "effect/Metric"
import * as Stream from "effect/Stream"
import {
  type Api,
  always,
  answer,
  asTimePasses,
  collect,
  customerId,
  exampleCustomer,
  json,
  operationNames,
  operations,
  userId,
  withApi
} from "./support.js"

const lenient = { validation: "lenient" } as const

const drifted = {
  ...exampleCustomer,
  createdAt: 1705309200,
  updatedAt: "Mon, 15 Jan 2024 09:00:00 GMT",
  userCount: "secret-15",
  createdByApiKeyId: 7,
  createdByUserId: { id: userId },
  metadata: { region: "northeast", beds: 12 }
}

const { createdByApiKeyId: _a, createdByUserId: _b, ...documented } = exampleCustomer

const readLeniently = {
  ...documented,
  createdAt: null,
  updatedAt: null,
  userCount: Number.NaN,
  metadata: { region: "northeast" }
}

const page = (...expressCustomers: ReadonlyArray<unknown>) => json(200, { expressCustomers, hasMore: false })

interface Line {
  readonly level: string
  readonly text: string
  readonly annotations: Readonly<Record<string, unknown>>
}

/** Returns what an Effect logs at debug level and above. */
const logged = <A, E, R>(effect: Effect.Effect<A, E, R>) => {
  const lines: Array<Line> = []
  const logger = Logger.make<unknown, void>(({ annotations, logLevel, message }) => {
    lines.push({
      level: logLevel.label,
      text: String(message),
      annotations: Object.fromEntries(HashMap.toEntries(annotations))
    })
  })
  return effect.pipe(
    Effect.provide(Logger.replace(Logger.defaultLogger, logger)),
    Logger.withMinimumLogLevel(LogLevel.Debug),
    Effect.map((value) => ({ value, lines: lines as ReadonlyArray<Line> }))
  )
}

const driftCount = (operation: string, path: string) =>
  Effect.map(
    Metric.value(Metric.tagged(Metric.tagged(Telemetry.drift, "operation", operation), "path", path)),
    ({ count }) => count
  )

const issuesOf = <A>(result: Either.Either<A, AvaraError>) =>
  Either.match(result, {
    onLeft: (error) => (error instanceof InvalidResponse ? error.issues.map(({ path }) => path.join(".")) : error._tag),
    onRight: () => "a value"
  })

describe("a lenient client", () => {
  it.effect("reads fields without their documented shape as absent, and keeps the others", () =>
    withApi(
      always(json(200, drifted)),
      ({ customers }) =>
        Effect.gen(function* () {
          const customer = yield* customers.retrieve(customerId)
          expect(JSON.parse(JSON.stringify(customer))).toEqual(JSON.parse(JSON.stringify(readLeniently)))
          expect([customer.userCount, customer.createdAt, customer.updatedAt]).toEqual([Number.NaN, null, null])
          expect(Object.keys(customer)).not.toContain("createdByUserId")
        }),
      lenient
    )
  )

  it.effect("keeps the JSON in `received`, and reads the valid customers of the page unchanged", () =>
    withApi(
      always(page(exampleCustomer, { ...drifted, expressCustomerId: "cus_2" })),
      ({ customers }) =>
        Effect.gen(function* () {
          const [read] = yield* collect(customers.pages())
          expect(read?.received).toEqual([exampleCustomer, { ...drifted, expressCustomerId: "cus_2" }])
          expect(read?.expressCustomers.map(({ userCount }) => userCount)).toEqual([15, Number.NaN])
          expect(read?.expressCustomers.map(({ createdAt }) => createdAt === null)).toEqual([false, true])
        }),
      lenient
    )
  )

  it.effect("warns once per operation and path, without a value, and counts every field", () =>
    Effect.gen(function* () {
      const before = yield* driftCount("customers.list", "expressCustomers[].createdAt")
      const { lines } = yield* logged(
        withApi(
          always(page(exampleCustomer, { ...drifted, expressCustomerId: "cus_2" }, drifted)),
          ({ customers }) =>
            Effect.gen(function* () {
              yield* customers.list()
              yield* Stream.runDrain(customers.stream())
            }),
          lenient
        )
      )
      const fields = ["createdAt", "updatedAt", "createdByApiKeyId", "createdByUserId", "metadata", "userCount"]
      expect(lines.map(({ annotations, level }) => ({ ...annotations, level }))).toEqual(
        expect.arrayContaining(
          fields.map((field) => ({
            operation: "customers.list",
            path: `expressCustomers[].${field}`,
            level: "WARN"
          }))
        )
      )
      expect(lines).toHaveLength(fields.length)
      expect(JSON.stringify(lines)).not.toMatch(/secret|17053|Mon|usr_|cus_/)
      expect((yield* driftCount("customers.list", "expressCustomers[].createdAt")) - before).toBe(4)
    })
  )

  it.effect("reports nothing for a documented response", () =>
    Effect.gen(function* () {
      const { lines } = yield* logged(
        withApi(always(json(200, exampleCustomer)), ({ customers }) => customers.retrieve(customerId), lenient)
      )
      expect(lines).toEqual([])
    })
  )

  for (const [what, change, path] of [
    ["an id", { expressCustomerId: 1 }, "expressCustomerId"],
    ["a name", { expressCustomerName: null }, "expressCustomerName"],
    ["isActive", { isActive: "true" }, "isActive"]
  ] as const) {
    it.effect(`rejects ${what} without its documented shape, and names nothing else`, () =>
      withApi(
        always(json(200, { ...drifted, ...change })),
        ({ customers }) =>
          Effect.map(Effect.either(customers.retrieve(customerId)), (result) =>
            expect(issuesOf(result)).toEqual([path])
          ),
        lenient
      )
    )
  }

  for (const [what, page, path] of [
    ["hasMore", { expressCustomers: [drifted], hasMore: 0 }, "hasMore"],
    ["a cursor", { expressCustomers: [drifted], hasMore: false, cursor: 1 }, "cursor"],
    ["a customer that is null", { expressCustomers: [drifted, null], hasMore: false }, "expressCustomers.1"]
  ] as const) {
    it.effect(`rejects ${what} on a page`, () =>
      withApi(
        always(json(200, page)),
        ({ customers }) =>
          Effect.map(Effect.either(customers.list()), (result) => expect(issuesOf(result)).toEqual([path])),
        lenient
      )
    )
  }

  it.effect("reads a message without its documented shape as absent, and rejects such a success", () =>
    Effect.gen(function* () {
      const add = (body: unknown) =>
        withApi(always(json(200, body)), ({ users }) => Effect.either(users.add(customerId, userId)), lenient)
      expect(yield* add({ success: true, message: { en: "ok" } })).toEqual(Either.right({ success: true }))
      expect(issuesOf(yield* add({ success: "true", message: 1 }))).toEqual(["success"])
    })
  )

  it.effect("is one call or one client, and the inner option counts", () =>
    Effect.gen(function* () {
      const read = ({ customers }: Api, ...modes: ReadonlyArray<"strict" | "lenient">) =>
        modes.reduce<Effect.Effect<unknown, AvaraError, AvaraClient.AvaraClient>>(
          (call, validation) => AvaraClient.withOptions({ validation })(call),
          customers.retrieve(customerId)
        )
      const isRead = (client: "strict" | "lenient" | undefined, ...modes: ReadonlyArray<"strict" | "lenient">) =>
        withApi(
          always(json(200, drifted)),
          (api) => Effect.map(Effect.either(read(api, ...modes)), Either.isRight),
          client === undefined ? {} : { validation: client }
        )
      expect(yield* isRead(undefined)).toBe(false)
      expect(yield* isRead("strict")).toBe(false)
      expect(yield* isRead("lenient")).toBe(true)
      expect(yield* isRead("strict", "lenient")).toBe(true)
      expect(yield* isRead("lenient", "strict")).toBe(false)
      expect(yield* isRead("strict", "lenient", "strict")).toBe(true)
    })
  )

  it.effect("sends nothing with a value other than strict and lenient", () =>
    withApi([], ({ customers }) =>
      Effect.gen(function* () {
        // @ts-expect-error only two values are valid
        const withLoose = AvaraClient.withOptions({ validation: "loose" })
        const error = yield* Effect.flip(withLoose(customers.retrieve(customerId)))
        expect(error).toBeInstanceOf(Validation)
        expect(error.message).toContain('validation: expected "strict" or "lenient"')
      })
    )
  )

  it.effect("looks for the key of createOnce strictly, so that drift in metadata cannot make it create twice", () =>
    withApi(
      [answer(500), page({ ...exampleCustomer, metadata: { createOnceKey: 77 } })],
      ({ customers, sent }) =>
        Effect.gen(function* () {
          const create = customers.createOnce({ expressCustomerName: "Clinic", key: "77" })
          const error = yield* Effect.flip(asTimePasses(create, "1 day"))
          expect(error).toBeInstanceOf(OutcomeUnknown)
          expect(sent.map(({ method }) => method)).toEqual(["POST", "GET"])
        }),
      lenient
    )
  )
})

describe("a response about another customer", () => {
  const of = (name: "retrieve" | "retrieveActive" | "update" | "deactivate" | "reactivate") => name

  it.effect.each([of("retrieve"), of("retrieveActive"), of("update"), of("deactivate"), of("reactivate")])(
    "is rejected by %s, at the first request",
    (name) =>
      withApi([json(200, { ...exampleCustomer, expressCustomerId: "cus_of_somebody" })], ({ customers, sent }) =>
        Effect.gen(function* () {
          const error = yield* Effect.flip(customers[name](customerId, {}))
          if (!(error instanceof InvalidResponse)) return expect(error).toBeInstanceOf(InvalidResponse)
          expect(error.issues).toEqual([{ path: ["expressCustomerId"], message: "is the id of another customer" }])
          expect(JSON.stringify(error)).not.toContain("cus_of_somebody")
          expect(sent).toHaveLength(1)
        })
      )
  )

  it.effect("is ignored after a refusal of users.add, which then counts", () =>
    withApi(
      [json(409, {}), json(200, { ...exampleCustomer, expressCustomerId: "cus_2", isActive: false })],
      ({ users }) => Effect.map(Effect.flip(users.add(customerId, userId)), ({ _tag }) => expect(_tag).toBe("Conflict"))
    )
  )
})

describe("calls from plain JavaScript", () => {
  const call = (run: (api: Api) => Effect.Effect<unknown, unknown>, body: unknown) =>
    withApi(always(json(200, body)), (api) =>
      Effect.map(Effect.exit(Effect.suspend(() => run(api))), (exit) => ({ exit, sent: api.sent }))
    )

  const method =
    (service: object, name: string) =>
    (...args: ReadonlyArray<unknown>) => {
      const run: unknown = Reflect.get(service, name)
      if (typeof run !== "function") throw new Error(`there is no ${name}`)
      const started: unknown = run(...args)
      return Effect.isEffect(started) ? started : Stream.runDrain(started as Stream.Stream<unknown, unknown>)
    }

  for (const nothing of [undefined, null]) {
    for (const name of ["list", "pages", "stream"]) {
      it.effect(`${name}(${nothing}) is the same as without parameters`, () =>
        Effect.map(
          call(({ customers }) => method(customers, name)(nothing) as Effect.Effect<unknown>, {
            expressCustomers: [],
            hasMore: false
          }),
          ({ exit, sent }) => {
            expect(exit._tag).toBe("Success")
            expect(sent.map(({ url }) => url.search)).toEqual([name === "list" ? "" : "?limit=100"])
          }
        )
      )
    }
    it.effect(`update(id, ${nothing}) sends {}`, () =>
      Effect.map(
        call(
          ({ customers }) => method(customers, "update")(customerId, nothing) as Effect.Effect<unknown>,
          exampleCustomer
        ),
        ({ exit, sent }) => {
          expect(exit._tag).toBe("Success")
          expect(sent.map(({ body }) => body)).toEqual(["{}"])
        }
      )
    )
  }

  it.effect("update(id) sends {}", () =>
    withApi([json(200, exampleCustomer)], ({ customers, sent }) =>
      Effect.map(customers.update(customerId), () => expect(sent.map(({ body }) => body)).toEqual(["{}"]))
    )
  )

  const services = {
    customers: [
      "create",
      "createOnce",
      "list",
      "pages",
      "stream",
      "retrieve",
      "retrieveActive",
      "update",
      "deactivate",
      "reactivate"
    ],
    users: ["add", "remove"]
  } as const

  const names = [
    ...services.customers.map((name) => ["customers", name] as const),
    ...services.users.map((name) => ["users", name] as const)
  ]

  it.each(names)("%s.%s with any input ends with a value or Validation, never with a defect", async (service, name) => {
    const input = FastCheck.oneof(
      FastCheck.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withNullPrototype: true }),
      FastCheck.constantFrom(undefined, null, [], {}, "", customerId, Symbol("s"), () => 1)
    )
    await FastCheck.assert(
      FastCheck.asyncProperty(FastCheck.array(input, { maxLength: 2 }), async (args) => {
        const body =
          name === "list" || name === "pages" || name === "stream"
            ? { expressCustomers: [], hasMore: false }
            : exampleCustomer
        const { exit } = await Effect.runPromise(
          call((api) => method(api[service], name)(...args) as Effect.Effect<unknown, unknown>, body)
        )
        if (Exit.isSuccess(exit)) return
        expect(Cause.defects(exit.cause).length, Cause.pretty(exit.cause)).toBe(0)
        expect(Cause.failureOption(exit.cause)).toMatchObject({ value: { _tag: "Validation", source: "client" } })
      }),
      { numRuns: 50 }
    )
  })
})

describe("every operation", () => {
  it.effect.each([...operationNames])("reads a documented response in the same way in both modes: %s", (name) =>
    Effect.gen(function* () {
      const { body, call } = operations[name]
      const read = (validation: "strict" | "lenient") => withApi([json(200, body)], call, { validation })
      expect(yield* read("lenient")).toEqual(yield* read("strict"))
    })
  )
})
