import { Customers, type StreamParams } from "@effect-avara/core"
import { NodeAvara } from "@effect-avara/node"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import type { Consumed, MakePeer } from "../peer.js"
import { apiKey } from "../wire.js"

const consumed = (use: () => Consumed): Effect.Effect<unknown> =>
  Effect.suspend(() => {
    const used = use()
    return used === undefined ? Effect.void : Effect.promise(() => used)
  })

/** This library, with everything that it does by default, listing with these parameters. */
export const makeWith =
  (params: StreamParams): MakePeer =>
  (baseUrl) => {
    const runtime = ManagedRuntime.make(NodeAvara.layer({ apiKey: Redacted.make(apiKey), baseUrl }))
    return {
      eachCustomer: (use) =>
        runtime.runPromise(
          Effect.flatMap(Customers, (customers) =>
            Stream.runForEach(customers.stream(params), (customer) => Effect.sync(() => use(customer)))
          )
        ),
      eachPage: (use) =>
        runtime.runPromise(
          Effect.flatMap(Customers, (customers) =>
            Stream.runForEachChunk(customers.stream(params), (chunk) =>
              consumed(() => use(Chunk.toReadonlyArray(chunk)))
            )
          )
        ),
      eachReceivedPage: (use) =>
        runtime.runPromise(
          Effect.flatMap(Customers, (customers) =>
            Stream.runForEach(customers.pages(params), ({ received }) => consumed(() => use(received)))
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

/** This library as its users find it. */
export const make = makeWith({})
