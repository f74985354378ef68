import type { Cell, Column } from "./runtimes.js"

/** A use of a package whose result differs from the table. */
export interface Problem {
  readonly runtime: string
  readonly column: Column
  readonly message: string
}

const firstLines = (text: string): string => text.trim().split("\n").slice(0, 4).join("\n  ")

/** Compares the output of a use, and whether it failed, with the cell of the table. */
export const problemsOf = (
  runtime: string,
  column: Column,
  { refusal }: Cell,
  { hasFailed, output }: { readonly hasFailed: boolean; readonly output: string }
): ReadonlyArray<Problem> => {
  if (refusal === undefined) return hasFailed ? [{ runtime, column, message: firstLines(output) }] : []
  if (hasFailed && output.includes(refusal)) return []
  return [
    { runtime, column, message: `it should fail with "${refusal}", not with: ${firstLines(output) || "nothing"}` }
  ]
}
