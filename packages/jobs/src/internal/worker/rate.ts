import * as RateLimiter from "@effect-avara/core/RateLimiter"
import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"
import type { Database } from "../database/database.js"
import { makeSharedRate } from "./sharedRate.js"

/** The limiter of a worker. A file has one worker, whose own limiter is the rate of all. @internal */
export const makeRate = (
  database: Database,
  requestsPerSecond: number
): Effect.Effect<RateLimiter.RateLimiterService> =>
  database.dialect === "pg"
    ? makeSharedRate(database, requestsPerSecond)
    : Effect.flatMap(Ref.make(RateLimiter.initialState(requestsPerSecond)), (state) =>
        Effect.orDie(RateLimiter.make({ requestsPerSecond }, { modify: (change) => Ref.modify(state, change) }))
      )
