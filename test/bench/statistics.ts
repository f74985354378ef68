/** The results of several runs. */
export interface Sample {
  readonly median: number
  readonly min: number
  readonly max: number
  readonly runs: number
}

const medianOf = (sorted: ReadonlyArray<number>): number => {
  const middle = (sorted.length - 1) / 2
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2
}

/** The median and the extremes of these values. */
export const sampleOf = (values: ReadonlyArray<number>): Sample => {
  const sorted = values.toSorted((a, b) => a - b)
  return {
    median: medianOf(sorted),
    min: sorted[0] ?? Number.NaN,
    max: sorted.at(-1) ?? Number.NaN,
    runs: values.length
  }
}
