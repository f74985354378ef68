import { describe, expect, it } from "@effect/vitest"
import { Customers, type StreamError, type StreamParams } from "@effect-avara/core"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { withVirtualTime } from "../support/virtualTime.js"
import { type Moving, makeMoving, moving } from "./moving.js"
import { customerOf, json, layerOver, type Reply } from "./server.js"

const settings = { timeout: 60_000, fastCheck: { numRuns: 50 } }

type Server = ReturnType<typeof makeMoving>

interface Read {
  readonly ids: ReadonlyArray<string>
  readonly error: StreamError | undefined
}

const replyOf = (server: Server, { searchParams }: URL): Reply =>
  Effect.flatMap(
    server.fetch(searchParams.get("cursor") ?? undefined, Number(searchParams.get("limit"))),
    ({ items, ...page }) => json({ expressCustomers: items.map((id) => customerOf(id)), ...page })
  )

const read = (server: Server, params: StreamParams): Effect.Effect<Read> => {
  const ids: Array<string> = []
  return Customers.pipe(
    Effect.flatMap((customers) =>
      Stream.runForEach(customers.stream(params), ({ expressCustomerId }) =>
        Effect.sync(() => ids.push(expressCustomerId))
      )
    ),
    withVirtualTime,
    Effect.match({ onFailure: (error) => ({ ids, error }), onSuccess: () => ({ ids, error: undefined }) }),
    Effect.provide(layerOver((_, url) => replyOf(server, url)))
  )
}

const ways: ReadonlyArray<readonly [string, (list: Moving) => StreamParams]> = [
  ['verify: "overlap"', ({ limit }) => ({ limit, verify: "overlap" })],
  ["parallel", ({ limit, parallel }) => ({ limit, parallel })],
  ["both, and distinct: false", ({ limit, parallel }) => ({ limit, parallel, verify: "overlap", distinct: false })]
]

describe("a stream of customers that come and go while it is read", () => {
  for (const [what, paramsOf] of ways) {
    it.live.prop(
      `has each customer that was there all the time, once and in order, with ${what}`,
      { list: moving },
      ({ list }) => {
        const server = makeMoving(list)
        return Effect.map(read(server, paramsOf(list)), ({ error, ids }) => {
          const lasting = server.lasting()
          const known = new Set(lasting)
          expect(error).toBeUndefined()
          expect(ids.filter((id) => known.has(id))).toEqual(lasting)
          expect(new Set(ids).size).toBe(ids.length)
        })
      },
      settings
    )
  }
})
