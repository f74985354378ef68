import * as Either from "effect/Either"
import * as Encoding from "effect/Encoding"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"

const Position = Schema.parseJson(Schema.Struct({ offset: Schema.NonNegativeInt }))
const decodePosition = Schema.decodeEither(Position)

/** Creates the cursor for the customers after the first `offset` ones. */
export const encode = (offset: number): string => Encoding.encodeBase64(JSON.stringify({ offset }))

const decode = (cursor: string): Either.Either<number, unknown> =>
  Encoding.decodeBase64String(cursor).pipe(
    Either.flatMap(decodePosition),
    Either.map(({ offset }) => offset),
    Either.filterOrLeft(
      (offset) => encode(offset) === cursor,
      () => "not a cursor of the emulator"
    )
  )

/** Transforms the cursor of a request into its offset. */
export const Cursor = Schema.transformOrFail(Schema.String, Schema.NonNegativeInt, {
  strict: true,
  decode: (cursor, _, ast) => Either.mapLeft(decode(cursor), () => new ParseResult.Type(ast, cursor)),
  encode: (offset) => ParseResult.succeed(encode(offset))
}).annotations({
  description: "the cursor of an earlier page",
  jsonSchema: {
    type: "string",
    description: "Opaque text from the previous response; without it, the first page is returned."
  }
})
