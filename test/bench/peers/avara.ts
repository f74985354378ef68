import { Customers, type StreamParams } from "@effect-avara/core"
import { NodeAvara } from "@effect-avara/node"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import type { Consumed, MakePeer } from "../peer.js"
import { apiKey } from "../wire.js"

/** Pulls one chunk at a time: running the stream keeps every chunk alive until the next full collection, and pulling does not. */
const forEachChunk = <A, E>(stream: Stream.Stream<A, E>, use: (chunk: Chunk.Chunk<A>) => Consumed) =>
  Effect.scoped(
    Effect.flatMap(Stream.toPull(stream), (pull) =>
      Effect.forever(
        Effect.flatMap(pull, (chunk) => {
          const used = use(chunk)
          return used === undefined ? Effect.void : Effect.promise(() => used)
        })
      )
    )
  ).pipe(Effect.catchAll(Option.match({ onNone: () => Effect.void, onSome: Effect.fail })))

/** This library with its defaults, listing with these parameters. */
export const makeWith =
  (params: StreamParams): MakePeer =>
  (baseUrl) => {
    const runtime = ManagedRuntime.make(NodeAvara.layer({ apiKey: Redacted.make(apiKey), baseUrl }))
    return {
      eachCustomer: (use) =>
        runtime.runPromise(
          Effect.flatMap(Customers, (customers) => Stream.runDrain(Stream.map(customers.stream(params), use)))
        ),
      runForEach: (use) =>
        runtime.runPromise(
          Effect.flatMap(Customers, (customers) =>
            Stream.runForEach(customers.stream(params), (customer) => Effect.sync(() => use(customer)))
          )
        ),
      eachPage: (use) =>
        runtime.runPromise(
          Effect.flatMap(Customers, (customers) =>
            forEachChunk(customers.stream(params), (chunk) => use(Chunk.toReadonlyArray(chunk)))
          )
        ),
      eachReceivedPage: (use) =>
        runtime.runPromise(
          Effect.flatMap(Customers, (customers) =>
            forEachChunk(customers.pages(params), (chunk) => use(Chunk.unsafeHead(chunk).received))
          )
        ),
      retrieve: (ids, concurrency, use) =>
        runtime.runPromise(
          Effect.flatMap(Customers, (customers) =>
            Effect.forEach(ids, (id) => Effect.map(customers.retrieve(id), use), { concurrency, discard: true })
          )
        ),
      close: () => runtime.dispose()
    }
  }

/** This library with its defaults. */
export const make = makeWith({})
