import * as Effect from "effect/Effect"
import * as PubSub from "effect/PubSub"
import * as Stream from "effect/Stream"
import type { RecordedRequest } from "../Emulator.js"

const kept = 1000

export interface Recorder {
  readonly record: (request: Omit<RecordedRequest, "id">) => Effect.Effect<void>
  readonly all: Effect.Effect<ReadonlyArray<RecordedRequest>>
  readonly stream: Stream.Stream<RecordedRequest>
  readonly clear: Effect.Effect<void>
}

/** Keeps the last 1,000 requests, and publishes each new one. */
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
