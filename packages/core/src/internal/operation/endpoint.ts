import * as Effect from "effect/Effect"
import type { Validation } from "../../AvaraError.js"
import type { Execute } from "../call/execute.js"
import type { Decode } from "../decode/decoder.js"
import type { Operation, OperationError, Refusal, Replay } from "../request/operation.js"
import type { Path, Template } from "../request/path.js"
import type { Method } from "../transport/transport.js"
import { decodeInput } from "./input.js"

/** The names of the API's operations; the tests have a table of them. @internal */
export type OperationName =
  | "customers.create"
  | "customers.list"
  | "customers.retrieve"
  | "customers.update"
  | "customers.deactivate"
  | "customers.reactivate"
  | "users.add"
  | "users.remove"

/** The parts of a request, and the expectations for its response, that depend on the input. */
interface Sent<A> extends Pick<Operation<A, Refusal, Replay>, "body" | "check" | "clean" | "query" | "subject"> {
  readonly params?: Path["params"]
}

/** An endpoint of the API: its input, method, path and response, and the refusals that it knows. @internal */
export interface Endpoint<I, A, R extends Refusal, P extends Replay> {
  readonly name: OperationName
  readonly method: Method
  readonly path: Template
  readonly input: Decode<I>
  readonly sends: (input: I) => Sent<A>
  readonly decode: Decode<A>
  readonly replay: P
  readonly refusals: ReadonlyArray<R>
}

const noParams: Path["params"] = {}

/** Returns the operation that calls an endpoint with a checked input. @internal */
export const operationOf = <I, A, R extends Refusal, P extends Replay>(
  { decode, method, name, path: template, refusals, replay, sends }: Endpoint<I, A, R, P>,
  input: I
): Operation<A, R, P> => {
  const { body, check, clean, params = noParams, query, subject } = sends(input)
  return { name, method, path: { template, params }, query, body, decode, check, clean, replay, refusals, subject }
}

/** Checks the input of an endpoint, and calls the endpoint. @internal */
export const calling =
  (execute: Execute) =>
  <I, A, R extends Refusal, P extends Replay>(
    endpoint: Endpoint<I, A, R, P>,
    input: unknown
  ): Effect.Effect<A, OperationError<R, P> | Validation> =>
    Effect.flatMap(decodeInput(endpoint.name, endpoint.input, input), (input) => execute(operationOf(endpoint, input)))
