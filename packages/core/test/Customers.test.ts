import { describe, expect, it } from "@effect/vitest"
import { type AvaraError, RetryPolicy } from "@effect-avara/core"
import * as Effect from "effect/Effect"
import {
  answer,
  type Case,
  customerId,
  exampleCustomer,
  json,
  type OperationName,
  operationNames,
  operations,
  type Reply,
  userId,
  withApi
} from "./support.js"

const failureOf = (name: OperationName, replies: Iterable<Reply>) =>
  withApi(replies, (api) => Effect.flip(operations[name].call(api)), { retry: RetryPolicy.none })

const onCustomer: ReadonlyArray<OperationName> = operationNames.filter(
  (name) => name !== "customers.create" && name !== "customers.list"
)

/** The errors that depend on the operation, by status. */
const tags: Record<number, (name: OperationName) => AvaraError["_tag"]> = {
  303: (name) => (name === "customers.create" ? "OutcomeUnknown" : "UnexpectedStatus"),
  308: () => "UnexpectedStatus",
  400: () => "Validation",
  401: () => "Unauthorized",
  402: () => "UnexpectedStatus",
  403: () => "Forbidden",
  404: (name) => (onCustomer.includes(name) ? "NotFound" : "UnexpectedStatus"),
  405: () => "UnexpectedStatus",
  408: (name) => (name === "customers.create" ? "OutcomeUnknown" : "UnexpectedStatus"),
  409: (name) => (name === "customers.list" || name === "customers.retrieve" ? "UnexpectedStatus" : "Conflict"),
  418: () => "UnexpectedStatus",
  422: () => "Validation",
  429: () => "RateLimited",
  500: (name) => (name === "customers.create" ? "OutcomeUnknown" : "ServerError"),
  599: (name) => (name === "customers.create" ? "OutcomeUnknown" : "ServerError")
}

describe("a status", () => {
  for (const [status, tagOf] of Object.entries(tags)) {
    it.effect(`of ${status} is the right error for each operation`, () =>
      Effect.forEach(operationNames, (name) =>
        // The second response is for the check whether the customer is active.
        Effect.map(failureOf(name, [answer(Number(status)), json(200, exampleCustomer)]), (error) =>
          expect([name, error._tag]).toEqual([name, tagOf(name)])
        )
      )
    )
  }

  for (const status of [400, 403, 409, 422]) {
    it.effect(
      `of ${status} that says inactive is Inactive for the operations that a deactivated customer refuses`,
      () =>
        Effect.forEach(operationNames, (name) =>
          Effect.map(
            failureOf(name, [
              json(status, { error: { code: "customer_inactive", message: "No." } }),
              json(200, exampleCustomer)
            ]),
            (error) => {
              const refuses = ["customers.update", "customers.deactivate", "users.add", "users.remove"].includes(name)
              expect([name, error._tag === "Inactive"]).toEqual([name, refuses])
              if (error._tag === "Inactive")
                expect(error).toMatchObject({ operation: name, id: customerId, detail: "No." })
            }
          )
        )
    )
  }

  for (const status of [401, 404, 500]) {
    it.effect(`of ${status} is never Inactive, whatever it says`, () =>
      Effect.map(failureOf("customers.update", [json(status, { message: "customer is inactive" })]), (error) =>
        expect(error._tag).not.toBe("Inactive")
      )
    )
  }
})

describe("NotFound", () => {
  for (const [what, name, body, expected] of [
    ["the customer", "customers.retrieve", {}, { resource: "customer", id: customerId }],
    ["the customer if the server says nothing", "users.remove", {}, { resource: "customer", id: customerId }],
    [
      "the user if the server mentions one",
      "users.remove",
      { error: { code: "user_not_found" } },
      { resource: "user", id: userId }
    ],
    [
      "the user if the server mentions a membership",
      "users.remove",
      { message: "No such membership." },
      { resource: "user", id: userId }
    ]
  ] as const) {
    it.effect(`names ${what} (${name})`, () =>
      Effect.map(failureOf(name, [json(404, body)]), (error) =>
        expect(error).toMatchObject({ _tag: "NotFound", ...expected })
      )
    )
  }
})

describe("Validation by the server", () => {
  it.effect("has the server's issues, with their paths", () =>
    Effect.map(
      failureOf("customers.create", [
        json(422, { errors: [{ path: ["expressCustomerName"], message: "is taken" }, "too many"] })
      ]),
      (error) =>
        expect(error).toMatchObject({
          source: "server",
          attempts: 1,
          issues: [
            { path: ["expressCustomerName"], message: "is taken" },
            { path: [], message: "too many" }
          ]
        })
    )
  )

  for (const [what, reply, message] of [
    ["the server's message if there are no issues", json(400, { message: "No." }), "No."],
    ["a text of the client if the server says nothing", answer(400), "no reason was given"]
  ] as const) {
    it.effect(`has ${what}`, () =>
      Effect.map(failureOf("customers.create", [reply]), (error) =>
        expect(error).toMatchObject({ issues: [{ path: [], message }] })
      )
    )
  }
})

describe("invalid input", () => {
  for (const [what, call, paths] of [
    ["an id", ({ customers }) => customers.retrieve("cus_../x"), ["expressCustomerId"]],
    ["an id of deactivate", ({ customers }) => customers.deactivate(""), ["expressCustomerId"]],
    ["an id of reactivate", ({ customers }) => customers.reactivate(".."), ["expressCustomerId"]],
    [
      "an id and a name of update",
      ({ customers }) => customers.update("x", { expressCustomerName: "" }),
      ["expressCustomerId", "expressCustomerName"]
    ],
    ["both ids of add", ({ users }) => users.add("x", "y"), ["expressCustomerId", "userId"]],
    ["both ids of remove", ({ users }) => users.remove("x", "y"), ["expressCustomerId", "userId"]],
    ["a limit and a cursor", ({ customers }) => customers.list({ limit: 0, cursor: "" }), ["cursor", "limit"]],
    ["a name", ({ customers }) => customers.create({ expressCustomerName: "" }), ["expressCustomerName"]]
  ] as ReadonlyArray<readonly [string, Case["call"], ReadonlyArray<string>]>) {
    it.effect(`(${what}) is reported with all its paths, and not sent`, () =>
      withApi([], (api) =>
        Effect.gen(function* () {
          const error = yield* Effect.flip(call(api))
          expect(error).toMatchObject({ _tag: "Validation", source: "client", attempts: 0 })
          expect(error._tag === "Validation" ? error.issues.map(({ path }) => path.join(".")).sort() : []).toEqual(
            paths
          )
          expect(api.sent).toHaveLength(0)
        })
      )
    )
  }
})

describe("retrieveActive", () => {
  it.effect("returns an active customer", () =>
    withApi([json(200, exampleCustomer)], ({ customers }) =>
      Effect.map(customers.retrieveActive(customerId), ({ isActive }) => expect(isActive).toBe(true))
    )
  )

  it.effect("fails with Inactive for a deactivated one", () =>
    withApi([json(200, { ...exampleCustomer, isActive: false })], ({ customers }) =>
      Effect.map(Effect.flip(customers.retrieveActive(customerId)), (error) =>
        expect(error).toMatchObject({ _tag: "Inactive", id: customerId })
      )
    )
  )
})
