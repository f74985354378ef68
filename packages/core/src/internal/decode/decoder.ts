import * as Either from "effect/Either"
import * as Option from "effect/Option"
import type * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"
import { compile, invalid, parseOptions } from "./compile.js"

/** Whether what a schema reads is text in all cases. @internal */
export const readsText = (ast: AST.AST): boolean => {
  const encoded = AST.encodedAST(ast)
  switch (encoded._tag) {
    case "StringKeyword":
    case "TemplateLiteral":
      return true
    case "Literal":
      return typeof encoded.literal === "string"
    case "Refinement":
      return readsText(encoded.from)
    case "Union":
      return encoded.types.every(readsText)
    default:
      return false
  }
}

/** Hears the path of a field that is read as absent because it has another shape than documented. @internal */
export type OnDrift = (path: string) => void

/** Reads the JSON of an answer, strictly without `onDrift`. @internal */
export type Decode<A> = (json: unknown, onDrift?: OnDrift) => Either.Either<A, ParseResult.ParseError>

/** Stock decoding: slower, and the one that says what is wrong. @internal */
export const interpret =
  <A, I>(schema: Schema.Schema<A, I>): Decode<A> =>
  (json) =>
    Schema.decodeUnknownEither(schema, parseOptions)(json)

/** Decodes the answer to a request of a user: a schema that expects nothing takes any JSON. @internal */
export const decodeRequested = <A, I>(schema: Schema.Schema<A, I>): Decode<A> => {
  const decode = decodeWith(schema)
  return AST.isVoidKeyword(schema.ast) ? () => decode(undefined) : decode
}

/** Decodes as `interpret` does, but for a valid input in a fraction of the time; filters must be pure. @internal */
export const decodeWith = <A, I>(schema: Schema.Schema<A, I>): Decode<A> => {
  const interpreted = interpret(schema)
  return Option.match(compile(schema.ast), {
    onNone: () => interpreted,
    onSome: (read) => (json) => {
      const value = read(json)
      return value === invalid ? interpreted(json) : Either.right(value as A)
    }
  })
}
