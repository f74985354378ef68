import type * as Effect from "effect/Effect"
import type { AvaraError, CallError, InvalidResponse, OutcomeUnknown } from "../../AvaraError.js"
import type { Issue } from "../../Issue.js"
import type { Decode } from "../decode/decoder.js"
import type { Query } from "../settings/clientOptions.js"
import type { Method } from "../transport/transport.js"
import type { Path } from "./path.js"

/** The refusals that only some operations know. For other operations, their statuses are unexpected. @internal */
export type Refusal = "NotFound" | "Conflict" | "Inactive"

/** Whether sending a request twice has the same effect as sending it once. @internal */
export type Replay = "safe" | "unsafe"

/** Method syntax is bivariant, so an operation of any value is also an operation of `unknown`. */
interface Methods<A> {
  check(value: A): ReadonlyArray<Issue>
  clean(value: A, redact: (text: string) => string): A
}

/** The description of one call of the API. @internal */
export interface Operation<A, R extends Refusal, P extends Replay> {
  readonly name: string
  readonly method: Method
  readonly path: Path
  readonly query?: Query | undefined
  readonly body?: unknown
  readonly decode: Decode<A>
  /** Whether `decode` accepts text, so that the body need not be JSON. */
  readonly readsText?: boolean
  /** Returns the issues of a value that has the right shape. */
  readonly check?: Methods<A>["check"] | undefined
  /** Removes values that the request sent from a value whose text becomes part of an error. */
  readonly clean?: Methods<A>["clean"] | undefined
  readonly replay: P
  readonly refusals: ReadonlyArray<R>
  /** Replaces the final error. `afterAmbiguous` says whether the server may have processed an earlier attempt. */
  readonly recover?: (error: OperationError<R, P>, afterAmbiguous: boolean) => Effect.Effect<A, OperationError<R, P>>
  /** The resource that the path names, for `NotFound` and `Inactive`. */
  readonly subject?: { readonly resource: string; readonly id: string; readonly userId?: string } | undefined
}

/** The errors of an operation. An invalid response leaves the outcome of an unsafe operation unknown. @internal */
export type OperationError<R extends Refusal, P extends Replay> =
  | CallError
  | Extract<AvaraError, { readonly _tag: R }>
  | (P extends "safe" ? InvalidResponse : OutcomeUnknown)

/** @internal */
export type AnyOperation = Operation<unknown, Refusal, Replay>
