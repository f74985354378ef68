import * as assert from "node:assert/strict"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { describe, expect, it } from "@effect/vitest"
import { Avara, type AvaraClient, Customers, CustomerUsers } from "@effect-avara/core"
import { Emulator, type Fault } from "@effect-avara/emulator"
import { NodeAvara } from "@effect-avara/node"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import {
  apiKey,
  type Call,
  clinic,
  create,
  customer,
  idOf,
  retrieve,
  stream,
  streamWith
} from "../faults/support/calls.js"
import { expectResult, type Result } from "../faults/support/result.js"
import type { Row } from "../faults/support/row.js"
import { twoRetries } from "../faults/support/socketRow.js"
import { themes } from "../faults/table.js"

type Running = Layer.Layer<Avara.Services | Emulator.Emulator | Emulator.Faults>

type Transport = (store: Emulator.StoreOptions, options?: Partial<AvaraClient.Options>) => Running

const key = Redacted.make(apiKey)

const overSocket =
  (make: (options: AvaraClient.Options) => Layer.Layer<Avara.Services, unknown>): Transport =>
  (store, options) =>
    Effect.map(Emulator.Emulator, ({ url }) => make({ retry: twoRetries, ...options, apiKey: key, baseUrl: url })).pipe(
      Layer.unwrapEffect,
      Layer.provideMerge(Emulator.layer(store)),
      Layer.orDie
    )

const transports: Readonly<Record<string, Transport>> = {
  "over a socket": overSocket(NodeAvara.layer),
  "over a socket with fetch": overSocket((options) => Layer.provide(Avara.layer(options), FetchHttpClient.layer)),
  "in-process": (store, options) =>
    Avara.layer({ retry: twoRetries, ...options, apiKey: key }).pipe(
      Layer.provideMerge(Emulator.layerHttpClient(store)),
      Layer.orDie
    )
}

/** The row of the fault table with the same fault, on a server that a test scripts byte by byte. */
const rowOf = (fault: string, { text }: Call): Row => {
  const row = themes.flatMap(({ rows }) => rows).find((one) => one.fault === fault && one.call === text)
  return row ?? assert.fail(`the fault table has no row "${fault}" of ${text}`)
}

/** The fields that only the scripted server has: its cursors. */
const withoutCursor = (result: Result): Result => {
  if (result._tag !== "Fails") return result
  const { cursor: _, ...fields } = result.fields
  return { ...result, fields }
}

interface Case {
  readonly fault: Fault.Fault
  readonly call: Call
  /** The fault of the row with the same expectation. */
  readonly row: string
  readonly options?: Partial<AvaraClient.Options>
}

/** The requests, once there are `count`: the emulator notices with a short delay that a client has given up. */
const recorded = (count: number) =>
  Effect.flatMap(Emulator.Emulator, ({ requests }) => requests).pipe(
    Effect.filterOrFail(
      ({ length }) => length === count,
      ({ length }) => `${length} requests, not ${count}`
    ),
    Effect.retry(Schedule.intersect(Schedule.spaced("10 millis"), Schedule.recurs(200)))
  )

const timeout = "250 millis"

const five = [1, 2, 3, 4, 5].map(customer)

const cases: ReadonlyArray<Case> = [
  {
    fault: { type: "status", status: 500, headers: { "x-request-id": "req_7" } },
    call: retrieve,
    row: "Status 500, every time"
  },
  {
    fault: { type: "status", status: 418, body: { error: "teapot" } },
    call: retrieve,
    row: "Status 418"
  },
  { fault: { type: "html" }, call: retrieve, row: "HTML with status 200, every time" },
  { fault: { type: "html", nth: 1 }, call: retrieve, row: "HTML with status 200, once" },
  { fault: { type: "html" }, call: create, row: "HTML with status 200" },
  { fault: { type: "reset" }, call: retrieve, row: "The connection is reset before the headers, every time" },
  { fault: { type: "reset", nth: 1 }, call: retrieve, row: "The connection is reset before the headers, once" },
  {
    fault: { type: "reset", during: "body" },
    call: retrieve,
    row: "The connection is reset in the middle of the body, every time"
  },
  {
    fault: { type: "reset", during: "body", nth: 1 },
    call: retrieve,
    row: "The connection is reset in the middle of the body, once"
  },
  { fault: { type: "cutBody" }, call: retrieve, row: "The connection is closed in the middle of the body, every time" },
  { fault: { type: "loseResponse" }, call: create, row: "The connection is reset before the response" },
  {
    fault: { type: "delay", millis: 60_000 },
    call: retrieve,
    row: "The headers never arrive, every time",
    options: { timeout }
  },
  {
    fault: { type: "rateLimit", perSecond: 1, retryAfter: 3600 },
    call: { ...retrieve, run: (api) => Effect.zipRight(retrieve.run(api), retrieve.run(api)) },
    row: "429 with `Retry-After: 3600`"
  },
  { fault: { type: "repeatCursor", nth: 2 }, call: stream, row: "A page returns its own cursor again" },
  { fault: { type: "missingCursor", nth: 2 }, call: stream, row: "`hasMore` without a cursor" }
]

for (const [name, transport] of Object.entries(transports)) {
  describe(`a fault of the emulator ${name}`, () => {
    for (const { call, fault, options, row } of cases) {
      it.live(`${JSON.stringify(fault)}: ${row}: ${call.text}`, () =>
        Effect.gen(function* () {
          const { requests, result } = rowOf(row, call)
          const api = { customers: yield* Customers, users: yield* CustomerUsers }
          const faults = yield* Emulator.Faults
          const paged = call.text === stream.text ? streamWith({ limit: 2 }) : call
          const exit = yield* Effect.exit(paged.run(api))
          if (call !== create || result._tag === "Fails") expectResult(exit, withoutCursor(result), requests)
          const seen = yield* recorded(requests + (fault.type === "rateLimit" ? 1 : 0))
          expect((yield* faults.list)[0]?.fired).toBe(seen.filter((request) => request.fault === fault.type).length)
        }).pipe(Effect.provide(transport({ customers: five, faults: [fault] }, options)))
      )
    }

    it.live("processes the request whose response is lost", () =>
      Effect.gen(function* () {
        const customers = yield* Customers
        const emulator = yield* Emulator.Emulator
        const error = yield* Effect.flip(customers.create({ expressCustomerName: "Lost" }))
        expect(error).toMatchObject({ _tag: "OutcomeUnknown", reason: "ConnectionFailed" })
        expect((yield* emulator.customers).map((one) => one.expressCustomerName)).toEqual(["Lost"])
        expect(yield* emulator.requests).toMatchObject([
          { operation: "customers.create", method: "POST", status: null, requestId: null, fault: "loseResponse" }
        ])
      }).pipe(Effect.provide(transport({ faults: [{ type: "loseResponse", operation: "customers.create" }] })))
    )

    it.live("a request that is reset is not processed", () =>
      Effect.gen(function* () {
        const customers = yield* Customers
        const { count } = yield* Emulator.Emulator
        yield* Effect.flip(customers.create({ expressCustomerName: "Reset" }))
        expect(yield* count).toBe(0)
      }).pipe(Effect.provide(transport({ faults: [{ type: "reset" }] })))
    )

    it.live("the rate limit counts the requests of a second", () =>
      Effect.gen(function* () {
        const customers = yield* Customers
        const emulator = yield* Emulator.Emulator
        const list = Effect.either(customers.list())
        yield* Effect.replicateEffect(list, 5)
        expect((yield* emulator.requests).map(({ status }) => status)).toEqual([200, 200, 429, 429, 429])
      }).pipe(
        Effect.provide(
          transport({ faults: [{ type: "rateLimit", perSecond: 2, retryAfter: 3600 }] }, { deadline: "10 seconds" })
        )
      )
    )

    it.live("a customer inserted at the front reaches a stream that emits each customer once", () =>
      Effect.gen(function* () {
        const api = { customers: yield* Customers, users: yield* CustomerUsers }
        const { count } = yield* Emulator.Emulator
        expect(yield* streamWith({ limit: 2 }).run(api)).toEqual([1, 2, 3, 4, 5].map(idOf))
        expect(yield* count).toBe(6)
        const faults = yield* Emulator.Faults
        yield* faults.set({ type: "insertCustomer", nth: 2, customer: customer(7) })
        const ids = yield* streamWith({ limit: 2, distinct: false }).run(api)
        expect(ids).toHaveLength(7)
        expect((yield* Effect.flatMap(Customers, ({ list }) => list())).expressCustomers[0]?.expressCustomerId).toBe(
          idOf(7)
        )
      }).pipe(Effect.provide(transport({ customers: five, faults: [{ type: "insertCustomer", nth: 2 }] })))
    )

    it.live("a deleted customer hides another one, which an overlap finds", () =>
      Effect.gen(function* () {
        const api = { customers: yield* Customers, users: yield* CustomerUsers }
        const emulator = yield* Emulator.Emulator
        const faults = yield* Emulator.Faults
        expect(yield* streamWith({ limit: 2 }).run(api)).toEqual([1, 2, 4, 5].map(idOf))
        yield* emulator.reset
        yield* faults.set({ type: "deleteCustomer", nth: 2 })
        expect(yield* streamWith({ limit: 2, verify: "overlap" }).run(api)).toEqual([1, 2, 3, 4, 5].map(idOf))
        expect(yield* emulator.count).toBe(4)
      }).pipe(Effect.provide(transport({ customers: five, faults: [{ type: "deleteCustomer", nth: 2 }] })))
    )

    it.live("a test sets, adds and clears faults while it runs", () =>
      Effect.gen(function* () {
        const customers = yield* Customers
        const faults = yield* Emulator.Faults
        const read = Effect.either(Effect.map(customers.retrieve(idOf(1)), ({ userCount }) => userCount))
        yield* faults.set({ type: "status", status: 404, operation: "customers.retrieve", nth: 2 })
        yield* faults.add({ type: "status", status: 403, operation: "customers.list" })
        expect(yield* read).toMatchObject({ _tag: "Right", right: clinic.userCount })
        expect(yield* read).toMatchObject({ _tag: "Left", left: { _tag: "NotFound" } })
        expect(yield* read).toMatchObject({ _tag: "Right" })
        expect(yield* Effect.either(customers.list())).toMatchObject({ left: { _tag: "Forbidden" } })
        expect(yield* faults.list).toMatchObject([
          { type: "status", status: 404, fired: 1 },
          { type: "status", status: 403, fired: 1 }
        ])
        yield* faults.clear
        expect(yield* Effect.either(customers.list())).toMatchObject({ _tag: "Right" })
        expect(yield* faults.list).toEqual([])
      }).pipe(Effect.provide(transport({ customers: [clinic] })))
    )
  })
}
