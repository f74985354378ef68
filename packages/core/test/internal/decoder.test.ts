import { describe, expect, it } from "@effect/vitest"
import { Metadata, Timestamp } from "@effect-avara/core"
import * as Arbitrary from "effect/Arbitrary"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Option from "effect/Option"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import { compile, invalid } from "../../src/internal/decode/compile.js"
import { decodeWith, interpret } from "../../src/internal/decode/decoder.js"
import { responseSchemas } from "../../src/internal/operation/endpoints.js"

const junk = FastCheck.oneof(
  FastCheck.jsonValue(),
  FastCheck.constantFrom(
    undefined,
    null,
    null,
    null,
    "",
    "cus_",
    "usr_x",
    -1,
    1.5,
    Number.NaN,
    [],
    {},
    "2024-02-30T00:00:00Z"
  )
)

/** Valid JSON of the schema, with any number of its values replaced, removed or added. */
const damaged = (schema: Schema.Schema.AnyNoContext): FastCheck.Arbitrary<unknown> => {
  const valid = Arbitrary.make(schema).map((value) => JSON.parse(JSON.stringify(Schema.encodeSync(schema)(value))))
  const keys = FastCheck.array(FastCheck.tuple(FastCheck.nat(), FastCheck.oneof(junk, FastCheck.constant(invalid))), {
    maxLength: 3
  })
  return FastCheck.tuple(valid, keys).map(([json, changes]) => changes.reduce(damage, json))
}

const damage = (json: unknown, [at, value]: readonly [number, unknown]): unknown => {
  if (typeof json !== "object" || json === null) return json
  const names = [...Object.keys(json), "extra"]
  const name = names[at % names.length] ?? "extra"
  const inner = Reflect.get(json, name)
  const deeper = typeof inner === "object" && inner !== null && at % 3 !== 0
  const changed = deeper ? damage(inner, [Math.floor(at / names.length), value]) : value
  const rest = Object.entries(json).filter(([key]) => key !== name)
  if (Array.isArray(json)) return json.map((item, index) => (String(index) === name ? changed : item))
  return Object.fromEntries(changed === invalid ? rest : [...rest, [name, changed]])
}

const outcome = <A>(result: Either.Either<A, ParseResult.ParseError>) =>
  Either.mapBoth(result, {
    onLeft: (error) => ParseResult.TreeFormatter.formatErrorSync(error),
    onRight: (value) => JSON.stringify(value)
  })

const agree = (schema: Schema.Schema.AnyNoContext) => {
  const compiled = decodeWith(schema)
  const interpreted = interpret(schema)
  FastCheck.assert(
    FastCheck.property(FastCheck.oneof(damaged(schema), junk), (input) => {
      expect(outcome(compiled(input))).toEqual(outcome(interpreted(input)))
    }),
    { numRuns: 500 }
  )
}

const Unsupported = Schema.Struct({ kind: Schema.Literal("a", "b"), value: Schema.NumberFromString })

const WithDefault = Schema.Struct({
  value: Schema.optionalWith(Schema.String, { nullable: true, default: () => "none" })
})

const schemas = Object.entries(responseSchemas)

describe("compiled decoding", () => {
  it.each(schemas)("compiles the schema of a response: %s", (_, { ast }) => {
    expect(Option.isSome(compile(ast))).toBe(true)
  })

  it.each([
    ...schemas.map(([name, schema]) => [name, () => agree(schema)] as const),
    ["Metadata", () => agree(Metadata)],
    ["Timestamp", () => agree(Timestamp)],
    ["a schema with nodes that are not compiled", () => agree(Unsupported)],
    ["a schema with a transformation of a field", () => agree(WithDefault)]
  ] as const)("returns the same values, key order and issues as stock decoding: %s", (_, check) => check())
})
