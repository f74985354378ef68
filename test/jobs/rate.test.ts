/** The rate that all workers of a PostgreSQL database share. The clock is the database's. To let time pass, tests set its stored times back. */
import * as PgClient from "@effect/sql-pg/PgClient"
import { expect, layer } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { open } from "../../packages/jobs/src/internal/database/database.js"
import { burst, makeSharedRate, makeTurns } from "../../packages/jobs/src/internal/worker/sharedRate.js"
import { postgres } from "../export/postgres.js"

const Database = Layer.unwrapScoped(Effect.map(postgres, (url) => PgClient.layer({ url: Redacted.make(url) })))

/** An unused rate, and its row in the database. */
const fresh = Effect.gen(function* () {
  const database = yield* open
  const { sql } = database
  yield* sql`TRUNCATE avara_job_rate`
  const share = Effect.map(sql<{ share: number }>`SELECT share FROM avara_job_rate`, ([row]) => row?.share)
  const pass = (millis: number) =>
    sql`UPDATE avara_job_rate
      SET due_at = due_at - ${millis}, slowed_at = slowed_at - ${millis}, raised_at = raised_at - ${millis}`
  return { database, share, pass, sql }
})

const throttled = (seconds: number) => ({
  _tag: "Throttled" as const,
  retryAfter: Option.some(Duration.seconds(seconds))
})

layer(Database, { excludeTestServices: true })("the rate of all workers", (it) => {
  it.effect("is shared, and lets five requests follow each other immediately", () =>
    Effect.gen(function* () {
      const { database, pass } = yield* fresh
      const one = makeTurns(database, 2.5)
      const other = makeTurns(database, 2.5)
      const take = Effect.map(Effect.all([one.take, other.take]), (waits) =>
        waits.map((wait) => (wait === undefined ? "later" : Math.round(wait / 400)))
      )
      expect(yield* Effect.replicateEffect(take, 4)).toEqual([
        [0, 0],
        [0, 0],
        [0, 1],
        [2, "later"]
      ])
      yield* pass(60_000)
      expect(yield* Effect.replicateEffect(take, 3)).toEqual([
        [0, 0],
        [0, 0],
        [0, 1]
      ])
    })
  )

  it.effect("gives a turn to a caller that still waits, although others stopped waiting", () =>
    Effect.gen(function* () {
      const { database, pass } = yield* fresh
      const { take } = makeTurns(database, 0.1)
      yield* Effect.replicateEffect(take, burst)
      expect(yield* Effect.replicateEffect(take, 3)).toEqual([undefined, undefined, undefined])
      yield* pass(9_500)
      expect(yield* take).toBeLessThanOrEqual(500)
    })
  )

  it.effect("continues when the clock of the database is set back", () =>
    Effect.gen(function* () {
      const { database, pass, share } = yield* fresh
      const { slow, take } = makeTurns(database, 1000)
      yield* take
      yield* slow(0)
      yield* pass(-7_200_000)
      expect(yield* take).toBeLessThanOrEqual(10)
      expect(yield* share).toBe(0.55)
    })
  )

  it.effect("is halved at most once a second, and recovers a twentieth each second without a refusal", () =>
    Effect.gen(function* () {
      const { database, pass, share } = yield* fresh
      const { slow, take } = makeTurns(database, 1000)
      yield* take
      yield* Effect.replicateEffect(slow(0), 2)
      expect(yield* share).toBe(0.5)
      yield* take
      expect(yield* share).toBe(0.5)
      yield* pass(1000)
      yield* slow(0)
      expect(yield* share).toBe(0.25)
      yield* pass(1000)
      yield* Effect.replicateEffect(take, 2)
      expect(yield* share).toBeCloseTo(0.3)
      const steps = Effect.zipRight(pass(1000), take)
      yield* Effect.replicateEffect(steps, 15)
      expect(yield* share).toBe(1)
      for (const _ of Array(8)) yield* Effect.zipRight(pass(1000), slow(0))
      expect(yield* share).toBe(0.01)
    })
  )

  it.effect("makes every caller wait for as long as the server asks", () =>
    Effect.gen(function* () {
      const { database, pass, sql } = yield* fresh
      const one = yield* makeSharedRate(database, 50)
      const other = yield* makeSharedRate(database, 50)
      yield* other.report({ _tag: "Accepted" })
      yield* one.limit(Effect.void)
      // A caller's transaction does not affect others.
      yield* Effect.flip(sql.withTransaction(Effect.zipRight(one.report(throttled(30)), Effect.fail("rolled back"))))
      const waited = yield* Effect.timeoutOption(other.limit(Effect.void), "50 millis")
      expect(Option.isNone(waited)).toBe(true)
      const { take } = makeTurns(database, 50)
      yield* pass(28_500)
      expect(yield* take).toBeUndefined()
      yield* pass(1500)
      expect(yield* take).toBeLessThanOrEqual(20)
    })
  )

  it.effect("starts over when the database has lost it in a crash", () =>
    Effect.gen(function* () {
      const { database, sql } = yield* fresh
      const { limit } = yield* makeSharedRate(database, 0.001)
      yield* limit(Effect.void)
      yield* sql`TRUNCATE avara_job_rate`
      expect(yield* limit(Effect.succeed("turn"))).toBe("turn")
    })
  )
})
