import * as Effect from "effect/Effect"
import * as PubSub from "effect/PubSub"
import * as Stream from "effect/Stream"
import type { Fault, Operation } from "../Fault.js"

/**
 * A request that the emulator received, and its result.
 *
 * @since 0.1.0
 * @category models
 */
export interface RecordedRequest {
  /** Increases by 1 with each request. */
  readonly id: number
  /** When the request arrived, in ISO 8601. */
  readonly time: string
  /** `null` for a route that the API does not have. */
  readonly operation: Operation | null
  readonly method: string
  /** The pattern of the route, without ids. */
  readonly route: string | null
  /** The path and the query as sent. */
  readonly path: string
  /** `null` if the connection ended before the response. */
  readonly status: number | null
  readonly durationMillis: number
  readonly requestId: string | null
  /** The size of the request's body in bytes; `null` if it was not read. */
  readonly bodySize: number | null
  /** The type of the fault that affected the request. */
  readonly fault: Fault["type"] | null
  /** The first 10,000 characters of the request's body; only with the option `recordBodies`. */
  readonly body?: string
}

const kept = 1000

export interface Recorder {
  readonly record: (request: Omit<RecordedRequest, "id">) => Effect.Effect<void>
  readonly all: Effect.Effect<ReadonlyArray<RecordedRequest>>
  readonly stream: Stream.Stream<RecordedRequest>
  readonly clear: Effect.Effect<void>
}

/** Creates a recorder that keeps the last 1,000 requests and publishes each new one. */
export const makeRecorder: Effect.Effect<Recorder> = Effect.map(PubSub.sliding<RecordedRequest>(kept), (published) => {
  let made = 0
  let requests: Array<RecordedRequest> = []
  return {
    record: (request) =>
      Effect.suspend(() => {
        const recorded = { id: ++made, ...request }
        requests.push(recorded)
        if (requests.length > 2 * kept) requests = requests.slice(-kept)
        return PubSub.publish(published, recorded)
      }),
    all: Effect.sync(() => requests.slice(-kept)),
    stream: Stream.fromPubSub(published),
    clear: Effect.sync(() => {
      requests = []
    })
  }
})
