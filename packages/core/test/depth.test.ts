import { describe, expect, it } from "@effect/vitest"
import { AvaraClient, Issue } from "@effect-avara/core"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { depthOf } from "../src/internal/decode/depth.js"
import { type Api, answer, collect, customerId, exampleCustomer, withApi } from "./support.js"

const kinds = {
  arrays: (levels: number) => "[".repeat(levels) + "]".repeat(levels),
  objects: (levels: number) => `${'{"a":'.repeat(levels - 1)}{}${"}".repeat(levels - 1)}`,
  "both in turn": (levels: number) => `${'[{"a":'.repeat(levels / 2)}1${"}]".repeat(levels / 2)}`
}

describe("the depth of JSON", () => {
  for (const [kind, nested] of Object.entries(kinds)) {
    for (const levels of [2, 1000, 1_000_000]) {
      it(`is ${levels} for ${levels} levels of ${kind}`, () => {
        expect(depthOf(JSON.parse(nested(levels)))).toBe(levels)
      })
    }
  }

  it("is that of the deepest part, and zero for a value that does not nest", () => {
    expect(depthOf({ a: [], b: { c: [{}] }, d: 1 })).toBe(4)
    expect([depthOf(null), depthOf("[[]]"), depthOf(1)]).toEqual([0, 0, 0])
  })
})

/** A page whose second customer has `levels` levels, in a field that no schema names. */
const pageOf = (levels: number, nested: (levels: number) => string) => {
  const deep = JSON.stringify(exampleCustomer).replace("{", `{"plan":${nested(levels - 1)},`)
  return answer(
    200,
    `{"expressCustomers":[${JSON.stringify(exampleCustomer)},${deep.replaceAll("cus_1", "cus_2")}],"hasMore":false}`
  )
}

const pages = ({ customers }: Api) => collect(customers.pages())

describe("a row", () => {
  for (const [kind, nested] of [
    ["arrays", kinds.arrays],
    ["objects", kinds.objects]
  ] as const) {
    it.effect(`of 1,000 levels of ${kind} is received completely`, () =>
      withApi([pageOf(1000, nested)], (api) =>
        Effect.map(pages(api), ([page]) => expect(JSON.stringify(page?.received[1])).toContain(nested(999)))
      )
    )

    for (const levels of [1001, 5000, 100_000, 1_000_000]) {
      it.effect(`of ${levels} levels of ${kind} fails with an InvalidResponse that says where, and how deep`, () =>
        withApi([pageOf(levels, nested)], (api) =>
          Effect.map(Effect.flip(pages(api)), (error) => {
            expect(error).toMatchObject({ _tag: "InvalidResponse", status: 200, attempts: 1 })
            expect(error._tag === "InvalidResponse" ? Issue.format(error.issues) : "").toBe(
              `expressCustomers[1].plan: expected a row of at most 1000 levels of objects and arrays, not ${levels}`
            )
          })
        )
      )

      it.effect(`of ${levels} levels of ${kind} is a customer if the JSON is not requested`, () =>
        withApi([pageOf(levels, nested)], ({ customers }) =>
          Effect.map(collect(customers.stream()), (all) => expect(all).toHaveLength(2))
        )
      )
    }
  }
})

const levels = 100_000

const deep = kinds.objects(levels)

describe("JSON that nests 100,000 levels deep", () => {
  for (const [what, status, body, tag] of [
    ["a response", 200, deep, "InvalidResponse"],
    [
      "the metadata of a response",
      200,
      JSON.stringify(exampleCustomer).replace('"metadata":', `"metadata":${deep},"a":`),
      "InvalidResponse"
    ],
    [
      "a known field of a response",
      200,
      JSON.stringify(exampleCustomer).replace('"createdAt":', `"createdAt":${deep},"a":`),
      "InvalidResponse"
    ],
    ["a refusal", 409, `{"error":${deep},"message":${deep}}`, "Conflict"],
    [
      "the issues of a refusal",
      422,
      `{"errors":[${deep},{"path":${kinds.arrays(levels)},"message":"no"}]}`,
      "Validation"
    ],
    ["a failure", 500, deep, "ServerError"]
  ] as const) {
    it.effect(`as ${what} fails with ${tag}`, () =>
      withApi(
        [answer(status, body)],
        ({ customers }) =>
          Effect.map(Effect.flip(customers.update(customerId, { metadata: null })), (error) =>
            expect(error._tag).toBe(tag)
          ),
        { retryBudget: 0 }
      )
    )
  }

  for (const [what, json] of [
    ["metadata", `{"expressCustomerName":"Clinic","metadata":${deep}}`],
    ["a value of metadata", `{"expressCustomerName":"Clinic","metadata":{"a":${deep}}}`],
    ["a name", `{"expressCustomerName":${deep}}`],
    ["an unknown field", `{"expressCustomerName":"Clinic","plan":${deep}}`]
  ] as const) {
    it.effect(`as ${what} of a create fails with Validation, before anything is sent`, () =>
      withApi([], ({ customers }) =>
        Effect.map(Effect.flip(customers.create(JSON.parse(json))), (error) =>
          expect(error).toMatchObject({ _tag: "Validation", source: "client", attempts: 0 })
        )
      )
    )
  }

  for (const levels of [1001, 3000, 100_000]) {
    it.effect(`or ${levels} as the body of AvaraClient.request fails with Validation`, () =>
      withApi([], () =>
        Effect.map(
          Effect.flip(
            AvaraClient.request({
              method: "PUT",
              path: "/v1/plans",
              body: JSON.parse(kinds.objects(levels)),
              response: Schema.Unknown
            })
          ),
          (error) => {
            expect(error._tag === "Validation" ? Issue.format(error.issues) : error._tag).toBe(
              "body: expected a value that JSON can hold, of at most 1000 levels of objects and arrays"
            )
          }
        )
      )
    )
  }

  it.effect("or 1,000 as the body of AvaraClient.request is sent, and its texts are in no error", () =>
    withApi([answer(409, JSON.stringify({ message: "no leaf-secret here" }))], ({ sent }) =>
      Effect.gen(function* () {
        const body: unknown = JSON.parse(kinds.objects(1000).replace("{}", '{"leaf":"leaf-secret"}'))
        const failed = yield* Effect.either(
          AvaraClient.request({ method: "PUT", path: "/v1/plans", body, response: Schema.Unknown })
        )
        expect(sent).toHaveLength(1)
        expect(Either.isLeft(failed) ? failed.left._tag : "").toBe("Conflict")
        expect(JSON.stringify(failed)).not.toContain("leaf-secret")
      })
    )
  )
})
