import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type { Progress } from "./progress.js"
import { Interruption } from "./services.js"

/** Completes at the first Ctrl-C, which then does not end the command: there is something to bring to a good end. */
export const stopAtSignal = (progress: Progress, until: string) =>
  Effect.gen(function* () {
    const { onFirstSignal } = yield* Interruption
    const stop = yield* Deferred.make<void>()
    const announce = progress.say(`Stopping ${until}; Ctrl-C again stops at once.`)
    yield* onFirstSignal(Effect.zipRight(announce, Deferred.succeed(stop, undefined)))
    return Deferred.await(stop)
  })
