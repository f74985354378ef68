import type * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import type { Validation } from "../../AvaraError.js"
import * as Issue from "../../Issue.js"
import type { Decode } from "../decode/decoder.js"
import { notSent } from "../request/issues.js"

/** Decodes input and rejects fields that the schema does not name, because they are probably misspelled. @internal */
export const strictly =
  <A, I>(schema: Schema.Schema<A, I>): Decode<A> =>
  (input) =>
    Schema.decodeUnknownEither(schema, { errors: "all", onExcessProperty: "error" })(input)

const withoutParams = ({ message, path }: Issue.Issue): Issue.Issue => ({
  message,
  path: path[0] === "params" ? path.slice(1) : path
})

/** Checks the input of an operation and reports all issues together. Paths in them omit `params`. @internal */
export const decodeInput = <A>(operation: string, decode: Decode<A>, input: unknown): Effect.Effect<A, Validation> =>
  Either.mapLeft(decode(input), (error) => notSent(operation, Issue.fromParseError(error).map(withoutParams)))
