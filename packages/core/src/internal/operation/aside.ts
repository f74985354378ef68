import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { CurrentResponseRefs, noResponseRefs } from "../observe/responses.js"
import { CurrentCallOptions } from "../settings/callOptions.js"

/** Runs an internal request of an operation: `withResponse` ignores it, and it sends no extra body. @internal */
export const aside = <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.mapInputContext(self, (context: Context.Context<R>) => {
    const { body: _, ...options } = Context.get(context, CurrentCallOptions)
    return Context.add(context, CurrentCallOptions, options).pipe(Context.add(CurrentResponseRefs, noResponseRefs))
  })
