import { describe, expect, it } from "@effect/vitest"
import { AvaraClient, type CreateOnceParams, OutcomeUnknown, Validation } from "@effect-avara/core"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import { answer, asTimePasses, exampleCustomer, json, type Reply, type Sent, waits, withApi } from "./support.js"

const params: CreateOnceParams = {
  expressCustomerName: "City Medical Center",
  metadata: { region: "northeast" },
  key: "row-77"
}

const lost = answer(500)

const made = { ...exampleCustomer, metadata: { region: "northeast", createOnceKey: "row-77" } }

const another = { ...exampleCustomer, expressCustomerId: "cus_another" }

const page = (...expressCustomers: ReadonlyArray<unknown>) => json(200, { expressCustomers, hasMore: false })

const once = (input: CreateOnceParams, replies: Iterable<Reply>) =>
  withApi(replies, ({ customers, sent }) =>
    Effect.map(asTimePasses(Effect.either(customers.createOnce(input)), "1 day"), (outcome) => ({ outcome, sent }))
  )

const methods = (sent: ReadonlyArray<Sent>) => sent.map(({ method }) => method)

const metadataOf = ({ body }: Sent): unknown => (JSON.parse(body ?? "{}") as { readonly metadata?: unknown }).metadata

const idOf = <E>(outcome: Either.Either<{ readonly expressCustomerId: string }, E>) =>
  Either.map(outcome, ({ expressCustomerId }) => expressCustomerId)

const found = Either.right(exampleCustomer.expressCustomerId)

describe("createOnce", () => {
  it.effect("sends the key with the caller's metadata, and does not look for it if the response arrives", () =>
    Effect.gen(function* () {
      const { outcome, sent } = yield* once(params, [json(200, made)])
      expect(idOf(outcome)).toEqual(found)
      expect(sent.map(metadataOf)).toEqual([{ region: "northeast", createOnceKey: "row-77" }])
    })
  )

  for (const { settle, wait } of [
    { settle: undefined, wait: 5000 },
    { settle: "2 minutes", wait: 120_000 },
    { settle: 0, wait: 0 }
  ] as const) {
    it.effect(`waits ${wait} ms before it looks for the customer`, () =>
      Effect.gen(function* () {
        const { outcome, sent } = yield* once({ ...params, settle }, [lost, page(another, made)])
        expect(idOf(outcome)).toEqual(found)
        expect(methods(sent)).toEqual(["POST", "GET"])
        expect(waits(sent)).toEqual([wait])
      })
    )
  }

  it.effect("has the response that the customer was decoded from, and none if the look found it", () =>
    withApi([json(201, made), lost, page(made)], ({ customers }) =>
      Effect.gen(function* () {
        const create = AvaraClient.withResponse(customers.createOnce(params))
        const { response } = yield* create
        expect(Option.map(response, ({ json }) => json)).toEqual(Option.some(made))
        expect((yield* asTimePasses(create)).response).toEqual(Option.none())
      })
    )
  )

  it.effect("creates again only after a look through the whole list, and waits before each look", () =>
    Effect.gen(function* () {
      const pages = [json(200, { expressCustomers: [exampleCustomer], hasMore: true, cursor: "2" }), page()]
      const { outcome, sent } = yield* once(params, [lost, ...pages, lost, ...pages, json(200, made)])
      expect(idOf(outcome)).toEqual(found)
      expect(methods(sent)).toEqual(["POST", "GET", "GET", "POST", "GET", "GET", "POST"])
      expect(waits(sent)).toEqual([5000, 0, 0, 5000, 0, 0])
      expect(new Set(sent.filter(({ method }) => method === "POST").map(({ body }) => body)).size).toBe(1)
    })
  )

  it.effect("creates at most 3 times, and looks after the last time, too", () =>
    Effect.gen(function* () {
      const { outcome, sent } = yield* once(params, [lost, page(), lost, page(), lost, page()])
      expect(Either.flip(outcome)).toMatchObject({ right: { _tag: "OutcomeUnknown", reason: "ServerError" } })
      expect(methods(sent)).toEqual(["POST", "GET", "POST", "GET", "POST", "GET"])
      const late = yield* once(params, [lost, page(), lost, page(), lost, page(made)])
      expect(idOf(late.outcome)).toEqual(found)
    })
  )

  it.effect("leaves the outcome unknown if the look fails", () =>
    Effect.gen(function* () {
      for (const reply of [answer(401), answer(200, "{}"), json(200, { expressCustomers: [], hasMore: true })]) {
        const { outcome, sent } = yield* once(params, [lost, reply])
        expect(Either.getOrElse(Either.flip(outcome), () => undefined)).toBeInstanceOf(OutcomeUnknown)
        expect(methods(sent)).toEqual(["POST", "GET"])
      }
    })
  )

  it.effect("fails with the error of the create", () =>
    Effect.gen(function* () {
      const { outcome, sent } = yield* once(params, [lost, page(), answer(409)])
      expect(Either.flip(outcome)).toMatchObject({ right: { _tag: "Conflict" } })
      expect(methods(sent)).toEqual(["POST", "GET", "POST"])
    })
  )

  it.effect("looks before the first create with lookFirst", () =>
    Effect.gen(function* () {
      const there = yield* once({ ...params, lookFirst: true }, [page(another, made)])
      expect([idOf(there.outcome), methods(there.sent)]).toEqual([found, ["GET"]])
      const missing = yield* once({ ...params, lookFirst: true }, [page(exampleCustomer), json(200, made)])
      expect([idOf(missing.outcome), methods(missing.sent)]).toEqual([found, ["GET", "POST"]])
      const failing = yield* once({ ...params, lookFirst: true }, [answer(401)])
      expect(Either.flip(failing.outcome)).toMatchObject({ right: { _tag: "Unauthorized" } })
      expect(methods(failing.sent)).toEqual(["GET"])
    })
  )

  for (const keyName of ["jobId", "__proto__", "constructor", "k".repeat(100)]) {
    it.effect(`stores the key under the keyName ${keyName.slice(0, 20)}, and looks for it only there`, () =>
      Effect.gen(function* () {
        const metadata = JSON.parse(JSON.stringify({ region: "northeast", entry: "row-77" }).replace("entry", keyName))
        const elsewhere = { ...exampleCustomer, metadata: { createOnceKey: "row-77", region: "row-77" } }
        const replies = [lost, page(elsewhere, another), lost, page({ ...exampleCustomer, metadata })]
        const { outcome, sent } = yield* once({ ...params, keyName }, replies)
        expect(idOf(outcome)).toEqual(found)
        expect(methods(sent)).toEqual(["POST", "GET", "POST", "GET"])
        expect(sent.filter(({ method }) => method === "POST").map(({ body }) => body)).toEqual(
          [1, 2].map(() => JSON.stringify({ expressCustomerName: "City Medical Center", metadata }))
        )
      })
    )
  }

  it.effect("does not accept a customer whose key is only similar", () =>
    Effect.gen(function* () {
      const like = ["row-7", "row-77 ", "ROW-77", "row-777"].map((createOnceKey, index) => ({
        ...exampleCustomer,
        expressCustomerId: `cus_like-${index}`,
        metadata: { createOnceKey }
      }))
      const { outcome, sent } = yield* once(params, [lost, page(...like), json(200, made)])
      expect(idOf(outcome)).toEqual(found)
      expect(methods(sent)).toEqual(["POST", "GET", "POST"])
    })
  )

  for (const [what, wrong, path] of [
    ["an entry that the caller uses", { metadata: { createOnceKey: "mine" } }, ["metadata", "createOnceKey"]],
    ["an entry named by keyName that the caller uses", { keyName: "region" }, ["metadata", "region"]],
    [
      "an entry with the name of an inherited property",
      { keyName: "__proto__", metadata: JSON.parse('{"__proto__":"x"}') },
      ["metadata", "__proto__"]
    ],
    ["an empty key", { key: "" }, ["key"]],
    ["an empty name of the entry", { keyName: "" }, ["keyName"]],
    ["a key that is too long for an entry", { key: "k".repeat(1001) }, ["metadata", "createOnceKey"]],
    ["a name that is too long for an entry", { keyName: "k".repeat(101) }, ["metadata", `${"k".repeat(100)}…`]],
    ["an empty name of the customer", { expressCustomerName: "" }, ["expressCustomerName"]]
  ] as const) {
    it.effect(`rejects ${what} and sends nothing`, () =>
      Effect.gen(function* () {
        const { outcome, sent } = yield* once({ ...params, ...wrong }, [])
        const error = Either.getOrThrow(Either.flip(outcome))
        expect(error).toBeInstanceOf(Validation)
        expect(error).toMatchObject({ source: "client", attempts: 0, issues: [{ path }] })
        expect(sent).toEqual([])
      })
    )
  }
})
