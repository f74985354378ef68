import * as HttpClient from "@effect/platform/HttpClient"
import { describe, expect, it } from "@effect/vitest"
import { Avara, AvaraClient, Customers, RateLimiter, RetryPolicy } from "@effect-avara/core"
import * as Clock from "effect/Clock"
import * as ConfigError from "effect/ConfigError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Ref from "effect/Ref"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import {
  answer,
  asTimePasses,
  customerId,
  exampleCustomer,
  json,
  key,
  movableWallClock,
  type Reply,
  script,
  waits
} from "./support.js"

const accepted: RateLimiter.Outcome = { _tag: "Accepted" }

const throttled = (retryAfter?: Duration.DurationInput): RateLimiter.Outcome => ({
  _tag: "Throttled",
  retryAfter: Option.map(Option.fromNullable(retryAfter), Duration.decode)
})

/** A limiter with a visible store. */
const limiter = (options: RateLimiter.Options) =>
  Effect.gen(function* () {
    const state = yield* Ref.make(RateLimiter.initialState(options.requestsPerSecond ?? Infinity))
    const store: RateLimiter.Store = { modify: (change) => Ref.modify(state, change) }
    const service = yield* RateLimiter.make(options, store)
    return { ...service, store, rate: Effect.map(Ref.get(state), ({ rate }) => rate) }
  })

/** Logs the time when it is run. */
const makeLog = () => {
  const entries: Array<readonly [name: number, at: number]> = []
  const write = (name: number) => Effect.map(Clock.currentTimeMillis, (at) => entries.push([name, at]))
  return {
    write,
    times: () => entries.map(([, at]) => Math.round(at)),
    names: () => entries.map(([name]) => name)
  }
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

const failure = (options: RateLimiter.Options) => Effect.flip(Effect.scoped(Layer.build(RateLimiter.layer(options))))

describe("a limiter's rate", () => {
  it.effect("is never exceeded by fibers that all want to send at the same time", () =>
    Effect.gen(function* () {
      const { limit } = yield* limiter({ requestsPerSecond: 10 })
      const log = makeLog()
      const all = Effect.forEach(numbers(35), (name) => limit(log.write(name)), { concurrency: "unbounded" })
      yield* asTimePasses(all, "1 minute")
      expect(log.times()).toEqual(numbers(35).map((index) => index * 100))
      expect(log.names()).toEqual(numbers(35))
    })
  )

  it.effect("can be below one per second", () =>
    Effect.gen(function* () {
      const { limit } = yield* limiter({ requestsPerSecond: 0.1 })
      const log = makeLog()
      yield* asTimePasses(
        Effect.forEach(numbers(3), (name) => limit(log.write(name))),
        "1 minute"
      )
      expect(log.times()).toEqual([0, 10_000, 20_000])
    })
  )

  for (const requestsPerSecond of [3, 7, 70, 300, 900, 5000]) {
    it.effect(`of ${requestsPerSecond} per second is kept, whatever fractions of a millisecond its turns take`, () =>
      Effect.gen(function* () {
        const { limit } = yield* limiter({ requestsPerSecond })
        const log = makeLog()
        const fiber = yield* Effect.fork(Effect.forEach(numbers(30), (name) => limit(log.write(name))))
        for (let step = 0; step < 110 && log.times().length < 30; step++) yield* TestClock.adjust("100 millis")
        yield* Fiber.interrupt(fiber)
        const late = log.times().map((at, index) => at - (index * 1000) / requestsPerSecond)
        expect(late).toHaveLength(30)
        expect(late.filter((millis) => millis < -1e-6 || millis > 1 + 1e-6)).toEqual([])
      })
    )
  }

  it.effect("is not saved up while nothing is sent", () =>
    Effect.gen(function* () {
      const { limit } = yield* limiter({ requestsPerSecond: 10 })
      const log = makeLog()
      yield* limit(log.write(0))
      yield* TestClock.adjust("10 seconds")
      yield* asTimePasses(
        Effect.forEach([1, 2, 3], (name) => limit(log.write(name))),
        "1 minute"
      )
      expect(log.times()).toEqual([0, 10_000, 10_100, 10_200])
    })
  )

  it.effect("is unlimited by default, and stays unlimited", () =>
    Effect.gen(function* () {
      const { limit, rate, report } = yield* limiter({})
      const log = makeLog()
      yield* Effect.forEach(numbers(1000), (name) => limit(log.write(name)), { concurrency: "unbounded" })
      yield* report(throttled())
      yield* report(accepted)
      yield* limit(log.write(1000))
      expect(log.times()).toEqual(numbers(1001).map(() => 0))
      expect(yield* rate).toBe(Infinity)
    })
  )

  it.effect("is halved by a refusal, at most once per second", () =>
    Effect.gen(function* () {
      const { rate, report } = yield* limiter({ requestsPerSecond: 40 })
      yield* Effect.replicateEffect(report(throttled()), 50)
      expect(yield* rate).toBe(20)
      yield* TestClock.adjust("999 millis")
      yield* report(throttled())
      expect(yield* rate).toBe(20)
      yield* TestClock.adjust("1 millis")
      yield* Effect.replicateEffect(report(throttled()), 50)
      expect(yield* rate).toBe(10)
    })
  )

  it.effect("never falls below a hundredth of the highest rate", () =>
    Effect.gen(function* () {
      const { limit, rate, report } = yield* limiter({ requestsPerSecond: 40 })
      yield* Effect.replicateEffect(Effect.zipRight(report(throttled()), TestClock.adjust("1 second")), 20)
      expect(yield* rate).toBe(0.4)
      const log = makeLog()
      const start = yield* Clock.currentTimeMillis
      yield* asTimePasses(
        Effect.forEach([1, 2], (name) => limit(log.write(name))),
        "1 minute"
      )
      expect(log.times()).toEqual([start, start + 2500])
    })
  )

  it.effect("rises by a twentieth of the highest rate per second, up to the highest rate", () =>
    Effect.gen(function* () {
      const { rate, report } = yield* limiter({ requestsPerSecond: 40 })
      yield* report(throttled())
      const rates: Array<number> = []
      for (let second = 0; second < 13; second++) {
        yield* TestClock.adjust("1 second")
        yield* Effect.replicateEffect(report(accepted), 5)
        rates.push(yield* rate)
      }
      expect(rates).toEqual([22, 24, 26, 28, 30, 32, 34, 36, 38, 40, 40, 40, 40])
    })
  )

  it.effect("does not rise in the second after a refusal", () =>
    Effect.gen(function* () {
      const { rate, report } = yield* limiter({ requestsPerSecond: 40 })
      yield* report(throttled())
      yield* TestClock.adjust("999 millis")
      yield* report(accepted)
      expect(yield* rate).toBe(20)
    })
  )

  it.effect("is shared by two limiters with one store", () =>
    Effect.gen(function* () {
      const first = yield* limiter({ requestsPerSecond: 10 })
      const second = yield* RateLimiter.make({ requestsPerSecond: 10 }, first.store)
      const log = makeLog()
      const sendThrough = ({ limit }: Pick<RateLimiter.RateLimiterService, "limit">) =>
        Effect.forEach(numbers(10), (name) => limit(log.write(name)), { concurrency: "unbounded" })
      yield* asTimePasses(Effect.all([sendThrough(first), sendThrough(second)], { concurrency: 2 }), "1 minute")
      expect(log.times()).toEqual(numbers(20).map((index) => index * 100))
      yield* second.report(throttled("7 seconds"))
      expect(yield* first.rate).toBe(5)
      const start = yield* Clock.currentTimeMillis
      yield* asTimePasses(first.limit(log.write(20)), "1 minute")
      expect(log.times().at(-1)).toBe(start + 7000)
    })
  )
})

describe("setting the wall clock", () => {
  const monotonicTime = Effect.map(Clock.currentTimeNanos, (nanos) => Number(nanos / 1_000_000n))

  for (const [how, byMillis] of [
    ["back by an hour", -3_600_000],
    ["forward by an hour", 3_600_000]
  ] as const) {
    it.effect(`${how} does not move the turns of a limiter`, () =>
      Effect.gen(function* () {
        const { on, set } = yield* movableWallClock
        const { limit } = yield* limiter({ requestsPerSecond: 2 })
        const times: Array<number> = []
        const send = limit(
          Effect.map(monotonicTime, (at) => {
            if (times.push(at) === 2) set(byMillis)
          })
        )
        yield* asTimePasses(on(Effect.replicateEffect(send, 5)), "1 minute")
        expect(times).toEqual([0, 500, 1000, 1500, 2000])
      })
    )

    it.effect(`${how} does not affect a rising rate`, () =>
      Effect.gen(function* () {
        const { on, set } = yield* movableWallClock
        const { rate, report } = yield* limiter({ requestsPerSecond: 40 })
        yield* on(report(throttled()))
        set(byMillis)
        yield* on(report(accepted))
        expect(yield* rate).toBe(20)
        yield* TestClock.adjust("1 second")
        yield* on(report(accepted))
        expect(yield* rate).toBe(22)
      })
    )
  }
})

describe("a turn beyond the longest wait of a timer", () => {
  it.effect("is still reached", () =>
    Effect.gen(function* () {
      const { limit, report } = yield* limiter({ requestsPerSecond: 1 })
      yield* report(throttled("60 days"))
      const log = makeLog()
      const fiber = yield* Effect.fork(limit(log.write(0)))
      for (let step = 0; step < 3; step++) yield* TestClock.adjust("25 days")
      yield* Fiber.join(fiber)
      expect(log.times()).toEqual([Duration.toMillis("60 days")])
    })
  )
})

describe("a server's wait", () => {
  it.effect("holds back all requests, including those that already wait, and keeps their order", () =>
    Effect.gen(function* () {
      const { limit, report } = yield* limiter({ requestsPerSecond: 10 })
      const log = makeLog()
      const send = (names: ReadonlyArray<number>) =>
        Effect.fork(Effect.forEach(names, (name) => limit(log.write(name)), { concurrency: "unbounded" }))
      yield* send([0, 1, 2])
      yield* TestClock.adjust("50 millis")
      yield* report(throttled("3 seconds"))
      yield* send([3])
      yield* TestClock.adjust("1 minute")
      expect(log.times()).toEqual([0, 3050, 3250, 3450])
      expect(log.names()).toEqual([0, 1, 2, 3])
    })
  )

  it.effect("is not shortened by a later, shorter wait", () =>
    Effect.gen(function* () {
      const { limit, report } = yield* limiter({ requestsPerSecond: 10 })
      yield* report(throttled("10 seconds"))
      yield* report(throttled("1 second"))
      yield* report(throttled())
      const log = makeLog()
      yield* asTimePasses(limit(log.write(0)), "1 minute")
      expect(log.times()).toEqual([10_000])
    })
  )

  it.effect("is respected without a rate, too", () =>
    Effect.gen(function* () {
      const { limit, report } = yield* limiter({ concurrency: 2 })
      yield* report(throttled("10 seconds"))
      const log = makeLog()
      yield* asTimePasses(
        Effect.forEach(numbers(4), (name) => limit(log.write(name)), { concurrency: 4 }),
        "1 minute"
      )
      expect(log.times()).toEqual([10_000, 10_000, 10_000, 10_000])
    })
  )
})

describe("a limiter's concurrency", () => {
  it.effect("is never exceeded, and slots are passed on in order", () =>
    Effect.gen(function* () {
      const { limit } = yield* limiter({ concurrency: 3 })
      const log = makeLog()
      let running = 0
      let widest = 0
      const attempt = (name: number) =>
        Effect.gen(function* () {
          running += 1
          widest = Math.max(widest, running)
          yield* log.write(name)
          yield* Effect.sleep("1 second")
          running -= 1
        })
      yield* asTimePasses(Effect.forEach(numbers(10), (name) => limit(attempt(name)), { concurrency: "unbounded" }))
      expect(widest).toBe(3)
      expect(log.times()).toEqual(numbers(10).map((index) => Math.floor(index / 3) * 1000))
      expect(log.names()).toEqual(numbers(10))
    })
  )

  it.effect("is released by attempts that fail, die or are interrupted", () =>
    Effect.gen(function* () {
      const { limit } = yield* limiter({ concurrency: 1 })
      yield* Effect.exit(limit(Effect.fail("no")))
      yield* Effect.exit(limit(Effect.die("no")))
      const running = yield* Effect.fork(limit(Effect.never))
      yield* Effect.yieldNow()
      yield* Fiber.interrupt(running)
      expect(yield* limit(Effect.succeed("yes"))).toBe("yes")
    })
  )
})

describe("an interrupted wait", () => {
  it.effect("for a turn loses no turn and delays no other request", () =>
    Effect.gen(function* () {
      const { limit } = yield* limiter({ requestsPerSecond: 1, concurrency: 8 })
      const log = makeLog()
      const fibers = yield* Effect.forEach(numbers(5), (name) => Effect.fork(limit(log.write(name))))
      yield* TestClock.adjust("500 millis")
      yield* Effect.forEach(fibers.slice(1, 4), Fiber.interrupt)
      yield* TestClock.adjust("1 minute")
      expect(log.names()).toEqual([0, 4])
      expect(log.times()).toEqual([0, 1000])
    })
  )

  it.effect("for a slot loses no slot", () =>
    Effect.gen(function* () {
      const { limit } = yield* limiter({ concurrency: 1 })
      const log = makeLog()
      const slow = (name: number) => limit(Effect.zipRight(log.write(name), Effect.sleep("1 second")))
      const fibers = yield* Effect.forEach(numbers(4), (name) => Effect.fork(slow(name)))
      yield* TestClock.adjust("500 millis")
      yield* Effect.forEach(fibers.slice(1, 3), Fiber.interrupt)
      yield* TestClock.adjust("1 minute")
      expect(log.names()).toEqual([0, 3])
      expect(log.times()).toEqual([0, 1000])
    })
  )
})

describe("the options of a limiter", () => {
  for (const requestsPerSecond of [0, -1, Number.NaN]) {
    it.effect(`reject a rate of ${requestsPerSecond}`, () =>
      Effect.gen(function* () {
        const error = yield* failure({ requestsPerSecond })
        expect(ConfigError.isConfigError(error)).toBe(true)
        expect(String(error)).toContain("requestsPerSecond")
      })
    )
  }

  for (const concurrency of [0, -1, 1.5, Number.NaN, Infinity]) {
    it.effect(`reject a concurrency of ${concurrency}`, () =>
      Effect.gen(function* () {
        const error = yield* failure({ concurrency })
        expect(ConfigError.isConfigError(error)).toBe(true)
        expect(String(error)).toContain("concurrency")
      })
    )
  }
})

describe("a client with a limiter", () => {
  /** Retrieves customers one after the other, through a limiter of 10 per second. */
  const retrieves = (count: number, replies: Iterable<Reply>, deadline?: Duration.DurationInput) => {
    const { client, sent } = script(replies)
    const layer = Avara.layer({
      apiKey: Redacted.make(key),
      retry: RetryPolicy.make(Schedule.recurs(2)),
      deadline
    }).pipe(Layer.provide([RateLimiter.layer({ requestsPerSecond: 10 }), Layer.succeed(HttpClient.HttpClient, client)]))
    return Effect.gen(function* () {
      const customers = yield* Customers
      const retrieve = Effect.either(customers.retrieve(customerId))
      const outcomes = yield* asTimePasses(Effect.replicateEffect(retrieve, count), "1 day")
      const tags = outcomes.map(Either.match({ onLeft: ({ _tag }) => _tag, onRight: () => "value" }))
      return { outcomes, tags, sent }
    }).pipe(Effect.provide(layer))
  }

  const ok = json(200, exampleCustomer)

  it.effect("sends at its rate", () =>
    Effect.gen(function* () {
      const { sent, tags } = yield* retrieves(4, [ok, ok, ok, ok])
      expect(tags).toEqual(["value", "value", "value", "value"])
      expect(waits(sent)).toEqual([100, 100, 100])
    })
  )

  it.effect("sends at half its rate after a 429, and after a 503 with Retry-After", () =>
    Effect.gen(function* () {
      for (const refused of [answer(429), answer(503, "", { "retry-after-ms": "50" })]) {
        const { sent, tags } = yield* retrieves(2, [refused, ok, ok])
        expect(tags).toEqual(["value", "value"])
        expect(waits(sent)).toEqual([100, 200])
      }
    })
  )

  it.effect("does not treat other failures as a sign of load", () =>
    Effect.gen(function* () {
      for (const refused of [answer(500), answer(503), answer(404)]) {
        const { sent } = yield* retrieves(2, [refused, ok, ok, ok])
        expect(waits(sent).every((wait) => wait === 100)).toBe(true)
      }
    })
  )

  it.effect("does not hold back later calls for longer than maxRetryAfter", () =>
    Effect.gen(function* () {
      const { sent, tags } = yield* retrieves(2, [answer(429, "", { "retry-after": "99999999999" }), ok])
      expect(tags).toEqual(["RateLimited", "value"])
      expect(waits(sent)).toEqual([60_000])
    })
  )

  it.effect("counts the wait for a turn toward the call's deadline, and reports that nothing was sent", () =>
    Effect.gen(function* () {
      const { outcomes, sent, tags } = yield* retrieves(2, [answer(429, "", { "retry-after": "30" }), ok], "5 seconds")
      expect(tags).toEqual(["RateLimited", "TimedOut"])
      expect(outcomes[1]).toMatchObject({ left: { scope: "call", attempts: 0 } })
      expect(sent).toHaveLength(1)
    })
  )

  it.effect("fails with the error of a refusal's status, even if its body has not arrived by the call's deadline", () =>
    Effect.gen(function* () {
      const late = Effect.sync(() => new Response(new ReadableStream(), { status: 422 }))
      const { outcomes } = yield* retrieves(1, [late], "4 seconds")
      expect(outcomes[0]).toMatchObject({ left: { _tag: "Validation", status: 422, attempts: 1 } })
    })
  )
})

describe("a limiter of one call", () => {
  /** Counts the attempts that it limits and the outcomes that it receives. */
  const counting = () => {
    const heard: Array<string> = []
    const service: RateLimiter.RateLimiterService = {
      limit: (attempt) =>
        Effect.zipRight(
          Effect.sync(() => heard.push("limit")),
          attempt
        ),
      report: ({ _tag }) => Effect.sync(() => void heard.push(_tag))
    }
    return { heard, service }
  }

  const page = (number: number) => ({
    expressCustomers: [{ ...exampleCustomer, expressCustomerId: `cus_${String(number).padStart(32, "0")}` }],
    ...(number < 3 ? { hasMore: true, cursor: String(number) } : { hasMore: false })
  })

  it.effect("replaces the client's for calls, retries and the pages of a stream", () =>
    Effect.gen(function* () {
      const own = counting()
      const outer = counting()
      const inner = counting()
      const replies = [
        json(200, exampleCustomer),
        answer(429),
        json(200, exampleCustomer),
        ...[1, 2, 3].map((n) => json(200, page(n)))
      ]
      const layer = Avara.layer({ apiKey: Redacted.make(key) }).pipe(
        Layer.provide(Layer.succeed(RateLimiter.RateLimiter, own.service)),
        Layer.provide(Layer.succeed(HttpClient.HttpClient, script(replies).client))
      )
      const program = Effect.gen(function* () {
        const customers = yield* Customers
        const retrieve = customers.retrieve(customerId)
        yield* retrieve
        yield* AvaraClient.withOptions({ limiter: inner.service })(retrieve)
        yield* Stream.runDrain(customers.stream())
      })
      yield* asTimePasses(
        Effect.provide(AvaraClient.withOptions({ limiter: outer.service, timeout: "1 minute" })(program), layer),
        "1 day"
      )
      const accepted = ["limit", "Accepted"]
      expect(own.heard).toEqual([])
      expect(inner.heard).toEqual(["limit", "Throttled", ...accepted])
      expect(outer.heard.sort()).toEqual([...accepted, ...accepted, ...accepted, ...accepted].sort())
    })
  )
})
