import * as RateLimiter from "@effect-avara/core/RateLimiter"
import * as ConfigError from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"
import type { Database } from "./database.js"
import { makeSharedRate } from "./sharedRate.js"

/** How fast all workers of a database send together: a number of requests a second, or text such as `50/s`. @internal */
export type Rate = number | `${number}/s`

const refused = Effect.fail(
  ConfigError.InvalidData(["rate"], 'expected requests per second, as a number above zero or as text such as "50/s"')
)

/** Reads a rate in requests a second. @internal */
export const parseRate = (rate: Rate): Effect.Effect<number, ConfigError.ConfigError> => {
  const number = typeof rate === "string" && /^\d+(?:\.\d+)?\/s$/.test(rate) ? Number(rate.slice(0, -2)) : rate
  return typeof number === "number" && number > 0 && Number.isFinite(number) ? Effect.succeed(number) : refused
}

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
