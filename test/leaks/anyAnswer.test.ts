import { describe, expect, it } from "@effect/vitest"
import { type AvaraError, AvaraError as AvaraErrorSchema, RetryPolicy } from "@effect-avara/core"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FastCheck from "effect/FastCheck"
import * as Schema from "effect/Schema"
import {
  always,
  answer,
  exampleCustomer,
  type OperationName,
  operationNames,
  operations,
  withApi
} from "../../packages/core/test/support.js"

type Tag = AvaraError["_tag"]

const call: ReadonlyArray<Tag> = [
  "Validation",
  "Unauthorized",
  "Forbidden",
  "RateLimited",
  "ServerError",
  "ConnectionFailed",
  "TimedOut",
  "UnexpectedStatus"
]

/** The tags that the type of each operation names. */
const declared: Readonly<Record<OperationName, ReadonlyArray<Tag>>> = {
  "customers.create": [...call, "Conflict", "OutcomeUnknown"],
  "customers.list": [...call, "InvalidResponse"],
  "customers.retrieve": [...call, "InvalidResponse", "NotFound"],
  "customers.update": [...call, "InvalidResponse", "NotFound", "Conflict", "Inactive"],
  "customers.deactivate": [...call, "InvalidResponse", "NotFound", "Conflict", "Inactive"],
  "customers.reactivate": [...call, "InvalidResponse", "NotFound", "Conflict"],
  "users.add": [...call, "InvalidResponse", "NotFound", "Conflict", "Inactive"],
  "users.remove": [...call, "InvalidResponse", "NotFound", "Conflict", "Inactive"]
}

const status = FastCheck.oneof(
  FastCheck.integer({ min: 200, max: 599 }),
  FastCheck.constantFrom(200, 201, 204, 205, 301, 304, 307, 400, 401, 403, 404, 408, 409, 422, 429, 500, 503)
)

const word = FastCheck.constantFrom(
  "inactive",
  "deactivated",
  "user",
  "message",
  "error",
  "code",
  "errors",
  "__proto__",
  "constructor",
  "toString",
  "0",
  ""
)

const refusal = FastCheck.letrec((tie) => ({
  value: FastCheck.oneof(
    { maxDepth: 4 },
    word,
    FastCheck.jsonValue(),
    tie("object"),
    FastCheck.array(tie("value"), { maxLength: 3 })
  ),
  object: FastCheck.dictionary(
    FastCheck.constantFrom(
      "message",
      "error",
      "code",
      "errors",
      "issues",
      "details",
      "detail",
      "path",
      "loc",
      "field",
      "__proto__",
      "constructor"
    ),
    tie("value"),
    { noNullPrototype: true }
  )
})).value

const nearlyCustomer = FastCheck.dictionary(
  FastCheck.constantFrom(...Object.keys(exampleCustomer), "__proto__"),
  FastCheck.jsonValue()
).map((changes) => ({
  ...exampleCustomer,
  ...changes
}))

const body = FastCheck.oneof(
  FastCheck.jsonValue().map((json) => JSON.stringify(json)),
  refusal.map((json) => JSON.stringify(json)),
  nearlyCustomer.map((json) => JSON.stringify(json)),
  FastCheck.array(nearlyCustomer, { maxLength: 2 }).map((expressCustomers) =>
    JSON.stringify({ expressCustomers, hasMore: false })
  ),
  FastCheck.nat(5000).map((depth) => "[".repeat(depth) + "]".repeat(depth)),
  FastCheck.string({ unit: "binary" }),
  FastCheck.uint8Array({ maxLength: 200 }),
  FastCheck.constantFrom("", "null", "\uFEFF{}", "<html>")
)

const headers = FastCheck.dictionary(
  FastCheck.constantFrom(
    "content-type",
    "retry-after",
    "retry-after-ms",
    "x-should-retry",
    "x-request-id",
    "request-id",
    "cf-ray",
    "location",
    "set-cookie",
    "content-encoding"
  ),
  FastCheck.oneof(
    FastCheck.constantFrom(
      "",
      "0",
      "-1",
      "1e999",
      "true",
      "gzip",
      "text/html; charset=utf-7",
      "Sun, 06 Nov 1994 08:49:37 GMT"
    ),
    FastCheck.string({ maxLength: 20 }).map((text) => text.replace(/[^\x20-\x7e]/g, "?").trim())
  ),
  { noNullPrototype: true }
)

const isError = Schema.is(AvaraErrorSchema)

describe("any response", () => {
  for (const name of operationNames) {
    it.effect.prop(
      `to ${name} is a value, or an error that its type names, never a defect`,
      [status, headers, body],
      ([status, headers, body]) =>
        withApi(
          always(answer(status, body as string, headers)),
          (api) =>
            Effect.gen(function* () {
              const exit = yield* Effect.exit(operations[name].call(api))
              if (Exit.isSuccess(exit)) return
              const defects = [...Cause.defects(exit.cause)].map(String)
              expect(defects).toEqual([])
              const error = Cause.squash(exit.cause)
              expect(isError(error)).toBe(true)
              if (isError(error)) {
                expect(declared[name]).toContain(error._tag)
                expect(Schema.decodeSync(AvaraErrorSchema)(Schema.encodeSync(AvaraErrorSchema)(error))).toEqual(error)
              }
            }),
          { retry: RetryPolicy.none }
        ),
      { fastCheck: { numRuns: 60 } }
    )
  }
})
