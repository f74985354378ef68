import type * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { Validation } from "../../AvaraError.js"
import * as Issue from "../../Issue.js"
import type { Decode } from "../decode/decoder.js"

/** Refuses what the schema does not name, as it would be a spelling mistake. @internal */
export const strictly =
  <A, I>(schema: Schema.Schema<A, I>): Decode<A> =>
  (input) =>
    Schema.decodeUnknownEither(schema, { errors: "all", onExcessProperty: "error" })(input)

/** Checks the input of an operation, all of it at once; what stands under `params` is reported as if it stood at the top. @internal */
export const decodeInput = <A>(operation: string, decode: Decode<A>, input: unknown): Effect.Effect<A, Validation> =>
  Either.mapLeft(
    decode(input),
    (error) =>
      new Validation({
        operation,
        attempts: 0,
        source: "client",
        issues: Issue.fromParseError(error).map(({ message, path }) => ({
          message,
          path: path[0] === "params" ? path.slice(1) : path
        }))
      })
  )
