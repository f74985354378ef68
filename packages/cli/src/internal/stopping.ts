import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type { Progress } from "./progress.js"
import { Interruption } from "./services.js"
import { type SafeText, safe } from "./text.js"

/** Completes at the first Ctrl-C, which prints the announcement instead of ending the command. */
export const stopWith = (progress: Progress, announcement: () => SafeText) =>
  Effect.gen(function* () {
    const { onFirstSignal } = yield* Interruption
    const stop = yield* Deferred.make<void>()
    const announce = Effect.suspend(() => progress.say(announcement()))
    yield* onFirstSignal(Effect.zipRight(announce, Deferred.succeed(stop, undefined)))
    return Deferred.await(stop)
  })

/** Completes at the first Ctrl-C, after which the command stops at a safe place. */
export const stopAtSignal = (progress: Progress, until: string) => stopWith(progress, () => stoppingText(until))

export const stoppingText = (until: string): SafeText =>
  safe`Stopping ${until}; press Ctrl-C again to stop immediately.`
