import { expect, it } from "@effect/vitest"
import { JobsDatabaseFailed } from "@effect-avara/jobs"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import { patiently } from "../src/internal/commands/jobs.patience.js"
import { render } from "../src/internal/text.js"

const to = "postgres://user:p4ssword@db.example/jobs"

/** Fails `failures` times, and returns the lines that were written. */
const setUp = (reason: JobsDatabaseFailed["reason"], failures: number) => {
  const said: Array<string> = []
  let calls = 0
  const effect = Effect.suspend(() => {
    calls += 1
    return calls > failures
      ? Effect.succeed(calls)
      : Effect.fail(new JobsDatabaseFailed({ reason, detail: `no connection to ${to}` }))
  })
  const progress = {
    update: () => Effect.void,
    say: (line: Parameters<typeof render>[0]) => Effect.sync(() => void said.push(render(line)))
  }
  return { said, run: patiently(progress, to)(effect) }
}

it.effect("waits for an unavailable database, and reports that once a minute, without its password", () =>
  Effect.gen(function* () {
    const { run, said } = setUp("other", 40)
    const fiber = yield* Effect.fork(run)
    yield* TestClock.adjust("50 seconds")
    expect(said).toEqual(["Waiting for the database: no connection to …"])
    yield* TestClock.adjust("30 seconds")
    expect(yield* Fiber.join(fiber)).toBe(41)
    expect(said).toHaveLength(2)
  })
)

it.effect("does not wait for a permanent failure", () =>
  Effect.gen(function* () {
    const { run, said } = setUp("version", 1)
    expect(yield* Effect.flip(run)).toMatchObject({ reason: "version" })
    expect(said).toEqual([])
  })
)
