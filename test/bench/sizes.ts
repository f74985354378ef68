/** The size of a run. */
export interface Sizes {
  readonly isQuick: boolean
  readonly exportRuns: number
  readonly decodeRuns: number
  readonly latencyPages: number
  readonly latencyRuns: number
  readonly retrieveOperations: number
  readonly retrieveRuns: number
  readonly ndjsonCustomers: number
  readonly ndjsonRuns: number
  readonly coldRuns: number
  readonly memoryCustomers: ReadonlyArray<number>
}

/** The size for published figures. */
export const full: Sizes = {
  isQuick: false,
  exportRuns: 15,
  decodeRuns: 25,
  latencyPages: 100,
  latencyRuns: 5,
  retrieveOperations: 3000,
  retrieveRuns: 7,
  ndjsonCustomers: 1_000_000,
  ndjsonRuns: 3,
  coldRuns: 21,
  memoryCustomers: [10_000, 100_000, 1_000_000]
}

/** The size for a run of less than two minutes: fewer runs, and shorter exports. */
export const quick: Sizes = {
  isQuick: true,
  exportRuns: 3,
  decodeRuns: 7,
  latencyPages: 40,
  latencyRuns: 2,
  retrieveOperations: 600,
  retrieveRuns: 3,
  ndjsonCustomers: 100_000,
  ndjsonRuns: 2,
  coldRuns: 3,
  memoryCustomers: [10_000, 50_000]
}
