import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Validation } from "../AvaraError.js"
import * as Issue from "../Issue.js"

/** Checks the input of an operation, all of it at once; what stands under `params` is reported as if it stood at the top. @internal */
export const decodeInput = <A, I>(
  operation: string,
  schema: Schema.Schema<A, I>,
  input: I
): Effect.Effect<A, Validation> =>
  Effect.mapError(
    Schema.decodeUnknown(schema, { errors: "all", onExcessProperty: "error" })(input),
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
