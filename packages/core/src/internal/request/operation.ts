import type * as Effect from "effect/Effect"
import type { AvaraError, CallError, InvalidResponse, OutcomeUnknown } from "../../AvaraError.js"
import type { Issue } from "../../Issue.js"
import type { Decode } from "../decode/decoder.js"
import type { Query } from "../settings/clientOptions.js"
import type { Method } from "../transport/transport.js"
import type { Path } from "./path.js"

/** The refusals that only some operations know; to the others such a status is unexpected. @internal */
export type Refusal = "NotFound" | "Conflict" | "Inactive"

/** Whether sending a request twice does no more than sending it once. @internal */
export type Replay = "safe" | "unsafe"

/** Methods compare both ways, so that an operation of any value is one of unknown. */
interface Methods<A> {
  check(value: A): ReadonlyArray<Issue>
  clean(value: A, redact: (text: string) => string): A
}

/** One call of the API, as data. @internal */
export interface Operation<A, R extends Refusal, P extends Replay> {
  readonly name: string
  readonly method: Method
  readonly path: Path
  readonly query?: Query | undefined
  readonly body?: unknown
  readonly decode: Decode<A>
  /** Whether `decode` takes text, so that a body can be something else than JSON. */
  readonly readsText?: boolean
  /** What is wrong with a value of the right shape. */
  readonly check?: Methods<A>["check"] | undefined
  /** Takes what the request sent out of a value whose words end in an error. */
  readonly clean?: Methods<A>["clean"] | undefined
  readonly replay: P
  readonly refusals: ReadonlyArray<R>
  /** The last word on a failure, with whether an attempt before it may have been processed. */
  readonly recover?: (error: OperationError<R, P>, afterAmbiguous: boolean) => Effect.Effect<A, OperationError<R, P>>
  /** What the path names, for `NotFound` and `Inactive`. */
  readonly subject?: { readonly resource: string; readonly id: string; readonly userId?: string } | undefined
}

/** What an operation fails with: an unreadable answer hides the outcome of what must not be sent twice. @internal */
export type OperationError<R extends Refusal, P extends Replay> =
  | CallError
  | Extract<AvaraError, { readonly _tag: R }>
  | (P extends "safe" ? InvalidResponse : OutcomeUnknown)

/** @internal */
export type AnyOperation = Operation<unknown, Refusal, Replay>
