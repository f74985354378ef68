import type * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import type { Validation } from "../../AvaraError.js"
import * as Issue from "../../Issue.js"
import type { Decode } from "../decode/decoder.js"
import { notSent } from "../request/issues.js"

/** Refuses what the schema does not name, as it would be a spelling mistake. @internal */
export const strictly =
  <A, I>(schema: Schema.Schema<A, I>): Decode<A> =>
  (input) =>
    Schema.decodeUnknownEither(schema, { errors: "all", onExcessProperty: "error" })(input)

const withoutParams = ({ message, path }: Issue.Issue): Issue.Issue => ({
  message,
  path: path[0] === "params" ? path.slice(1) : path
})

/** Checks the input of an operation, all of it at once; what stands under `params` is reported as if it stood at the top. @internal */
export const decodeInput = <A>(operation: string, decode: Decode<A>, input: unknown): Effect.Effect<A, Validation> =>
  Either.mapLeft(decode(input), (error) => notSent(operation, Issue.fromParseError(error).map(withoutParams)))
