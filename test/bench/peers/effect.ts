import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { clientOf, list, retrieve } from "../handWritten.js"
import type { MakePeer } from "../peer.js"
import { apiKey, pageSize } from "../wire.js"

/** The code that an Effect user writes by hand: `HttpClient` and `Schema`, everything checked. */
export const make: MakePeer = (baseUrl) => {
  const runtime = ManagedRuntime.make(NodeHttpClient.layerUndici)
  const customers = Stream.unwrap(
    Effect.map(clientOf(baseUrl, apiKey), (client) =>
      Stream.paginateChunkEffect(undefined as string | undefined, (cursor) =>
        Effect.map(
          list(client, pageSize, cursor),
          (page) =>
            [
              Chunk.unsafeFromArray(page.expressCustomers),
              page.hasMore
                ? Option.map(Option.fromNullable(page.cursor), (next): string | undefined => next)
                : Option.none()
            ] as const
        )
      )
    )
  )
  return {
    eachCustomer: (use) => runtime.runPromise(Stream.runDrain(Stream.map(customers, use))),
    runForEach: (use) =>
      runtime.runPromise(Stream.runForEach(customers, (customer) => Effect.sync(() => use(customer)))),
    eachPage: (use) =>
      runtime.runPromise(
        Stream.runForEachChunk(customers, (chunk) =>
          Effect.suspend(() => {
            const used = use(Chunk.toReadonlyArray(chunk))
            return used === undefined ? Effect.void : Effect.promise(() => used)
          })
        )
      ),
    retrieve: (ids, concurrency, use) =>
      runtime.runPromise(
        Effect.flatMap(clientOf(baseUrl, apiKey), (client) =>
          Effect.forEach(ids, (id) => Effect.map(retrieve(client, id), use), { concurrency, discard: true })
        )
      ),
    close: () => runtime.dispose()
  }
}
