import { describe, expect, it } from "@effect/vitest"
import { RateLimited, RetryPolicy, ServerError, TimedOut } from "@effect-avara/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as fc from "effect/FastCheck"
import * as Schedule from "effect/Schedule"
import { makeRetryBudget } from "../src/internal/settings/budget.js"
import { always, customerId, exampleCustomer, json, withApi } from "./support.js"

const operation = "customers.retrieve"

const throttled = new RateLimited({ operation })

const failed = new ServerError({ operation, status: 500 })

const timedOut = new TimedOut({ operation, scope: "attempt", limit: Duration.seconds(1) })

const takes = (capacity: number, error: RateLimited | ServerError | TimedOut) => {
  const budget = makeRetryBudget(capacity)
  let count = 0
  while (budget.take(error)) count += 1
  return count
}

type Step = "retry" | "retryTimeout" | "success" | "retrySuccess"

const steps = fc.array(fc.constantFrom<Step>("retry", "retryTimeout", "success", "retrySuccess"), { maxLength: 200 })

describe("the retry budget", () => {
  it.each([
    [500, throttled, 100],
    [500, failed, 100],
    [500, timedOut, 50],
    [9, failed, 1],
    [9, timedOut, 0],
    [4, failed, 0],
    [0, failed, 0]
  ])("of %i tokens pays retries of %s exactly %i times", (capacity, error, count) => {
    expect(takes(capacity, error)).toBe(count)
  })

  it("of Infinity is never empty", () => {
    const budget = makeRetryBudget(Infinity)
    expect(Array.from({ length: 10_000 }, () => budget.take(timedOut)).every((taken) => taken)).toBe(true)
  })

  it("keeps its tokens if there are too few, so that a cheaper retry is still possible", () => {
    const budget = makeRetryBudget(9)
    expect([budget.take(timedOut), budget.take(failed), budget.take(failed)]).toEqual([false, true, false])
  })

  it("gains a token from a successful first attempt, and regains the cost of a successful retry", () => {
    const budget = makeRetryBudget(10)
    expect(budget.take(timedOut)).toBe(true)
    for (let success = 1; success <= 4; success++) {
      budget.refill(undefined)
      expect(budget.take(failed)).toBe(false)
    }
    budget.refill(undefined)
    expect(budget.take(failed)).toBe(true)
    budget.refill(failed)
    expect(budget.take(failed)).toBe(true)
    budget.refill(timedOut)
    expect(budget.take(timedOut)).toBe(true)
    expect(budget.take(failed)).toBe(false)
  })

  it.prop(
    "pays the same as a plain count of tokens, and never exceeds its capacity",
    { capacity: fc.nat(60), steps },
    ({ capacity, steps }) => {
      const budget = makeRetryBudget(capacity)
      let tokens = capacity
      const pay = (cost: number) => {
        const paid = cost <= tokens
        if (paid) tokens -= cost
        return paid
      }
      for (const step of steps) {
        if (step === "retry") expect(budget.take(failed)).toBe(pay(5))
        if (step === "retryTimeout") expect(budget.take(timedOut)).toBe(pay(10))
        if (step === "success") tokens = Math.min(capacity, tokens + 1)
        if (step === "retrySuccess") tokens = Math.min(capacity, tokens + 5)
        if (step === "success") budget.refill(undefined)
        if (step === "retrySuccess") budget.refill(failed)
      }
    }
  )

  const patient = RetryPolicy.make(Schedule.recurs(10))

  const rate = (replies: Parameters<typeof withApi>[0], calls: number, retryBudget: number) =>
    withApi(
      replies,
      ({ customers, sent }) =>
        Effect.map(Effect.replicateEffect(Effect.either(customers.retrieve(customerId)), calls), () => sent.length),
      { retry: patient, retryBudget }
    )

  it.effect("limits the attempts of all calls of a client together", () =>
    Effect.gen(function* () {
      expect(yield* rate(always(json(500, {})), 50, 20)).toBe(50 + 4)
      expect(yield* rate(always(json(500, {})), 50, 0)).toBe(50)
      expect(yield* rate(always(json(500, {})), 5, Infinity)).toBe(5 * 11)
    })
  )

  it.effect("pays again after successes", () =>
    Effect.gen(function* () {
      const ok = json(200, exampleCustomer)
      const down = json(503, {})
      const replies = [down, down, ok, ok, ok, ok, ok, down, down]
      const retrieve = ({ customers }: Parameters<Parameters<typeof withApi>[1]>[0]) =>
        Effect.either(customers.retrieve(customerId))
      const attempts = yield* withApi(
        replies,
        (api) =>
          Effect.gen(function* () {
            // The budget's only retry is spent, five successes restore it, and it is spent again.
            const counts = []
            for (let call = 0; call < 7; call++) {
              const before = api.sent.length
              yield* retrieve(api)
              counts.push(api.sent.length - before)
            }
            return counts
          }),
        { retry: RetryPolicy.make(Schedule.recurs(1)), retryBudget: 5 }
      )
      expect(attempts).toEqual([2, 1, 1, 1, 1, 1, 2])
    })
  )
})
