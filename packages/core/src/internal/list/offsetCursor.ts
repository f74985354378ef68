import * as Option from "effect/Option"

/** @internal */
export const encodeOffset = (offset: number): string => btoa(JSON.stringify({ offset }))

/** The offset that a cursor stands for, if it is written exactly as `encodeOffset` writes it. @internal */
export const offsetOf = (cursor: string): Option.Option<number> =>
  Option.liftThrowable(atob)(cursor).pipe(
    Option.map((json) => Number(/\d+/.exec(json)?.[0])),
    Option.filter((offset) => Number.isSafeInteger(offset) && encodeOffset(offset) === cursor)
  )
