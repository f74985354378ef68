import { describe, expect, it } from "@effect/vitest"
import { type AvaraError, Customers, RateLimiter } from "@effect-avara/core"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Ref from "effect/Ref"
import { makeChance } from "../fuzz/random.js"
import { customerOf, json, layerOver, type Reply, refused } from "../properties/server.js"
import { withVirtualTime } from "../support/virtualTime.js"

const fibers = 200

/** The number of retries that the default budget of 500 tokens pays for. */
const retriesOfBudget = 100

const timeout = 60_000

const ok = json(customerOf("cus_1"))

const refusals = [
  refused(429),
  refused(429, { "retry-after": "2" }),
  refused(503),
  refused(503, { "retry-after-ms": "1500" })
] as const

interface Call {
  readonly fiber: number
  readonly start: number
  readonly end: number
  readonly attempts: number
  readonly outcome: Either.Either<unknown, AvaraError>
}

/** A server whose behavior depends on the time, and that records its requests. */
const makeServer = (replyAt: (now: number) => Reply) => {
  const times: Array<number> = []
  const answer = () =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      times.push(now)
      return replyAt(now)
    })
  return {
    answer,
    attemptsBetween: (from: number, to: number) => times.filter((time) => time >= from && time < to).length
  }
}

/** One call of a fiber, with its start, end and error. */
const call = (fiber: number) =>
  Effect.gen(function* () {
    const customers = yield* Customers
    const start = yield* Clock.currentTimeMillis
    const outcome = yield* Effect.either(customers.retrieve("cus_1"))
    const attempts = Either.match(outcome, { onLeft: (error) => error.attempts, onRight: () => 0 })
    return { fiber, start, end: yield* Clock.currentTimeMillis, attempts, outcome } satisfies Call
  })

/** The calls of 200 fibers, each a second after its fiber's previous one. */
const storm = (callsOfFiber: number): Effect.Effect<ReadonlyArray<Call>, never, Customers> =>
  Effect.forEach(
    Array.from({ length: fibers }, (_, fiber) => fiber),
    (fiber) => Effect.replicateEffect(Effect.zipLeft(call(fiber), Effect.sleep("1 second")), callsOfFiber),
    { concurrency: "unbounded" }
  ).pipe(
    Effect.map((calls) => calls.flat()),
    withVirtualTime
  )

const isGood = ({ outcome }: Call) => Either.isRight(outcome)

const isIn =
  (from: number, to: number) =>
  ({ start }: Call) =>
    start >= from && start < to

const everyFiberEnded = (calls: ReadonlyArray<Call>, callsOfFiber: number) => {
  const counts = new Map<number, number>()
  for (const { fiber } of calls) counts.set(fiber, (counts.get(fiber) ?? 0) + 1)
  expect([...counts.values()]).toEqual(Array.from({ length: fibers }, () => callsOfFiber))
}

describe("a storm of 429s and 503s", () => {
  const down = [3_000, 8_000] as const
  const downAgain = [14_000, 18_000] as const
  const isDown = (now: number) => [down, downAgain].some(([from, to]) => now >= from && now < to)

  it.live(
    "is retried only as often as the budget allows, ends, and is retried again after the server recovers",
    () => {
      const chance = makeChance(1)
      const server = makeServer((now) => (isDown(now) ? chance.pick(refusals) : ok))
      return Effect.gen(function* () {
        const calls = yield* storm(22)
        const attempts = server.attemptsBetween(0, Infinity)
        everyFiberEnded(calls, 22)
        expect(attempts).toBeLessThanOrEqual(1.1 * calls.length + retriesOfBudget)
        for (const [from, to] of [down, downAgain]) {
          const retries = server.attemptsBetween(from, to) - calls.filter(isIn(from, to)).length
          expect(retries).toBeLessThanOrEqual(retriesOfBudget)
          expect(retries).toBeGreaterThan(retriesOfBudget / 2)
          expect(calls.filter(isIn(from, to)).filter(isGood).length).toBeLessThan(retriesOfBudget)
        }
        const calm = calls.filter(({ start }) => !isDown(start))
        expect(calm.length).toBeGreaterThan(fibers * 10)
        expect(calm.every(isGood)).toBe(true)
      }).pipe(Effect.provide(layerOver(server.answer)))
    },
    timeout
  )

  for (const share of [0.4, 0.9]) {
    it.live(
      `of ${share * 100} % of all requests never has retries that nothing paid for`,
      () => {
        const chance = makeChance(2)
        const server = makeServer(() => (chance.chance(share) ? chance.pick(refusals) : ok))
        return Effect.gen(function* () {
          const calls = yield* storm(6)
          const retries = server.attemptsBetween(0, Infinity) - calls.length
          everyFiberEnded(calls, 6)
          // A successful call refunds at most the 5 tokens of its last retry.
          expect(5 * retries).toBeLessThanOrEqual(5 * retriesOfBudget + 5 * calls.filter(isGood).length)
          expect(retries).toBeGreaterThan(retriesOfBudget / 2)
        }).pipe(Effect.provide(layerOver(server.answer)))
      },
      timeout
    )
  }
})

describe("a storm with a limiter", () => {
  const highest = 400
  const capacity = 50
  const recovery = 20_000

  /** A limiter whose rate is observable. */
  const limiter = Effect.map(Ref.make(RateLimiter.initialState(highest)), (state) => ({
    rate: Effect.map(Ref.get(state), ({ rate }) => rate),
    layer: Layer.effect(
      RateLimiter.RateLimiter,
      RateLimiter.make(
        { requestsPerSecond: highest, concurrency: 50 },
        { modify: (change) => Ref.modify(state, change) }
      )
    )
  }))

  /** Accepts a limited number of requests in a second, then refuses until it recovers. */
  const overloaded = () => {
    const served = new Map<number, number>()
    return makeServer((now) => {
      const second = Math.floor(now / 1000)
      const count = (served.get(second) ?? 0) + 1
      served.set(second, count)
      return now < recovery && count > capacity ? refused(429, { "retry-after-ms": "100" }) : ok
    })
  }

  it.live(
    "sends about as much as the server accepts, starves no caller, and returns to its highest rate",
    () =>
      Effect.gen(function* () {
        const { layer, rate } = yield* limiter
        const server = overloaded()
        const rates: Array<number> = []
        const answer = () =>
          Effect.zipRight(
            Effect.map(rate, (now) => rates.push(now)),
            server.answer()
          )
        const calls = yield* storm(20).pipe(Effect.provide(Layer.provide(layerOver(answer), Layer.orDie(layer))))
        everyFiberEnded(calls, 20)
        const sent = server.attemptsBetween(5_000, recovery) / ((recovery - 5_000) / 1000)
        expect(sent).toBeLessThan(2 * capacity)
        expect(sent).toBeGreaterThan(capacity / 2)
        expect(Math.min(...rates)).toBeLessThan(highest / 4)
        expect(yield* rate).toBe(highest)
        const longest = Math.max(...calls.map(({ end, start }) => end - start))
        expect(longest).toBeLessThan(Duration.toMillis("60 seconds"))
      }),
    timeout
  )
})
