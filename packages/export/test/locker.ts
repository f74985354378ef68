/** Takes a lock repeatedly, and tells its parent when it holds the lock. It may be killed at any moment. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { acquire, LockSettings } from "../src/internal/lock.js"

const [path = "", kind = ""] = process.argv.slice(2)

const noLocks = {
  tryLock: Effect.succeed(() => {
    throw new Error("no locks")
  }),
  beat: Duration.millis(300),
  lease: Duration.seconds(3)
}

/** Sends a word, and waits until the parent has received it. */
const tell = (word: string) =>
  Effect.async<void>((resume) => {
    process.once("message", () => resume(Effect.void))
    process.send?.(word)
  })

const hold = Effect.gen(function* () {
  const { check } = yield* acquire(path)
  yield* tell("enter")
  for (let step = 0; step < 5; step++) {
    yield* Effect.sleep("2 millis")
    yield* Effect.zipRight(check, tell("still"))
  }
  yield* tell("leave")
}).pipe(
  Effect.scoped,
  Effect.catchTag("Locked", () => Effect.sleep("5 millis"))
)

const settled = kind === "lease" ? Effect.provideService(hold, LockSettings, noLocks) : hold

await Effect.runPromise(Effect.forever(settled))
