import type { Issue } from "@effect-avara/core/Issue"
import * as Either from "effect/Either"
import type { Fields } from "../Work.js"

/** A row of a file, or what is wrong with it, and the line where it starts, counted from 1. @internal */
export interface InputRow {
  readonly line: number
  /** The row as it is in the file. */
  readonly raw: unknown
  readonly fields: Either.Either<Fields, ReadonlyArray<Issue>>
}

/** @internal */
export const parseJson = (text: string): Either.Either<unknown, void> =>
  Either.try({ try: () => JSON.parse(text), catch: () => undefined })

/** The maximum length of a row, so that a row without an end does not fill the memory. @internal */
export const maxRow = 1024 * 1024

/** @internal */
export const tooLong = "the row is longer than 1 MiB"

const maxDepth = 1000

const isContainer = (value: unknown): value is object => typeof value === "object" && value !== null

/** Whether JSON has more levels than can be written again. Each level takes at least two characters. @internal */
export const nestsTooDeep = (text: string, json: unknown): boolean => {
  if (text.length <= 2 * maxDepth) return false
  let level = [json].filter(isContainer)
  for (let depth = 0; depth < maxDepth && level.length > 0; depth++) {
    level = level.flatMap((value) => Object.values(value)).filter(isContainer)
  }
  return level.length > 0
}

/** @internal */
export const tooDeep: Issue = { path: [], message: `expected at most ${maxDepth} levels of objects and arrays` }
