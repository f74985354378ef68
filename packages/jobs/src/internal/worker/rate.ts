import * as RateLimiter from "@effect-avara/core/RateLimiter"
import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"
import type { Database } from "../database/database.js"
import { makeSharedRate } from "./sharedRate.js"

/** Creates the rate limiter of a worker. An SQLite file has only one worker, so a local limiter is enough. @internal */
export const makeRate = (
  database: Database,
  requestsPerSecond: number
): Effect.Effect<RateLimiter.RateLimiterService> =>
  database.dialect === "pg"
    ? makeSharedRate(database, requestsPerSecond)
    : Effect.flatMap(Ref.make(RateLimiter.initialState(requestsPerSecond)), (state) =>
        Effect.orDie(RateLimiter.make({ requestsPerSecond }, { modify: (change) => Ref.modify(state, change) }))
      )
