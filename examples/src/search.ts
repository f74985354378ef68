/** Search the list as a stream that requests only the pages it needs. */
import { Customers } from "@effect-avara/core"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"

/** The first active customers with many users. The stream stops at the page that contains the last of them. */
export const busiest = Effect.fnUntraced(function* (options: {
  readonly atLeastUsers: number
  readonly count: number
}) {
  const customers = yield* Customers
  return yield* customers.stream().pipe(
    Stream.filter(({ isActive, userCount }) => isActive && userCount >= options.atLeastUsers),
    Stream.take(options.count),
    Stream.map(({ expressCustomerName, userCount }) => ({ expressCustomerName, userCount })),
    Stream.runCollect,
    Effect.map(Chunk.toReadonlyArray)
  )
})

export const program = busiest({ atLeastUsers: 1, count: 5 })
