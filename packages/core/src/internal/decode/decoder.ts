import * as Either from "effect/Either"
import * as Option from "effect/Option"
import type * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"
import { compile, invalid, parseOptions } from "./compile.js"

/** Checks whether a schema decodes only text. @internal */
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

/** Receives the path of a field that is read as absent because it does not have its documented shape. @internal */
export type OnDrift = (path: string) => void

/** Decodes the JSON of a response, strictly if there is no `onDrift`. @internal */
export type Decode<A> = (json: unknown, onDrift?: OnDrift) => Either.Either<A, ParseResult.ParseError>

/** Decodes with Effect's own decoder, which is slower and finds the issues. @internal */
export const interpret =
  <A, I>(schema: Schema.Schema<A, I>): Decode<A> =>
  (json) =>
    Schema.decodeUnknownEither(schema, parseOptions)(json)

/** Decodes the response to a user's request. `Schema.Void` accepts any JSON. @internal */
export const decodeRequested = <A, I>(schema: Schema.Schema<A, I>): Decode<A> => {
  const decode = decodeWith(schema)
  return AST.isVoidKeyword(schema.ast) ? () => decode(undefined) : decode
}

/** Decodes like `interpret`, but takes a fraction of the time for valid input. Filters must be pure. @internal */
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
