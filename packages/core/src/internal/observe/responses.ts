import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as MutableRef from "effect/MutableRef"
import * as Option from "effect/Option"
import type { ResponseInfo } from "./responseInfo.js"

/** @internal */
export type ResponseRef = MutableRef.MutableRef<Option.Option<ResponseInfo>>

/** @internal */
export const noResponseRefs: ReadonlyArray<ResponseRef> = []

/** The references to fill, one for each `withResponse` around the call. @internal */
export class CurrentResponseRefs extends Context.Reference<CurrentResponseRefs>()(
  "@effect-avara/core/AvaraClient/CurrentResponseRefs",
  { defaultValue: () => noResponseRefs }
) {}

/** Clears the response that `withResponse` returns, for a value that was not decoded from it. @internal */
export const forgetResponse: Effect.Effect<void> = Effect.contextWith((context: Context.Context<never>) => {
  for (const ref of Context.get(context, CurrentResponseRefs)) MutableRef.set(ref, Option.none())
})
