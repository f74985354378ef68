import type { JobsDatabaseFailed } from "@effect-avara/jobs/JobError"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { withoutSecrets } from "../database.js"
import type { Failure } from "../failure.js"
import type { Progress } from "../progress.js"
import { safe } from "../text.js"

const pause = "2 seconds"

/** Checks whether a failure may be temporary, for example because the database restarts. */
const isPassing = (failure: Failure): failure is JobsDatabaseFailed =>
  failure._tag === "JobsDatabaseFailed" && (failure.reason === "busy" || failure.reason === "other")

const saidEveryMillis = 60_000

/** Retries while the database is unavailable, and reports that once a minute. The worker itself waits for the database too. */
export const patiently =
  (progress: Progress, to: string) =>
  <A, E extends Failure, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.suspend(() => {
      let saidMillis = Number.NEGATIVE_INFINITY
      const say = (failure: E) =>
        Effect.flatMap(Clock.currentTimeMillis, (now) => {
          if (!isPassing(failure) || now - saidMillis < saidEveryMillis) return Effect.void
          saidMillis = now
          return progress.say(safe`Waiting for the database: ${withoutSecrets(failure.detail, to)}`)
        })
      return Effect.retry(Effect.tapError(effect, say), { while: isPassing, schedule: Schedule.spaced(pause) })
    })
