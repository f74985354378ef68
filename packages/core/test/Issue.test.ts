import { describe, expect, it } from "@effect/vitest"
import * as Core from "@effect-avara/core"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Schema from "effect/Schema"
import { customerId, exampleCustomer, examplePage } from "./support.js"

const schemas = Object.entries<unknown>(Core).flatMap(
  ([name, value]): ReadonlyArray<readonly [string, Schema.Schema.AnyNoContext]> =>
    Schema.isSchema(value) ? [[name, value as Schema.Schema.AnyNoContext]] : []
)

const mark = "MARKED"
const markedNumber = 918273645.5

const marked = FastCheck.letrec((tie) => ({
  leaf: FastCheck.oneof(
    FastCheck.string().map((text) => `${mark}${text}`),
    FastCheck.string().map((text) => `cus_${text} ${mark}`),
    FastCheck.constant(`2024-02-30T00:00:00Z${mark}`),
    FastCheck.constant(markedNumber),
    FastCheck.boolean(),
    FastCheck.constant(null)
  ),
  value: FastCheck.oneof({ maxDepth: 3 }, tie("leaf"), tie("object"), FastCheck.array(tie("value"), { maxLength: 3 })),
  object: FastCheck.dictionary(
    FastCheck.oneof(FastCheck.string(), FastCheck.constantFrom(...Object.keys(exampleCustomer))),
    tie("value")
  )
})).value

/** Valid input with some of its fields changed, so that issues come from every depth. */
const nearlySound = FastCheck.tuple(
  FastCheck.constantFrom<object>(
    exampleCustomer,
    examplePage,
    { expressCustomerName: "x", metadata: { a: "b" } },
    { _tag: "NotFound", id: customerId }
  ),
  FastCheck.dictionary(
    FastCheck.constantFrom("expressCustomers", "hasMore", "cursor", "limit", "id", ...Object.keys(exampleCustomer)),
    marked
  )
).map(([sound, changes]): unknown => ({ ...sound, ...changes }))

const issuesOf = (schema: Schema.Schema.AnyNoContext, input: unknown, onExcessProperty: "error" | "ignore") =>
  Schema.decodeUnknownEither(schema, { errors: "all", onExcessProperty })(input).pipe(
    Either.flip,
    Either.map(Core.Issue.fromParseError),
    Either.getOrElse(() => [])
  )

describe("Issue", () => {
  it("is tested with every exported schema", () => {
    expect(schemas.map(([name]) => name)).toEqual(
      expect.arrayContaining(["AvaraError", "Customer", "CustomerPage", "MetadataParams", "Timestamp", "UpdateParams"])
    )
  })

  for (const [name, schema] of schemas) {
    it.prop(
      `of ${name} never repeats the invalid value`,
      [FastCheck.oneof(marked, nearlySound), FastCheck.constantFrom("error" as const, "ignore" as const)],
      ([input, onExcessProperty]) => {
        const messages = issuesOf(schema, input, onExcessProperty).map(({ message }) => message)
        for (const message of messages) {
          expect(message).not.toContain(mark)
          expect(message).not.toContain(String(markedNumber))
        }
      }
    )
  }

  it("exists for every rejected input", () => {
    const refused = schemas.filter(([, schema]) => Either.isLeft(Schema.decodeUnknownEither(schema)(markedNumber)))
    expect(refused.length).toBeGreaterThan(10)
    for (const [, schema] of refused) expect(issuesOf(schema, markedNumber, "error").length).toBeGreaterThan(0)
  })

  it("has paths into arrays and objects, and is formatted as one line", () => {
    const page = {
      expressCustomers: [exampleCustomer, { ...exampleCustomer, userCount: "many", metadata: { a: 1 } }],
      hasMore: "no"
    }
    const issues = issuesOf(Core.CustomerPage, page, "ignore")
    expect(issues.map(({ path }) => path)).toEqual([
      ["expressCustomers", 1, "userCount"],
      ["expressCustomers", 1, "metadata", "a"],
      ["hasMore"]
    ])
    expect(Core.Issue.format(issues)).toMatch(
      /^expressCustomers\[1\]\.userCount: .*; expressCustomers\[1\]\.metadata\.a: expected .*; hasMore: expected .*$/
    )
  })

  it("shortens a key that is longer than a line", () => {
    const [issue] = issuesOf(Core.Metadata, { ["k".repeat(5000)]: 1 }, "ignore")
    expect(String(issue?.path[0]).length).toBe(101)
  })
})
