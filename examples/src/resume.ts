/** Read the list page by page, keep the cursor, fail, and resume at the failure. */

import * as KeyValueStore from "@effect/platform/KeyValueStore"
import { type Customer, Customers } from "@effect-avara/core"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"

const checkpoint = "customers.cursor"

/** Processes every page, and keeps the cursor of the next page after each one. */
export const copyTo = Effect.fnUntraced(function* <E, R>(
  save: (page: ReadonlyArray<Customer>) => Effect.Effect<void, E, R>
) {
  const customers = yield* Customers
  const store = yield* KeyValueStore.KeyValueStore
  const cursor = Option.getOrUndefined(yield* store.get(checkpoint))
  yield* customers
    .pages({ cursor })
    .pipe(
      Stream.runForEach((page) =>
        Effect.zipRight(
          save(page.expressCustomers),
          page.hasMore && page.cursor !== undefined ? store.set(checkpoint, page.cursor) : store.remove(checkpoint)
        )
      )
    )
})

class DiskFull extends Data.TaggedError("DiskFull") {}

export const program = Effect.gen(function* () {
  const saved: Array<Customer> = []
  const save = (page: ReadonlyArray<Customer>) => Effect.sync(() => void saved.push(...page))
  const saveOnePage = (page: ReadonlyArray<Customer>) => (saved.length > 0 ? new DiskFull() : save(page))

  const failure = yield* copyTo(saveOnePage).pipe(
    Effect.as("none"),
    Effect.catchTag("DiskFull", ({ _tag }) => Effect.succeed(_tag))
  )
  const before = saved.length
  yield* copyTo(save)
  const distinct = new Set(saved.map(({ expressCustomerId }) => expressCustomerId)).size
  return { failure, before, after: saved.length, distinct }
}).pipe(Effect.provide(KeyValueStore.layerMemory))
