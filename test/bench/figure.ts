import type { Sample } from "./statistics.js"

/** One measurement of one peer. */
export interface Measurement {
  readonly scenario: string
  readonly peer: string
  readonly unit: string
  readonly sample: Sample
}

/** One row of the table of bounds. */
export interface Figure {
  readonly id: string
  readonly title: string
  readonly unit: "ratio" | "MB" | "kB"
  /** Whether lower or higher figures meet the bound. */
  readonly better: "lower" | "higher"
  readonly must: number
  readonly aim: number
  /** Whether the run was too short to judge the bound. */
  readonly isTooShort?: boolean
  /** Undefined if it does not exist yet. */
  readonly value: number | null
  readonly ours?: Measurement
  readonly peer?: Measurement
}

/** The findings of a scenario. */
export interface Findings {
  readonly figures: ReadonlyArray<Figure>
  readonly measurements: ReadonlyArray<Measurement>
}

/** The combined findings of several scenarios. */
export const merge = (findings: ReadonlyArray<Findings>): Findings => ({
  figures: findings.flatMap(({ figures }) => figures),
  measurements: findings.flatMap(({ measurements }) => measurements)
})

/** A figure without a measurement. */
export type Bounds = Pick<Figure, "id" | "title" | "better" | "must" | "aim">

/** A figure that compares two medians. */
export const ratio = (bounds: Bounds, ours: Measurement, peer: Measurement): Figure => ({
  ...bounds,
  unit: "ratio",
  value: ours.sample.median / peer.sample.median,
  ours,
  peer
})

const reaches = ({ better, value }: Figure, bound: number): boolean =>
  value !== null && (better === "lower" ? value <= bound : value >= bound)

/** Whether a figure meets its bound. */
export const isMet = (figure: Figure): boolean => reaches(figure, figure.must)

/** Whether a figure meets its target. */
export const isAimReached = (figure: Figure): boolean => reaches(figure, figure.aim)
