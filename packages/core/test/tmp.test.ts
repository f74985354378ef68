import { RetryPolicy } from "@effect-avara/core"
import { expect, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Exit from "effect/Exit"
import * as Effect from "effect/Effect"
import { always, answer, asTimePasses, withApi, waits } from "./support.js"
it.effect("x", () => Effect.gen(function*() {
  for (let r = 0; r < 60; r++) {
    yield* withApi(always(answer(500)), ({ customers, sent }) => Effect.gen(function*() {
      const exit = yield* Effect.exit(asTimePasses(customers.list()))
      if (sent.length !== 4) console.log(r, sent.length, waits(sent), Exit.isFailure(exit) ? Cause.pretty(exit.cause) : 0)
    }), { retry: RetryPolicy.retries(3) })
  }
  expect(1).toBe(1)
}))
