import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import { patiently } from "../../src/internal/run/patiently.js"
import { JobsDatabaseFailed } from "../../src/JobError.js"

it.effect("retries a failure of one of several fibers, although the others were interrupted", () =>
  Effect.gen(function* () {
    let tries = 0
    const some = Effect.suspend(() => {
      tries += 1
      const one = tries === 1 ? new JobsDatabaseFailed({ reason: "other", detail: "gone" }) : Effect.void
      return Effect.all([one, tries === 1 ? Effect.never : Effect.void], { concurrency: "unbounded", discard: true })
    })
    const done = yield* Effect.fork(patiently("Some work")(some))
    yield* TestClock.adjust("1 second")
    expect(yield* Fiber.join(done)).toBeUndefined()
    expect(tries).toBe(2)
  })
)
