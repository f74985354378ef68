/** One rate for all workers of a PostgreSQL database, by the clock of the database. */

import * as SqlClient from "@effect/sql/SqlClient"
import type { SqlError } from "@effect/sql/SqlError"
import type { Outcome, RateLimiterService } from "@effect-avara/core/RateLimiter"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import type { Database } from "../database/database.js"

/** The number of requests that may follow each other without a wait, which makes up for late turns. @internal */
export const burst = 5

/** A turn that is due later is not taken yet, because it would be lost if its worker stopped while it waits. */
const soonMillis = 1000

const hourMillis = 3_600_000

/** The turns of all workers. @internal */
export const makeTurns = ({ sql }: Database, requestsPerSecond: number) => {
  const now = sql.literal("(extract(epoch FROM clock_timestamp()) * 1000)::double precision")
  const interval = 1000 / requestsPerSecond
  const first = sql`${now} - ${(burst - 1) * interval}`
  const isChanged = sql`abs(${now} - greatest(r.slowed_at, r.raised_at)) < 1000`
  // A turn is further ahead only after a pause that the server asked for, or if the clock was set back.
  const isLost = sql`r.due_at > ${now} + ${soonMillis} AND r.slowed_at NOT BETWEEN ${now} - ${hourMillis} AND ${now}`
  const next = sql`greatest(CASE WHEN ${isLost} THEN ${now} ELSE r.due_at END + ${interval} / r.share,
    ${now} - ${(burst - 1) * interval} / r.share)`

  /** Takes the next turn, and returns the milliseconds to wait for it, or nothing if it is not due soon. */
  const take = sql<{ readonly wait: number }>`
    INSERT INTO avara_job_rate AS r (id, due_at, share, slowed_at, raised_at) VALUES (1, ${first}, 1, 0, 0)
    ON CONFLICT (id) DO UPDATE SET
      due_at = ${next},
      share = CASE WHEN ${isChanged} THEN r.share ELSE least(1, r.share + 0.05) END,
      raised_at = CASE WHEN r.share = 1 OR ${isChanged} THEN r.raised_at ELSE ${now} END
    WHERE ${next} <= ${now} + ${soonMillis}
    RETURNING greatest(0, r.due_at - ${now}) AS wait`.pipe(
    Effect.map(([row]) => (row === undefined ? undefined : Number(row.wait)))
  )

  /** Halves the rate, at most once a second, and delays all turns. */
  const slow = (pauseMillis: number) =>
    sql`UPDATE avara_job_rate SET
      due_at = greatest(due_at, ${now} + ${pauseMillis}),
      share = CASE WHEN abs(${now} - slowed_at) < 1000 THEN share ELSE greatest(0.01, share * 0.5) END,
      slowed_at = CASE WHEN abs(${now} - slowed_at) < 1000 THEN slowed_at ELSE ${now} END`

  return { take, slow } as const
}

/** Without the database no outcome can be stored either, so the attempt waits for the database until its deadline. */
const untilItWorks = <A>(effect: Effect.Effect<A, SqlError>): Effect.Effect<A> =>
  Effect.orDie(Effect.retry(effect, Schedule.spaced("1 second")))

/** Leaves the caller's transaction, which would block all other turns until its end. Writes no span: one per turn would hide those of requests. */
const apart = <A>(effect: Effect.Effect<A>): Effect.Effect<A> =>
  effect.pipe(
    Effect.mapInputContext((context: Context.Context<never>) => Context.omit(SqlClient.TransactionConnection)(context)),
    Effect.withTracerEnabled(false)
  )

const pauseOf = (outcome: Outcome): number | undefined =>
  outcome._tag === "Accepted"
    ? undefined
    : Option.match(outcome.retryAfter, { onNone: () => 0, onSome: Duration.toMillis })

/** @internal */
export const makeSharedRate = (database: Database, requestsPerSecond: number): Effect.Effect<RateLimiterService> =>
  Effect.map(Effect.makeSemaphore(1), (queue) => {
    const { slow, take } = makeTurns(database, requestsPerSecond)
    const turn: Effect.Effect<void> = Effect.flatMap(apart(untilItWorks(take)), (wait) => {
      if (wait === undefined) return Effect.zipRight(Effect.sleep(soonMillis / 2), turn)
      return wait === 0 ? Effect.void : Effect.sleep(Math.ceil(wait))
    })
    return {
      limit: (attempt) => Effect.zipRight(queue.withPermits(1)(turn), attempt),
      report: (outcome) => {
        const pause = pauseOf(outcome)
        return pause === undefined ? Effect.void : apart(Effect.ignore(slow(pause)))
      }
    }
  })
