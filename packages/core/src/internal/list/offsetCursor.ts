import * as Option from "effect/Option"

/** @internal */
export const encodeOffset = (offset: number): string => btoa(JSON.stringify({ offset }))

/** Returns the offset in a cursor, if the cursor is exactly what `encodeOffset` returns for it. @internal */
export const offsetOf = (cursor: string): Option.Option<number> =>
  Option.liftThrowable(atob)(cursor).pipe(
    Option.map((json) => Number(/\d+/.exec(json)?.[0])),
    Option.filter((offset) => Number.isSafeInteger(offset) && encodeOffset(offset) === cursor)
  )
